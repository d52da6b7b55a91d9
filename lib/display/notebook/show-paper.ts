/** A paper to read below a notebook cell. */
import { quantity } from '../../core/quantity.js';
import type { PairFacts, SplitPaper } from '../../datasets/paper.js';
import { paperTitle } from '../html/examples.js';
import { element, escapeText } from '../svg/element.js';
import { display } from './output.js';
import { FAINT } from './table-html.js';

/** Title, where it belongs, and abstract; of a pair query and document. */
export function showPaper(paper: SplitPaper): void {
  const { id, title, abstract } = paper;
  const facts = (paper.pair ? pairFacts(paper, paper.pair) : paperFacts(paper)).join(' · ');
  const html = element(
    'div',
    { style: 'max-width:52em;line-height:1.5;padding:.25em .75em' },
    element('b', { style: 'font-size:1.1em' }, paperTitle(id, title)),
    element('div', { style: FAINT }, escapeText(facts)),
    element('div', { style: 'margin-top:.4em' }, escapeText(abstract)),
  );
  display({ 'text/html': html, 'text/plain': `${title}\n${facts}\n${abstract}` });
}

function paperFacts({ id, topic, role, categories, published, split }: SplitPaper): string[] {
  return [id, `${topic} (${role})`, `listed in ${categories.join(', ')}`, published ?? 'no date', split];
}

function pairFacts({ topic, split }: SplitPaper, { score, relevant, negatives }: PairFacts): string[] {
  const judged = score === null ? [] : [`score ${score}${relevant ? '' : ', not relevant'}`];
  return [topic, ...judged, quantity(negatives.length, 'negatives'), split];
}
