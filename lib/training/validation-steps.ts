/** Validations in the course of a training: when one is due, and what it changes. */
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
  const wanted = step === totalSteps || (every !== null && step > 0 && step % every === 0);
  return validate !== undefined && wanted && history.validations.at(-1)?.step !== step;
}

/** Validates, and keeps the parameters where none before scored higher. */
export async function validateStep(options: TrainingOptions, state: TrainerState): Promise<void> {
  const point = { step: state.step, mrr: await (options.validate as () => Promise<number>)() };
  state.history.validations.push(point);
  options.onValidation?.(point);
  if (!state.bestScore || point.mrr > state.bestScore.mrr) {
    state.bestScore = { ...point, digest: digestOfTensors(state.parameters) };
    state.bestParameters = copyParameters(state.parameters);
    await options.store?.saveBest(state.bestParameters, state.step);
  }
}
