import { countRelevant, isRelevant, type MetricDefinition } from './metric.js';

export const averagePrecision: MetricDefinition = {
  name: 'map',
  label: 'MAP',
  cutoff: true,
  definition: 'mean over all relevant documents of the precision at the rank of each; 0 for those beyond k',
  agreesWith: 'trec_eval map_cut_k, ir_measures AP@k, ranx map@k',
  score({ grades, judged }) {
    const relevant = countRelevant(judged.values());
    let found = 0;
    let sum = 0;
    grades.forEach((grade, i) => {
      if (isRelevant(grade)) sum += ++found / (i + 1);
    });
    return relevant === 0 ? 0 : sum / relevant;
  },
};
