/**
 * The search page: one form and a list, made on the server, so that it works without scripts and asks nobody else. Everything
 * foreign on it (the query, titles, abstracts, topics, names) is escaped.
 */
import { createHash } from 'node:crypto';
import { formatQuantity } from '../display/format.js';
import { type Html, textElement } from '../display/html/element.js';
import { paperTitle } from '../display/html/examples.js';
import { element, escapeText } from '../display/svg/element.js';
import type { SearchResult } from '../pipeline/search.js';
import type { SearchSystem } from '../pipeline/search-index.js';
import { SEARCH_STYLE } from './search-style.js';

export interface SearchPage {
  /** The name of the model. */
  model: string;
  /** Null while they are being indexed. */
  papers: number | null;
  query: string;
  system: SearchSystem;
  k: number;
  /** Null where nothing was asked, or nothing could be answered. */
  found: readonly SearchResult[] | null;
  seconds: number;
  /** Why there is no answer. */
  problem?: string;
}

/** Forbids scripts, frames and every request but that of the form. */
export const SEARCH_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(SEARCH_STYLE).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SYSTEM_NAMES: Readonly<Record<SearchSystem, string>> = {
  encoder: 'encoder: by meaning',
  bm25: 'BM25: by words',
  hybrid: 'hybrid: both',
};
/** Characters of an abstract that are shown unfolded. */
const EXCERPT = 320;
/** A magnifying glass. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='%230072b2' stroke-width='2'%3E%3Ccircle cx='6.5' cy='6.5' r='4.5'/%3E%3Cpath d='M10 10l5 5'/%3E%3C/svg%3E";

export function renderSearchPage(page: SearchPage): string {
  const { model, query, papers, problem } = page;
  const title = query === '' ? `Search: ${model}` : `${query} - ${model}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    textElement('title', title),
    `<link rel="icon" href="${ICON}">`,
    `<style>${SEARCH_STYLE}</style>`,
    '</head>',
    '<body>',
    element(
      'header',
      {},
      textElement('h1', model),
      textElement('p', papers === null ? 'papers' : formatQuantity(papers, 'papers'), { class: 'soft' }),
    ),
    element(
      'main',
      {},
      form(page),
      problem === undefined ? results(page) : textElement('p', problem, { role: 'alert', class: 'problem' }),
    ),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function form({ query, system, k }: SearchPage): Html {
  const choices = Object.entries(SYSTEM_NAMES).map(([name, label]) =>
    textElement('option', label, { value: name, selected: name === system ? '' : undefined }),
  );
  return element(
    'form',
    { action: '/search', method: 'get', role: 'search' },
    textElement('label', 'Search abstracts', { for: 'q' }),
    voidElement('input', {
      id: 'q',
      name: 'q',
      type: 'search',
      value: query,
      required: '',
      maxlength: '2000',
      autocomplete: 'off',
      placeholder: 'primordial black holes',
      autofocus: query === '' ? '' : undefined,
    }),
    textElement('label', 'Searched by', { for: 'system', class: 'hidden' }),
    element('select', { id: 'system', name: 'system' }, ...choices),
    k === 10 ? '' : voidElement('input', { type: 'hidden', name: 'k', value: String(k) }),
    textElement('button', 'Search', { type: 'submit' }),
  );
}

function results({ query, found, system, seconds }: SearchPage): Html {
  if (found === null) return '';
  const by = SYSTEM_NAMES[system].split(':')[0];
  const summary = `${found.length === 0 ? 'Nothing found' : `${count(found.length)} found`} by ${by} in ${seconds.toFixed(2)} s`;
  const list = found.map((paper) => element('li', {}, result(paper)));
  return element(
    'section',
    { 'aria-label': `Results for ${query}` },
    textElement('p', summary, { role: 'status', class: 'soft' }),
    list.length === 0 ? '' : element('ol', {}, ...list),
  );
}

function result({ id, title, topic, abstract, score }: SearchResult): Html {
  const isLong = abstract.length > EXCERPT;
  const excerpt = isLong ? `${abstract.slice(0, EXCERPT).replace(/\s+\S*$/, '')} …` : abstract;
  const facts = [
    topic === '' ? '' : textElement('span', topic, { class: 'tag' }),
    textElement('span', id),
    textElement('span', `score ${score.toFixed(3)}`),
  ].filter((fact) => fact !== '');
  return element(
    'article',
    {},
    element('h2', {}, paperTitle(id, title === '' ? id : title)),
    element('p', { class: 'facts soft' }, ...facts),
    isLong
      ? element('details', {}, textElement('summary', excerpt), textElement('p', abstract))
      : textElement('p', excerpt),
  );
}

/** An element without content, as HTML writes it. */
function voidElement(name: string, attributes: Record<string, string | undefined>): Html {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${escapeText(value)}"`],
  );
  return `<${name} ${written.join(' ')}>`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
