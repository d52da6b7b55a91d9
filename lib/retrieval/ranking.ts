/**
 * What retrieval evaluation is about: runs (what a system found) and qrels (what is relevant), after TREC's words for
 * them, and the one order in which results are ranked everywhere in this project.
 */

import { UserError } from '../core/errors.js';

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
  const first = Math.fround(a.score);
  const second = Math.fround(b.score);
  // compared, not subtracted: the difference of two infinities is no number
  if (first !== second) return first > second ? -1 : 1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/**
 * Scores as a ranking can hold them.
 *
 * @throws UserError for a score that is not finite in single precision: it would rank at random
 */
export function checkScores(run: Run): void {
  for (const [query, documents] of run) {
    for (const { id, score } of documents) {
      if (Number.isFinite(Math.fround(score))) continue;
      throw new UserError(
        `query "${query}", document "${id}": the score ${score} is no number of single precision, in which runs are ranked`,
      );
    }
  }
}

/** A ranked copy of one query's results. */
export function rankDocuments(documents: readonly RankedDocument[], ties: TieBreak = 'trec_eval'): RankedDocument[] {
  return documents
    .slice()
    .sort(ties === 'given' ? (a, b) => (a.score === b.score ? 0 : a.score > b.score ? -1 : 1) : compareRanked);
}
