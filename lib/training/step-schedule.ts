/** All steps of a training in order: which batches each takes. */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';

export interface ScheduledStep {
  epoch: number;
  /** Indices into the pairs, one list per batch; with their place in the epoch, which seeds the dropout. */
  batches: { index: number; pairs: number[] }[];
}

/**
 * `accumulationSteps` batches per step, epoch after epoch, up to `epochs` or `maxSteps`.
 *
 * @param batchesOf batches of an epoch (from 0) as indices into the pairs
 * @param pairCount for the error where there is nothing to train on
 */
export function scheduleSteps(
  batchesOf: (epoch: number) => number[][],
  { epochs, maxSteps, accumulationSteps }: Pick<Config['training'], 'epochs' | 'maxSteps' | 'accumulationSteps'>,
  pairCount: number,
): ScheduledStep[] {
  const steps: ScheduledStep[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = batchesOf(epoch).map((indices, index) => ({ index, pairs: indices }));
    const share = Math.min(1, epochs - epoch);
    const count = Math.round(batches.length * share);
    for (let begin = 0; begin < count; begin += accumulationSteps) {
      if (steps.length === maxSteps) return steps;
      steps.push({ epoch, batches: batches.slice(begin, Math.min(begin + accumulationSteps, count)) });
    }
  }
  if (steps.length === 0) {
    throw new UserError(
      `nothing to train on: ${quantity(pairCount, 'pairs')} and ${quantity(epochs, 'epochs')} give no step; add training papers or raise training.epochs`,
    );
  }
  return steps;
}
