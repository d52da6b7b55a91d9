import { reciprocalRank } from '../../core/reciprocal-rank.js';
import { isRelevant, type MetricDefinition } from './metric.js';

export const mrr: MetricDefinition = {
  name: 'mrr',
  label: 'MRR',
  cutoff: true,
  definition: '1 / rank of the first relevant document, 0 beyond k',
  agreesWith: 'trec_eval recip_rank cut at k, ir_measures RR@k, ranx mrr@k',
  score: ({ grades }, k) => reciprocalRank(k, grades.map(isRelevant)),
};
