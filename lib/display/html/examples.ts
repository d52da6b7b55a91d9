/**
 * Queries to read with what was found first. Papers with an arXiv id are links to their page there.
 */
import { parseArxivId } from '../../datasets/arxiv-id.js';
import type { Report, RetrievalExample } from '../../evaluation/report.js';
import { formatCount, formatShare } from '../format.js';
import { element, escapeText } from '../svg/element.js';
import { type Html, textElement } from './element.js';

/** Hits and misses of one system beside each other, folded unless `open`. */
export function exampleSection({ system, hits, misses }: Report['examples'][number], open: boolean): Html {
  return element(
    'details',
    open ? { open: '' } : {},
    textElement('summary', `${system}: hits and misses`),
    element('div', { class: 'sides' }, exampleList('Hits', hits), exampleList('Misses', misses)),
  );
}

function exampleList(title: string, examples: readonly RetrievalExample[]): Html {
  const list = examples.length > 0 ? examples.map(exampleBlock).join('') : textElement('p', 'none', { class: 'note' });
  return element('section', {}, textElement('h3', title), list);
}

function exampleBlock({ queryId, query, topic, rank, found }: RetrievalExample): Html {
  const place = rank === null ? 'not among the retrieved' : `answer at rank ${formatCount(rank)}`;
  const items = found.map(({ id, title, topic: of, score }, i) =>
    element(
      'li',
      { class: rank === i + 1 ? 'own' : undefined },
      textElement('span', String(i + 1)),
      element('span', {}, paperTitle(id, title)),
      textElement('span', of, { class: 'tag' }),
      textElement('span', formatShare(score)),
    ),
  );
  return element(
    'div',
    { class: 'example' },
    element(
      'p',
      {},
      element('b', {}, paperTitle(queryId, query)),
      ' ',
      textElement('span', topic, { class: 'tag' }),
      ' ',
      textElement('span', place, { class: 'tag' }),
    ),
    element('ol', {}, ...(items.length > 0 ? items : [''])),
  );
}

/** The title of a paper, as a link where its id is arXiv's. */
export function paperTitle(id: string, title: string): Html {
  const arxiv = parseArxivId(id);
  if (!arxiv) return escapeText(title);
  return textElement('a', title, { href: `https://arxiv.org/abs/${arxiv.id}`, rel: 'noreferrer' });
}
