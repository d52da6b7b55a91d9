/**
 * Statistics of a corpus of titles and abstracts: lengths, what a title shares with its abstract, how well BM25 finds
 * the abstract by its title, how alike two abstracts are, and the shape of the vocabulary.
 */
import MiniSearch from 'minisearch';
import { Random } from '../../lib/core/random.js';
import type { TextRecord } from './read.js';
import { porter2 } from './stemmer.js';

/** One line of the table. */
export interface Statistic {
  name: string;
  value: string;
}

/** Papers in the sample that the vocabulary and the likeness of abstracts are measured on. */
const SAMPLE = 2000;
const MAIN_TOPIC = 'gr-qc';
const SENTENCE_END = /[.!?](?:\s+(?=[A-Z$("'\\])|$)/;

const STOP_WORDS = new Set(
  `a about above after again against all also although an and any are as at be because been before being below between
  both but by can cannot could did do does doing down during each few for from further had has have having he her here
  him his how however i if in into is it its itself just may might more most much must my near no nor not of off on once
  only or other our out over own same she should so some such than that the their them then there these they this those
  through thus to too toward towards under until up upon us use used using very via was we were what when where whether
  which while who whom why will with within without would yet you your`.split(/\s+/),
);

/** Lower-case words of letters and digits. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** Stems of the words that carry content. */
export function contentStems(text: string): Set<string> {
  return new Set(
    words(text)
      .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
      .map(porter2),
  );
}

/** Number of sentences, told by full stops before a capital. */
export function countSentences(text: string): number {
  return text.split(SENTENCE_END).filter((part) => part.trim() !== '').length;
}

/** All statistics, in the order of the table. Records are shuffled with a fixed seed before samples are taken. */
export function corpusStatistics(records: readonly TextRecord[]): Statistic[] {
  const shuffled = new Random(0, 'corpus-statistics').shuffle(records);
  const sample = shuffled.slice(0, SAMPLE);
  const ofTopic = shuffled.filter(({ categories }) => categories.split(' ')[0] === MAIN_TOPIC).slice(0, SAMPLE);
  const coverage = records.map(titleCoverage);
  const blankWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;
  const likeness = jaccard(sample);
  const vocabulary = vocabularyShape(sample);
  return [
    { name: 'papers', value: records.length.toLocaleString('en-US') },
    { name: 'title words, 5/25/50/75/95 %', value: quantiles(records.map(({ title }) => blankWords(title))) },
    { name: 'abstract words, 5/25/50/75/95 %', value: quantiles(records.map(({ abstract }) => blankWords(abstract))) },
    { name: 'sentences, 5/25/50/75/95 %', value: quantiles(records.map(({ abstract }) => countSentences(abstract))) },
    { name: 'title words found in the abstract, mean', value: mean(coverage).toFixed(2) },
    {
      name: 'title words found in the abstract, 5/50 %',
      value: `${quantile(coverage, 0.05).toFixed(2)} ${quantile(coverage, 0.5).toFixed(3)}`,
    },
    { name: 'titles fully covered', value: percent(mean(coverage.map((share) => (share === 1 ? 1 : 0)))) },
    { name: 'BM25 hit@1, 500 papers', value: hitAt1(shuffled.slice(0, 500)).toFixed(3) },
    { name: 'BM25 hit@1, 2,000 papers', value: hitAt1(sample).toFixed(3) },
    {
      name: 'BM25 hit@1 within the main topic',
      value: `${hitAt1(ofTopic).toFixed(3)} (${ofTopic.length.toLocaleString('en-US')} papers)`,
    },
    { name: 'Jaccard, random pair', value: likeness.random.toFixed(3) },
    { name: 'Jaccard, nearest neighbour', value: likeness.nearest.toFixed(3) },
    { name: 'Jaccard, nearest neighbour, 95 %', value: likeness.nearest95.toFixed(3) },
    { name: 'vocabulary of 2,000 papers', value: vocabulary.size.toLocaleString('en-US') },
    { name: 'words that occur once', value: percent(vocabulary.hapax) },
    { name: 'Zipf slope', value: vocabulary.slope.toFixed(2) },
    { name: 'abstracts with $', value: percent(mean(records.map(({ abstract }) => Number(abstract.includes('$'))))) },
    { name: 'titles with a colon', value: percent(mean(records.map(({ title }) => Number(title.includes(':'))))) },
  ];
}

/** Share of a title's content stems that its abstract has too. */
export function titleCoverage({ title, abstract }: TextRecord): number {
  const wanted = contentStems(title);
  const found = contentStems(abstract);
  return wanted.size === 0 ? 1 : [...wanted].filter((stem) => found.has(stem)).length / wanted.size;
}

/** Share of titles whose own abstract comes first in a BM25 ranking (stemmed) of all abstracts. */
export function hitAt1(records: readonly TextRecord[]): number {
  const index = new MiniSearch<{ id: number; abstract: string }>({
    fields: ['abstract'],
    tokenize: words,
    processTerm: (term) => (STOP_WORDS.has(term) ? null : porter2(term)),
    searchOptions: { bm25: { k: 1.2, b: 0.75, d: 0 } },
  });
  index.addAll(records.map(({ abstract }, id) => ({ id, abstract })));
  const hits = records.filter(({ title }, id) => index.search(title)[0]?.id === id);
  return hits.length / records.length;
}

/** Likeness of content stems: over random pairs, and of each abstract with its nearest neighbour. */
export function jaccard(records: readonly TextRecord[]): { random: number; nearest: number; nearest95: number } {
  const postings = new Map<string, number[]>();
  const sizes = records.map(({ abstract }, id) => {
    const stems = contentStems(abstract);
    for (const stem of stems) postings.set(stem, [...(postings.get(stem) ?? []), id]);
    return stems.size;
  });
  let sum = 0;
  const nearest = records.map(({ abstract }, id) => {
    const shared = new Uint16Array(records.length);
    for (const stem of contentStems(abstract)) for (const other of postings.get(stem)!) shared[other]!++;
    let best = 0;
    for (let other = 0; other < records.length; other++) {
      if (other === id) continue;
      const likeness = shared[other]! / Math.max(1, sizes[id]! + sizes[other]! - shared[other]!);
      sum += likeness;
      best = Math.max(best, likeness);
    }
    return best;
  });
  return {
    random: sum / Math.max(1, records.length * (records.length - 1)),
    nearest: mean(nearest),
    nearest95: quantile(nearest, 0.95),
  };
}

/** Different words, the share of them that occur once, and the slope of log frequency over log rank (10 to 1,000). */
export function vocabularyShape(records: readonly TextRecord[]): { size: number; hapax: number; slope: number } {
  const counts = new Map<string, number>();
  for (const { title, abstract } of records)
    for (const word of words(`${title} ${abstract}`)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts.values()].sort((a, b) => b - a);
  const points = sorted.slice(9, 1000).map((count, rank) => [Math.log(rank + 10), Math.log(count)] as const);
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const slope =
    points.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0) /
    points.reduce((total, [x]) => total + (x - meanX) ** 2, 0);
  return { size: sorted.length, hapax: sorted.filter((count) => count === 1).length / sorted.length, slope };
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function quantiles(values: readonly number[]): string {
  return [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(values, share)).join(' ');
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
