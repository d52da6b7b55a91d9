import { countRelevant, type JudgedRanking, type MetricDefinition } from './metric.js';

/** Share of the relevant documents that are among those found; 0 where nothing is relevant. */
export function recallOf({ grades, judged }: Pick<JudgedRanking, 'grades' | 'judged'>): number {
  const relevant = countRelevant(judged.values());
  return relevant === 0 ? 0 : countRelevant(grades) / relevant;
}

export const recall: MetricDefinition = {
  name: 'recall',
  label: 'Recall',
  cutoff: true,
  definition: 'relevant among the first k / relevant',
  agreesWith: 'trec_eval recall_k, ir_measures R@k, ranx recall@k',
  score: recallOf,
};
