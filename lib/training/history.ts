/** What is remembered of a training: its steps, its validations, and the steps that were left out. */

import type { StrengthChoice } from './adapter-strength.js';

/** What one optimizer step did. */
export interface TrainingStep {
  /** From 1. */
  step: number;
  /** Mean over the batches of the step. */
  loss: number;
  learningRate: number;
  /** Global L2 norm before clipping. */
  gradientNorm: number;
  /** Tokens that are not padding. */
  tokensPerSecond: number;
}

/** What is told of a step and not kept. */
export interface StepDetails {
  /** L2 norm of the gradient of each parameter before clipping, by name. */
  gradientNorms: ReadonlyMap<string, number>;
  /** Tokens of each text of the step, after token dropout. */
  tokenLengths: readonly number[];
}

/** A validation while training. */
export interface ValidationPoint {
  step: number;
  /** MRR@10 of the validation queries; the best adapter is the one with the highest. Of step 0 it is the untuned encoder's. */
  mrr: number;
}

/** A step whose loss or gradient was not finite: its batches were passed over, the parameters stayed. */
export interface SkippedStep {
  step: number;
  /** Such as "the loss is NaN". */
  reason: string;
}

/** What a training reported: its steps and its validations, and at its end how much of it is kept. */
export interface TrainingHistory {
  steps: TrainingStep[];
  validations: ValidationPoint[];
  /** Absent before the end, and where nothing was validated. */
  strength?: StrengthChoice;
}
