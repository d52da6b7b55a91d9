/**
 * What retrieval evaluation is about: runs (what a system found) and qrels (what is relevant), after TREC's words for
 * them, and the one order in which results are ranked everywhere in this project.
 */

/** One retrieved document. */
export interface RankedDocument {
  id: string;
  /** Higher is better. */
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

/** Order of a ranking: score descending, then document id descending (comparison of code units), as trec_eval. */
export function compareRanked(a: RankedDocument, b: RankedDocument): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** A ranked copy of one query's results. */
export function rankDocuments(documents: readonly RankedDocument[], ties: TieBreak = 'trec_eval'): RankedDocument[] {
  return documents.slice().sort(ties === 'given' ? (a, b) => b.score - a.score : compareRanked);
}
