/**
 * `index.html` of an exported search: all that does not change is here, so that it is there before any script. Everything
 * foreign (names, topics, examples) is escaped; what is found is put in as text by the page's own scripts.
 */
import { formatCount, formatQuantity } from '../../display/format.js';
import { type Html, jsonScript, textElement } from '../../display/html/element.js';
import { element, escapeText } from '../../display/svg/element.js';
import { describeFusion } from '../../retrieval/systems/fusion.js';
import type { SearchSystem } from '../../retrieval/systems/search-by.js';
import type { SiteDescription } from './site-description.js';

/** What the page says of itself. */
export interface PageFacts {
  site: SiteDescription;
  name: string;
  /** "fine-tuned from sample-base" */
  encoder: string;
  /** Papers by a program, of which no paper is real. */
  isSynthetic: boolean;
  topics: readonly { name: string; papers: number }[];
  /** Of the papers with a date, latest first. */
  years: readonly number[];
  examples: readonly string[];
  /** ISO date of the export. */
  date: string;
  libraryVersion: string;
  /** Of what searches as usual, on the test side: "MRR@10 .806 of 370 queries"; empty where it was not evaluated. */
  measured: string;
}

/** Scripts and files of the page's own place alone; WebAssembly is what the encoder runs in. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

const SYSTEMS: readonly { name: SearchSystem; label: string; title: string }[] = [
  { name: 'hybrid', label: 'Both', title: 'The encoder and BM25 together' },
  { name: 'encoder', label: 'Meaning', title: 'By the encoder' },
  { name: 'bm25', label: 'Words', title: 'By BM25' },
];
/** A magnifying glass. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='%230072b2' stroke-width='2'%3E%3Ccircle cx='6.5' cy='6.5' r='4.5'/%3E%3Cpath d='M10 10l5 5'/%3E%3C/svg%3E";
/** A disc, half of it dark. */
const THEME_ICON =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/></svg>';

