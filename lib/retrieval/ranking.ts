/**
 * What retrieval evaluation is about: runs (what a system found) and qrels (what is relevant), after TREC's words for
 * them, and the one order in which results are ranked everywhere in this project.
 */

/** One retrieved document. */
export interface RankedDocument {
  id: string;
  /** Higher is better. Single precision, as trec_eval keeps scores: what differs beyond that counts as equal. */
  score: number;
}

/** Results by query id. */
export type Run = Map<string, RankedDocument[]>;

/** Relevance grades by query id and document id; 0 and less is judged not relevant, absent is not judged. */
export type Qrels = Map<string, Map<string, number>>;

/**
 * How equal scores are ranked: "trec_eval" by document id descending, whatever the order of the run; "given" keeps
 * the order of the run, as ranx does.
 */
export type TieBreak = 'trec_eval' | 'given';

/** Order of a ranking: score (in single precision) descending, then document id descending (comparison of code units), as trec_eval. */
export function compareRanked(a: RankedDocument, b: RankedDocument): number {
  const difference = Math.fround(b.score) - Math.fround(a.score);
  if (difference !== 0) return difference;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** A ranked copy of one query's results. */
export function rankDocuments(documents: readonly RankedDocument[], ties: TieBreak = 'trec_eval'): RankedDocument[] {
  return documents.slice().sort(ties === 'given' ? (a, b) => b.score - a.score : compareRanked);
}
