/** Results as elements. */
import type { SearchSystem } from '../../../retrieval/systems/search-by.js';
import type { MarkedText } from '../excerpt.js';
import type { PartScore } from '../site-search.js';
import { make } from './dom.js';
import type { ShownResult } from './messages.js';

/**
 * An item of the list; its article takes the focus when readers walk from one to the next.
 *
 * @param place from 0
 */
export function resultItem(result: ShownResult, place: number, system: SearchSystem): HTMLLIElement {
  const { id, link, title, topic, published, excerpt } = result;
  const name = `title-${place}`;
  const heading = make('h2', { id: name });
  heading.append(
    link === null ? make('span', {}, ...marked(title)) : make('a', { href: link, rel: 'noreferrer' }, ...marked(title)),
  );
  const facts = make('p', { class: 'facts soft' });
  if (topic !== '') facts.append(make('span', { class: 'tag' }, topic));
  if (published !== '') facts.append(make('time', { datetime: published }, day(published)));
  facts.append(make('span', { class: 'id' }, id));
  const isWhole = !excerpt.cutBefore && !excerpt.cutAfter;
  const short = make('p', { class: 'abstract' });
  short.append(excerpt.cutBefore ? '… ' : '', ...marked(excerpt.pieces), excerpt.cutAfter ? ' …' : '');
  const article = make('article', { tabindex: '-1', 'aria-labelledby': name }, heading, facts, short);
  if (!isWhole)
    article.append(unfolding(short, make('p', { class: 'abstract', hidden: '' }, ...marked(result.abstract))));
  article.append(scores(result, system));
  return make('li', {}, article);
}

/** The whole abstract behind a button, in the place of its excerpt. */
function unfolding(short: HTMLElement, whole: HTMLElement): DocumentFragment {
  const button = make('button', { type: 'button', class: 'link', 'aria-expanded': 'false' }, 'Whole abstract');
  button.addEventListener('click', () => {
    const isOpen = short.hidden;
    short.hidden = !isOpen;
    whole.hidden = isOpen;
    button.setAttribute('aria-expanded', String(!isOpen));
    button.textContent = isOpen ? 'Whole abstract' : 'Excerpt';
  });
  const fragment = document.createDocumentFragment();
  fragment.append(whole, button);
  return fragment;
}

/** What the system says of the paper; of a hybrid also how its parts ranked it. */
function scores({ score, bm25, encoder }: ShownResult, system: SearchSystem): HTMLParagraphElement {
  const line = make('p', { class: 'scores soft' });
  const add = (name: string, text: string): void => {
    line.append(make('span', {}, make('b', {}, name), ` ${text}`));
  };
  add(SCORE_NAMES[system], score.toFixed(3));
  if (system !== 'hybrid') return line;
  const placed = (part: PartScore | undefined, digits: number): string =>
    part ? `rank ${part.rank} (${part.score.toFixed(digits)})` : 'not among the first';
  add('meaning', placed(encoder, 3));
  add('words', placed(bm25, 1));
  return line;
}

const SCORE_NAMES: Readonly<Record<SearchSystem, string>> = { encoder: 'cosine', bm25: 'BM25', hybrid: 'score' };

function marked(pieces: MarkedText): (Node | string)[] {
  return pieces.map(({ text, isMatch }) => (isMatch ? make('mark', {}, text) : text));
}

/** "12 Mar 2021" in every place, for a reader of English text. */
function day(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
}
