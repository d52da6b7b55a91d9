/**
 * Retrieval metrics of one query by the conventions of trec_eval (github.com/usnistgov/trec_eval), against which they
 * are tested, directly and through pytrec_eval and ir_measures.
 *
 * Each function takes the grades of the ranked documents, best first (0 where not judged), and the grades of all
 * judged documents. A document is relevant if its grade is 1 or more. Where nothing is relevant the value is 0.
 */

import { reciprocalRank } from '../../core/reciprocal-rank.js';

/** Share of the relevant documents that are among the first k. */
export function recallAt(k: number, ranked: readonly number[], judged: readonly number[]): number {
  const relevant = countRelevant(judged);
  return relevant === 0 ? 0 : countRelevant(ranked.slice(0, k)) / relevant;
}

/** Relevant documents among the first k, divided by k even where fewer were found: at most 1/k with one relevant. */
export function precisionAt(k: number, ranked: readonly number[]): number {
  return countRelevant(ranked.slice(0, k)) / k;
}

/** Whether any of the first k documents is relevant: 1 or 0. Also called hit@k. */
export function successAt(k: number, ranked: readonly number[]): number {
  return ranked.slice(0, k).some(isRelevant) ? 1 : 0;
}

/** 1 / rank of the first relevant document if that is at most k, else 0. Its mean is MRR@k. */
export function reciprocalRankAt(k: number, ranked: readonly number[]): number {
  return reciprocalRank(k, ranked.map(isRelevant));
}

/** Mean, over all relevant documents, of the precision at the rank of each; 0 for those not among the first k. */
export function averagePrecisionAt(k: number, ranked: readonly number[], judged: readonly number[]): number {
  const relevant = countRelevant(judged);
  let found = 0;
  let sum = 0;
  ranked.slice(0, k).forEach((grade, i) => {
    if (isRelevant(grade)) sum += ++found / (i + 1);
  });
  return relevant === 0 ? 0 : sum / relevant;
}

/** Precision at R, the number of relevant documents. */
export function rPrecision(ranked: readonly number[], judged: readonly number[]): number {
  const relevant = countRelevant(judged);
  return relevant === 0 ? 0 : precisionAt(relevant, ranked);
}

/**
 * Discounted cumulative gain of the first k over that of the best possible ranking (Järvelin and Kekäläinen, 2002).
 *
 * @param gain "linear": the grade itself, as trec_eval; "exponential": 2^grade - 1 (Burges et al., 2005)
 */
export function ndcgAt(
  k: number,
  ranked: readonly number[],
  judged: readonly number[],
  gain: 'linear' | 'exponential' = 'linear',
): number {
  const ideal = discountedGain(
    k,
    judged.slice().sort((a, b) => b - a),
    gain,
  );
  return ideal === 0 ? 0 : discountedGain(k, ranked, gain) / ideal;
}

function discountedGain(k: number, grades: readonly number[], gain: 'linear' | 'exponential'): number {
  let sum = 0;
  grades.slice(0, k).forEach((grade, i) => {
    if (grade > 0) sum += (gain === 'linear' ? grade : 2 ** grade - 1) / Math.log2(i + 2);
  });
  return sum;
}

function isRelevant(grade: number): boolean {
  return grade >= 1;
}

function countRelevant(grades: readonly number[]): number {
  return grades.filter(isRelevant).length;
}
