import { isRelevant, type MetricDefinition } from './metric.js';

export const success: MetricDefinition = {
  name: 'success',
  label: 'Success',
  cutoff: true,
  definition: '1 if any of the first k is relevant, else 0 (hit@k)',
  agreesWith: 'trec_eval success_k, ir_measures Success@k, ranx hit_rate@k',
  score: ({ grades }) => (grades.some(isRelevant) ? 1 : 0),
};
