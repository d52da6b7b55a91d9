/**
 * Discounted cumulative gain of the first k over that of the best possible ranking (Järvelin and Kekäläinen, 2002). The
 * gain is the grade itself, as in trec_eval, or 2^grade - 1 (Burges et al., 2005).
 */
import type { JudgedRanking, MetricDefinition } from './metric.js';

type Gain = (grade: number) => number;

export const ndcg: MetricDefinition = {
  name: 'ndcg',
  label: 'nDCG',
  cutoff: true,
  definition: 'discounted gain / that of the best ranking; the gain is the grade, the discount log2(rank + 1)',
  agreesWith: 'trec_eval ndcg_cut_k, ir_measures nDCG@k, ranx ndcg@k',
  score: (ranking, k) => normalizedGain(ranking, k, (grade) => grade),
};

export const ndcgExponential: MetricDefinition = {
  name: 'ndcg-exp',
  label: 'nDCG (exponential gain)',
  cutoff: true,
  definition: 'ndcg@k with the gain 2^grade - 1',
  agreesWith: "ir_measures nDCG(dcg='exp-log2')@k, ranx ndcg_burges@k",
  score: (ranking, k) => normalizedGain(ranking, k, (grade) => 2 ** grade - 1),
};

function normalizedGain({ grades, judged }: JudgedRanking, k: number, gain: Gain): number {
  const best = [...judged.values()].sort((a, b) => b - a).slice(0, k);
  const ideal = discountedGain(best, gain);
  return ideal === 0 ? 0 : discountedGain(grades, gain) / ideal;
}

function discountedGain(grades: readonly number[], gain: Gain): number {
  let sum = 0;
  grades.forEach((grade, i) => {
    if (grade > 0) sum += gain(grade) / Math.log2(i + 2);
  });
  return sum;
}
