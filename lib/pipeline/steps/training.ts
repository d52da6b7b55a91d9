/**
 * Step 5: contrastive training of an encoder on the papers of the training split, with everything a run folder keeps of it.
 */
import type { Reporting } from '../../core/events.js';
import type { SplitPaper } from '../../datasets/paper.js';
import type { Encoder } from '../../encoder/encoder.js';
import { type TrainPapersOptions, type TrainPapersResult, trainPapers } from '../../training/train-papers.js';
import type { Step } from '../step.js';
import type { TokenizedDataset } from './tokens.js';

export interface TrainingInputs {
  papers: SplitPaper[];
  tokenized: TokenizedDataset;
  encoder: Encoder;
}

/** Who wants to hear of each step, and what a caller brings of its own. */
export type TrainingListeners = Partial<Pick<TrainPapersOptions, 'onStart' | 'onStep' | 'onValidation'>>;

export const trainingStep: Step<
  [
    TrainingInputs,
    (Reporting &
      TrainingListeners &
      Pick<
        TrainPapersOptions,
        'folders' | 'resume' | 'identity' | 'hyperparameters' | 'keepBest' | 'loss' | 'teacher' | 'communicator'
      >)?,
  ],
  TrainPapersResult
> = {
  name: 'training',
  reads: [
    'training',
    'batches',
    'seed',
    'datasets.categories',
    'datasets.sets',
    'datasets.maxNegatives',
    'encoder.model',
    // whose titles a validation asks
    'evaluation.queries',
  ],
  ignores: ['training.checkpoints'],
  run: (config, { papers, tokenized, encoder }, options = {}) =>
    trainPapers({ ...options, config, papers, tokens: tokenized.tokens, documents: tokenized.documents, encoder }),
};