export function pageHtml(facts: PageFacts): string {
  const { site, name } = facts;
  const own = (file: string): string => escapeText(`${site.version}/${file}`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeText(PAGE_POLICY)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="description" content="${escapeText(`Search ${formatQuantity(site.papers, 'papers')} by meaning and by words: ${name}`)}">`,
    textElement('title', name),
    `<link rel="icon" href="${ICON}">`,
    `<script src="${own('theme.js')}"></script>`,
    `<link rel="stylesheet" href="${own('page.css')}">`,
    `<link rel="modulepreload" href="${own('page.js')}">`,
    jsonScript('site', site),
    '</head>',
    '<body>',
    '<a class="skip" href="#results">Skip to the results</a>',
    header(facts),
    element('main', {}, ...notices(facts), form(facts), ...states(), start(facts), RESULTS),
    footer(facts),
    `<script type="module" src="${own('page.js')}"></script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header({ name, site, encoder }: PageFacts): Html {
  const size = `${formatQuantity(site.papers, 'papers')} · encoder ${encoder}`;
  const button = `<button id="theme" type="button" aria-label="Theme">${THEME_ICON}<span id="theme-name" aria-live="polite">system</span></button>`;
  return element(
    'header',
    {},
    element('div', {}, textElement('h1', name), textElement('p', size, { class: 'soft' })),
    button,
  );
}

function notices({ isSynthetic }: PageFacts): Html[] {
  const noScript =
    '<noscript><p class="notice">This page searches in your browser, and needs JavaScript for it.</p></noscript>';
  const file =
    '<p class="notice file" role="alert">Browsers load no search engine from a file. Open this folder through a web server, such as <kbd>npx serve</kbd> or <kbd>python3 -m http.server</kbd>.</p>';
  const synthetic = textElement('p', 'A synthetic sample: a program wrote these papers, and none of them is real.', {
    class: 'notice',
  });
  return isSynthetic ? [synthetic, noScript, file] : [noScript, file];
}

function form({ site, topics, years }: PageFacts): Html {
  const systems = SYSTEMS.map(({ name, label, title }) => {
    const checked = name === site.usual ? ' checked' : '';
    return `<label title="${title}"><input type="radio" name="system" value="${name}"${checked}><span>${label}</span></label>`;
  });
  const topicOptions = topics.map((topic) =>
    textElement('option', `${topic.name} (${formatCount(topic.papers)})`, { value: topic.name }),
  );
  const yearOptions = years.map((year) => textElement('option', String(year), { value: String(year) }));
  const select = (id: string, label: string, none: string, options: string[]): Html =>
    element(
      'label',
      { class: 'filter' },
      escapeText(label),
      element('select', { id, name: id }, textElement('option', none, { value: '' }), ...options),
    );
  return `<form id="form" role="search" autocomplete="off">
<label for="q" class="hidden">Search ${formatQuantity(site.papers, 'abstracts')}</label>
<div class="field"><input id="q" name="q" type="search" maxlength="2000" placeholder="Search ${formatQuantity(site.papers, 'abstracts')}" spellcheck="false" autofocus><button type="submit">Search</button></div>
<div class="choices">
<fieldset><legend class="hidden">Search by</legend>${systems.join('')}</fieldset>
${topics.length > 1 ? select('topic', 'Topic', 'all', topicOptions) : ''}
${years.length > 1 ? element('span', { class: 'years' }, select('from', 'From', 'any year', yearOptions), select('to', 'to', 'any year', yearOptions)) : ''}
<button id="clear" type="button" class="link" hidden>Clear filters</button>
</div>
</form>`;
}

function states(): Html[] {
  return [
    '<p id="status" class="soft" role="status"></p>',
    '<div id="loading" class="soft"><label for="progress">Loading the search engine</label><progress id="progress" max="1" value="0"></progress><span id="loaded"></span></div>',
    '<div id="problem" role="alert" hidden><p id="problem-text"></p><button id="again" type="button" class="link">Try again</button></div>',
  ];
}

function start({ examples }: PageFacts): Html {
  const items = examples.map((example) => element('li', {}, textElement('button', example, { type: 'button' })));
  if (items.length === 0) return '<section id="start" hidden></section>';
  return element('section', { id: 'start' }, '<h2>For example</h2>', element('ul', {}, ...items));
}

const RESULTS = `<section id="results" aria-label="Results" tabindex="-1" hidden>
<ol id="list"></ol>
<p id="nothing" hidden>No paper has these words, and the filters may leave too few. Try other words, search by meaning, or clear the filters.</p>
<button id="more" type="button" hidden>Show more</button>
</section>`;

function footer(facts: PageFacts): Html {
  const { site, encoder, date, libraryVersion, measured } = facts;
  const both = describeFusion(site.fusion, 'meaning');
  const usual = SYSTEMS.find(({ name }) => name === site.usual)?.label.toLowerCase();
  const rows: [string, string][] = [
    ['papers', `${formatCount(site.papers)}${facts.isSynthetic ? ', synthetic: a program wrote them' : ''}`],
    ['encoder', `${encoder}, ${formatQuantity(site.dimensions, 'dimensions')}`],
    ['searched by', `${usual}, unless you choose${measured === '' ? '' : `; ${measured}`}`],
    ['made', `${date}, by llm-embedding ${libraryVersion}`],
  ];
  return `<footer>
<details><summary>How results are ranked</summary>
<p><b>Meaning</b>: the encoder makes a vector of your words and of each abstract; their cosine is the score, 1 at most.</p>
<p><b>Words</b>: BM25 sums what the words that you and an abstract share are worth: rare ones much, frequent ones little.</p>
<p><b>Both</b>: ${escapeText(both)}, over the first 100 of each; each score is divided by the best of its list.</p>
</details>
<details><summary>Keys</summary>
<dl><dt><kbd>/</kbd></dt><dd>to the search field</dd><dt><kbd>↓</kbd> <kbd>↑</kbd></dt><dd>from result to result, also <kbd>j</kbd> and <kbd>k</kbd></dd><dt><kbd>Enter</kbd></dt><dd>opens the paper, or its whole abstract</dd><dt><kbd>Esc</kbd></dt><dd>back to the search field</dd></dl>
</details>
<details><summary>About this page</summary>
<dl>${rows.map(([key, value]) => textElement('dt', key) + textElement('dd', value)).join('')}</dl>
<p>It searches in your browser: what you type is sent nowhere. After the first visit it works without a connection.</p>
<p>With ONNX Runtime Web (MIT), @huggingface/tokenizers (Apache-2.0) and wink-porter2-stemmer (MIT).</p>
</details>
</footer>`;
}
