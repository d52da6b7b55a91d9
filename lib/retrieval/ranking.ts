/**
 * What retrieval evaluation is about: runs (what a system found) and qrels (what is relevant), after TREC's words for
 * them, and the one order in which results are ranked everywhere in this project.
 */

import { UserError } from '../core/errors.js';

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
  // compared, not subtracted: a difference may be beyond all numbers
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/**
 * Scores as a ranking can hold them.
 *
 * @throws UserError for a score that is not finite: it would rank at random
 */
export function checkScores(run: Run): void {
  for (const [query, documents] of run) {
    for (const { id, score } of documents) {
      if (Number.isFinite(score)) continue;
      throw new UserError(
        `query "${query}", document "${id}": the score ${score} is not finite, so it has no rank: expected a number`,
      );
    }
  }
}

/**
 * How many results are ranked apart from the one before by so little that they are equal to trec_eval, which keeps scores
 * in single precision and would rank these by their ids.
 */
export function countSinglePrecisionTies(run: Run): number {
  let count = 0;
  for (const documents of run.values()) {
    const scores = documents.map(({ score }) => score).sort((a, b) => a - b);
    for (let i = 1; i < scores.length; i++) {
      const [before, score] = [scores[i - 1] as number, scores[i] as number];
      if (before !== score && Math.fround(before) === Math.fround(score)) count++;
    }
  }
  return count;
}

/** A ranked copy of one query's results. */
export function rankDocuments(documents: readonly RankedDocument[], ties: TieBreak = 'trec_eval'): RankedDocument[] {
  return documents
    .slice()
    .sort(ties === 'given' ? (a, b) => (a.score === b.score ? 0 : a.score > b.score ? -1 : 1) : compareRanked);
}
