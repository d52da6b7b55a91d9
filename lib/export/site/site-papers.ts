/** The papers of an index as a page has them: what is searched, what is shown, and what there is to choose by. */

import { beginningOfText } from '../../pipeline/pair-tasks.js';
import type { PaperIndex } from '../../pipeline/paper-index.js';
import type { SitePapers } from './site-description.js';

/** Searches to begin with. */
const EXAMPLES = 6;

export function sitePapers({ corpus, papers }: Pick<PaperIndex, 'corpus' | 'papers'>): SitePapers {
  const topics = [...new Set(corpus.map(({ topic = '' }) => topic))].filter((topic) => topic !== '');
  const placeOf = new Map(topics.map((topic, place) => [topic, place]));
  const dates = new Map(papers.map(({ id, published }) => [id, published]));
  return {
    ids: corpus.map(({ id }) => id),
    titles: corpus.map(({ title, text }) => title ?? beginningOfText(text)),
    abstracts: corpus.map(({ text }) => text),
    topics,
    topicOf: corpus.map(({ topic = '' }) => placeOf.get(topic) ?? -1),
    published: corpus.map(({ id }) => dates.get(id) ?? null),
  };
}

export function topicCounts({ topics, topicOf }: SitePapers): { name: string; papers: number }[] {
  const counts = topics.map((name) => ({ name, papers: 0 }));
  for (const place of topicOf) if (place >= 0) counts[place]!.papers++;
  return counts;
}

/** The latest first. */
export function yearsOf({ published }: SitePapers): number[] {
  const years = new Set(published.flatMap((date) => (date === null ? [] : [Number(date.slice(0, 4))])));
  return [...years].filter(Number.isInteger).sort((a, b) => b - a);
}

/** A title of each topic in turn that is neither long nor full of TeX. */
export function exampleQueries({ titles, topics, topicOf }: SitePapers): string[] {
  const ofTopic = (topic: number): string[] =>
    titles.filter((title, row) => topicOf[row] === topic && /^[^$\\]{24,64}$/.test(title)).slice(0, EXAMPLES);
  const lists = topics.length > 0 ? topics.map((_, topic) => ofTopic(topic)) : [ofTopic(-1)];
  const inTurn = Array.from({ length: EXAMPLES }, (_, nth) => lists.flatMap((list) => list.slice(nth, nth + 1)));
  return [...new Set(inTurn.flat())].slice(0, EXAMPLES);
}
