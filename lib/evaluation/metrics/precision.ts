import { countRelevant, type MetricDefinition } from './metric.js';

export const precision: MetricDefinition = {
  name: 'precision',
  label: 'Precision',
  cutoff: true,
  definition: 'relevant among the first k / k, also where fewer than k were found',
  agreesWith: 'trec_eval P_k, ir_measures P@k, ranx precision@k',
  score: ({ grades }, k) => countRelevant(grades) / k,
};
