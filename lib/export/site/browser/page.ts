/** The page: what is asked goes to the engine, what comes back becomes a list. */
import type { SearchSystem } from '../../../retrieval/systems/search-by.js';
import type { SiteDescription } from '../site-description.js';
import { cacheName } from './cache-name.js';
import { clearFilters, hasFilters, readAddress, readForm, writeAddress } from './controls.js';
import { byId, find, make } from './dom.js';
import { type Found, startEngine } from './engine.js';
import { openKeyboard } from './keyboard.js';
import { resultItem } from './results.js';
import { openThemeSwitch } from './theme-switch.js';

const PAGE = 10;
const MOST = 100;
/** Milliseconds without a key before what was typed is searched. */
const PAUSE = 120;

const site = JSON.parse(byId('site').textContent ?? '') as SiteDescription;
const name = document.title;
const status = byId('status');
const list = byId('list');
const more = byId<HTMLButtonElement>('more');
let usual: SearchSystem = site.usual;
let k = PAGE;
let timer: number | undefined;

const SYSTEM_NAMES: Readonly<Record<SearchSystem, string>> = {
  hybrid: 'meaning and words',
  encoder: 'meaning',
  bm25: 'words',
};

const engine = startEngine(site, cacheName(new URL('./', location.href), site.version), {
  progress(done, total) {
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    byId<HTMLProgressElement>('progress').value = done / total;
    byId('loaded').textContent = `${megabytes(done)} of ${megabytes(total)} MB`;
  },
  ready(withoutEncoder) {
    byId('loading').hidden = true;
    document.documentElement.dataset.state = 'ready';
    if (withoutEncoder !== null) onlyWords(withoutEncoder);
    if (readForm().text === '') status.textContent = 'Ready.';
  },
  kept() {
    void navigator.serviceWorker?.register('service-worker.js').catch(() => undefined);
  },
  failed(problem) {
    byId('loading').hidden = true;
    document.documentElement.dataset.state = 'failed';
    status.textContent = '';
    tellProblem(`The search engine could not be loaded: ${sentence(problem)}`);
  },
  found: show,
  unanswered: (problem) => tellProblem(`This could not be searched: ${sentence(problem)}`),
});

/** @param isNew whether it is another search, or the same being typed */
function ask(isNew: boolean): void {
  clearTimeout(timer);
  const choice = readForm();
  writeAddress(choice, usual, isNew);
  document.title = choice.text === '' ? name : `${choice.text} - ${name}`;
  byId('clear').hidden = !hasFilters();
  byId('problem').hidden = true;
  const isEmpty = choice.text === '';
  byId('start').hidden = !isEmpty;
  byId('results').hidden = isEmpty;
  if (isEmpty) {
    list.replaceChildren();
    status.textContent = '';
    return;
  }
  if (document.documentElement.dataset.state !== 'ready') status.textContent = 'Searching as soon as all is loaded …';
  engine.ask({ ...choice, k });
}

function show({ query, results, milliseconds }: Found): void {
  if (query.text !== readForm().text) return;
  const shown = results.map((result, place) => resultItem(result, place, query.system));
  list.replaceChildren(...shown);
  byId('nothing').hidden = results.length > 0;
  more.hidden = results.length < k || k >= MOST;
  const among = hasFilters() ? 'those that you chose' : `${site.papers.toLocaleString('en-US')} papers`;
  const found = results.length === 0 ? 'Nothing found' : `The first ${results.length}`;
  status.textContent = `${found} by ${SYSTEM_NAMES[query.system]} among ${among}, in ${Math.ceil(milliseconds)} ms.`;
}

/** Without WebAssembly there is still BM25. */
function onlyWords(why: string): void {
  usual = 'bm25';
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=system]')) {
    radio.disabled = radio.value !== 'bm25';
    radio.checked = radio.value === 'bm25';
  }
  const note = make(
    'p',
    { class: 'notice' },
    `The encoder does not run in this browser (${why}): words alone are searched.`,
  );
  byId('form').after(note);
  if (readForm().text !== '') ask(false);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function tellProblem(text: string): void {
  byId('problem-text').textContent = text;
  byId('problem').hidden = false;
}

function listen(): void {
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    k = PAGE;
    ask(true);
  });
  byId('q').addEventListener('input', () => {
    k = PAGE;
    clearTimeout(timer);
    timer = setTimeout(() => ask(false), PAUSE) as unknown as number;
  });
  byId('form').addEventListener('change', ({ target }) => {
    if (target === byId('q')) return;
    k = PAGE;
    ask(true);
  });
  byId('clear').addEventListener('click', () => {
    clearFilters();
    byId('q').focus();
    ask(true);
  });
  more.addEventListener('click', () => {
    k += PAGE;
    ask(false);
  });
  for (const example of document.querySelectorAll<HTMLButtonElement>('#start button')) {
    example.addEventListener('click', () => {
      byId<HTMLInputElement>('q').value = example.textContent ?? '';
      ask(true);
      byId('q').focus();
    });
  }
  find('again')?.addEventListener('click', () => location.reload());
  addEventListener('popstate', () => {
    readAddress(usual);
    k = PAGE;
    ask(false);
  });
}

openThemeSwitch();
openKeyboard();
listen();
readAddress(usual);
ask(false);
