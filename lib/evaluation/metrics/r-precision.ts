import { countRelevant, type MetricDefinition } from './metric.js';

export const rPrecision: MetricDefinition = {
  name: 'rprecision',
  label: 'R-precision',
  cutoff: false,
  definition: 'relevant among the first R / R, with R the number of relevant documents',
  agreesWith: 'trec_eval Rprec, ir_measures Rprec, ranx r-precision',
  score({ grades, judged }) {
    const relevant = countRelevant(judged.values());
    return relevant === 0 ? 0 : countRelevant(grades.slice(0, relevant)) / relevant;
  },
};
