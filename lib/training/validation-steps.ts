/**
 * Validations in the course of a training: when one is due, and what it changes. The one before the first step is of the
 * encoder untuned: what was trained has to be better to be used, see adapter-strength.ts.
 */
import { mean } from '../core/mean.js';
import { quantity } from '../core/quantity.js';
import { digestOfTensors } from './checksums.js';
import { copyParameters, type TrainerState } from './trainer-state.js';
import type { TrainingOptions } from './training-options.js';

/**
 * Whether the step just taken wants a validation that it has not had: an interruption may fall between the two, and the
 * resumed run then begins with it.
 */
export function validationIsDue(
  { validate, config }: TrainingOptions,
  { step, history }: TrainerState,
  totalSteps: number,
): boolean {
  const every = config.training.validateEvery;
  const wanted = step === 0 || step === totalSteps || (every !== null && step % every === 0);
  return validate !== undefined && wanted && history.validations.at(-1)?.step !== step;
}

/** Queries whose document is not found first, with fewer of which a gain can hardly show. */
const FEW_TO_IMPROVE = 10;

/**
 * Why validation may keep the untuned encoder however good the training is: it has left too little to improve.
 *
 * @param ranks reciprocal ranks of the untuned encoder
 */
function tooFewToTell(ranks: Float64Array, strengths: readonly number[]): string | undefined {
  const toImprove = ranks.filter((rank) => rank < 1).length;
  if (toImprove >= FEW_TO_IMPROVE || !strengths.includes(0)) return undefined;
  return (
    `of ${quantity(ranks.length, 'validation queries')} the untuned encoder finds all${toImprove > 0 ? ` but ${toImprove}` : ''} first: too few to tell what training brings, ` +
    'so that it may be kept; more validation papers (datasets.validationShare), evaluation.queries=all or a larger corpus tell more'
  );
}

/** Validates, and keeps the parameters where none of the training scored higher. */
export async function validateStep(options: TrainingOptions, state: TrainerState): Promise<void> {
  const { profile } = state;
  const ranks = await profile.time('validation', options.validate as () => Promise<Float64Array>);
  const point = { step: state.step, mrr: mean(ranks) };
  state.history.validations.push(point);
  options.onValidation?.(point);
  if (point.step === 0) {
    state.untunedRanks = ranks;
    const text = tooFewToTell(ranks, options.config.training.adapterStrengths);
    if (text) options.onMessage?.({ level: 'warning', text });
    return;
  }
  if (!state.bestScore || point.mrr > state.bestScore.mrr) {
    state.bestScore = { ...point, digest: digestOfTensors(state.parameters) };
    state.bestParameters = copyParameters(state.parameters);
    state.bestRanks = ranks;
    const best = state.bestParameters;
    await profile.time('checkpoints', () => options.store?.saveBest(best, state.step));
  }
}
