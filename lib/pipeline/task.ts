/** What an evaluation asks: a corpus, queries, their judgements, and what systems may choose their settings by. */
import type { EvaluateOptions } from '../evaluation/evaluate.js';

export type EvaluationTask = Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels' | 'validation'> & {
  dropSelf?: boolean;
};
