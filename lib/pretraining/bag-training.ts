/**
 * Contrastive pre-training of the token vectors alone: texts are bags of tokens with saturated weights, and a title must
 * find its abstract among those of the batch (InfoNCE, Adam, linear decay). Without a layer a pair costs a tenth.
 *
 * A step is a function of the seed, the phase and its number, so that an interrupted training resumes to the same bits.
 *
 *   V vocabulary, D width of a token's vector
 */

import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { RowProducts } from '../engine/matmul.js';
import type { Loss } from '../losses/loss.js';
import { learningRateAt } from '../training/schedule.js';
import { type BagTrainingData, type BagTrainingSettings, lossAndGradient, PhaseBatches } from './bag-step.js';
import {
  addToAverage,
  type BagTrainingHistory,
  type BagTrainingState,
  optimizerOf,
  takeAverage,
} from './bag-training-state.js';
import { bagMrr } from './retrieval-quality.js';

export interface BagTrainingTools extends Reporting {
  loss: Loss;
  products: RowProducts;
  /** Called after a validation, and before an interruption is reported. */
  save?(state: BagTrainingState): Promise<void>;
}

/**
 * Trains to the end of the last phase; `state` is changed in place and ends with the averaged table.
 *
 * @throws Interrupted when the signal fires, after the state was saved
 * @throws WorkError when the loss stops being finite
 */
export async function trainBags(
  state: BagTrainingState,
  data: BagTrainingData,
  settings: BagTrainingSettings,
  tools: BagTrainingTools,
): Promise<void> {
  const total = settings.phases.reduce((sum, { steps }) => sum + steps, 0);
  const { history } = state;
  for (; state.phase < settings.phases.length; state.phase++) {
    const phase = settings.phases[state.phase]!;
    const negatives = phase.hardNegatives > 0 ? data.negatives() : [];
    const optimizer = optimizerOf(state);
    const batches = new PhaseBatches(data.papers.length, phase, settings.seed, state.phase);
    const stepSettings = { ...settings, hardNegatives: phase.hardNegatives };
    const schedule = {
      schedule: 'linear',
      learningRate: phase.learningRate,
      warmupShare: settings.warmupShare,
    } as const;
    while (state.step < phase.steps) {
      if (tools.signal?.aborted) await tools.save?.(state);
      throwIfAborted(tools.signal, 'the state is saved');
      const batch = batches.at(state.step);
      const { loss, gradient } = await lossAndGradient(state.table, batch, negatives, data, stepSettings, tools.loss);
      optimizer.step(new Map([['table', gradient]]), learningRateAt(state.step, schedule, phase.steps));
      state.step++;
      if (state.step > phase.steps * (1 - settings.averagedShare)) addToAverage(state);
      history.losses.push(loss);
      const done = history.losses.length;
      if (state.step === phase.steps) takeAverage(state);
      if (done % settings.validateEvery === 0 || done === total) {
        const mrr = await bagMrr(state.table, data.width, data.validation, tools.products);
        history.validations.push({ step: done, mrr });
        if (state.step < phase.steps) await tools.save?.(state);
      }
      tools.onProgress?.({ task: 'pre-training', done, total, unit: 'steps', note: noteOf(history) });
    }
    state.step = 0;
    state.firstMoments.fill(0);
    state.secondMoments.fill(0);
  }
}

function noteOf({ losses, validations }: BagTrainingHistory): string {
  const mrr = validations.at(-1)?.mrr;
  return `loss ${losses.at(-1)!.toFixed(3)}${mrr === undefined ? '' : `, validation MRR@10 ${mrr.toFixed(4)}`}`;
}
