/** The queries and documents of pairs, each once. */
import type { Dataset } from '../dataset.js';
import type { PairFacts, SplitPaper } from '../paper.js';
import type { PairDocument } from './pair.js';

/** A paper that is a pair. */
export type PairPaper = SplitPaper & { pair: PairFacts };

/** The papers that are pairs; of one dataset all are, or none. */
export function pairsAmong(papers: readonly SplitPaper[]): PairPaper[] {
  return papers.filter((paper): paper is PairPaper => paper.pair !== undefined);
}

/** The first pair of each query. */
export function queriesOf(pairs: readonly PairPaper[]): PairPaper[] {
  return firstBy(pairs, ({ pair }) => pair.query);
}

/** The first pair of each document. */
export function documentsOf(pairs: readonly PairPaper[]): PairPaper[] {
  return firstBy(pairs, ({ pair }) => pair.document);
}

function firstBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}

/** The document of a pair, as one that is of no pair is told. */
export function documentOf({ abstract, topic, split, pair }: PairPaper): PairDocument {
  const { document: id, documentTitle: title } = pair;
  return { id, text: abstract, ...(title === undefined ? {} : { title }), topic, split };
}

/**
 * Documents of no pair that a training may see.
 *
 * @param mined with those that may be mined, beside those that the data name as negatives
 */
export function trainingDocuments(
  { papers, collection }: Pick<Dataset, 'papers' | 'collection'>,
  mined: boolean,
): PairDocument[] {
  if (!collection) return [];
  const trained = pairsAmong(papers).filter(({ split }) => split === 'train');
  const named = new Set(trained.flatMap(({ pair }) => pair.negatives));
  return collection.documents.filter(
    ({ id, split }) => named.has(id) || (mined && (split === 'train' || split === null)),
  );
}
