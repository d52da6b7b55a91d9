/**
 * Which documents of a batch stand against which query: all but those known to be relevant to it, or its own hard negatives
 * alone. Lists of negatives have any length; what is missing is masked, never filled up.
 */
import type { LossBatch } from './loss.js';

/** Additive mask of scores that must not count; exp of it is 0 in 32 bits at any temperature in use. */
export const EXCLUDED = -1e9;

export interface CandidateMask {
  /** [Q, M]: 0 for the query's own document and its negatives, {@link EXCLUDED} for the others. */
  excluded: Float32Array;
  /** [Q]: each query's share in the mean over those that have something to learn from; 0 for the others. */
  shares: Float32Array;
  /** Documents that were left out because the data say that they are relevant. */
  relevant: number;
  /** What InfoNCE would be if it could not tell the documents apart. */
  chance(symmetric: boolean): number;
}

/**
 * @param count queries
 * @param total documents, of which the first `count` belong to the queries
 * @param onlyHard nothing but the lists of hard negatives
 */
export function candidateMask(
  count: number,
  total: number,
  batch: LossBatch | undefined,
  onlyHard: boolean,
): CandidateMask {
  const excluded = new Float32Array(count * total);
  const rows = [...Array(count).keys()];
  let learning = rows;
  if (onlyHard) {
    excluded.fill(EXCLUDED);
    for (const i of rows) for (const j of [i, ...(batch?.negatives?.[i] ?? [])]) excluded[i * total + j] = 0;
    learning = rows.filter((i) => (batch?.negatives?.[i]?.length ?? 0) > 0);
  }
  let relevant = 0;
  batch?.alsoRelevant?.forEach((places, i) => {
    for (const j of places) {
      if (j === i || excluded[i * total + j] === EXCLUDED) continue;
      excluded[i * total + j] = EXCLUDED;
      relevant++;
    }
  });
  const shares = new Float32Array(count);
  for (const i of learning) shares[i] = 1 / learning.length;
  const candidates = (places: number[], at: (place: number) => number): number =>
    places.filter((place) => excluded[at(place)] === 0).length;
  const meanOfLogs = (counts: number[]): number => counts.reduce((sum, one) => sum + Math.log(one) / counts.length, 0);
  return {
    excluded,
    shares,
    relevant,
    chance(symmetric) {
      if (relevant === 0 && !onlyHard) return symmetric ? (Math.log(total) + Math.log(count)) / 2 : Math.log(total);
      const columns = [...Array(total).keys()];
      const forward = meanOfLogs(learning.map((i) => candidates(columns, (j) => i * total + j)));
      if (!symmetric) return forward;
      return (forward + meanOfLogs(rows.map((j) => candidates(rows, (i) => i * total + j)))) / 2;
    },
  };
}
