/**
 * When numbers stop being numbers. A batch whose loss or gradient is not finite is skipped, as mixed-precision trainers
 * do (Micikevicius et al., 2018, arXiv:1710.03740, section 3.2); several in a row end the training. A loss that stays where
 * it would be by chance is no error, but worth a warning.
 */
import { WorkError } from '../core/errors.js';
import type { SkippedStep } from './history.js';

const REMEDY = 'lower training.learningRate or raise training.temperature';

/** A loss, gradient or parameter that is infinite or NaN. */
export class DivergedError extends WorkError {
  /**
   * @param reason such as "the loss is NaN"
   * @param isRecoverable whether the parameters are as they were before the step
   */
  constructor(
    readonly reason: string,
    readonly isRecoverable = true,
    where = '',
  ) {
    super(`${reason}${where}: training diverged; ${REMEDY}`);
  }

  /** The same, told at the end of a training. @param inARow skipped steps, this one included */
  after(step: number, inARow: number): DivergedError {
    const where = inARow > 1 ? ` at step ${step}, the last of ${inARow} in a row` : ` at step ${step}`;
    return new DivergedError(this.reason, this.isRecoverable, where);
  }
}

/** Whether every value is finite. */
export function allFinite(values: Float32Array): boolean {
  let probe = 0;
  // zero times a finite number is zero, times any other NaN, which stays
  for (let i = 0; i < values.length; i++) probe += values[i]! * 0;
  return probe === 0;
}

/** @throws DivergedError naming the first parameter that is not finite */
export function checkParameters(parameters: ReadonlyMap<string, { data: Float32Array }>): void {
  for (const [name, { data }] of parameters) {
    if (!allFinite(data)) throw new DivergedError(`${name} is no longer finite`, false);
  }
}

/** How many of the last steps, up to `step`, were skipped without one between that was not. */
export function skippedInARow(skipped: readonly SkippedStep[], step: number): number {
  let count = 0;
  while (skipped.at(-1 - count)?.step === step - count) count++;
  return count;
}

/** Steps that are looked at together. */
const WINDOW = 20;
/** Of the loss by chance; below it something has been learned. */
const CHANCE_SHARE = 0.98;

/** Notices a loss that has stayed at chance level, once. */
export class ChanceWatch {
  private shares: number[] = [];
  private told = false;

  /**
   * @param chance what the loss would be if the documents could not be told apart; absent where a loss does not know
   * @returns the warning, where it is due
   */
  add(step: number, loss: number, chance: number | undefined): string | undefined {
    if (chance === undefined || chance <= 0 || this.told) return undefined;
    this.shares = [...this.shares, loss / chance].slice(-WINDOW);
    if (this.shares.length < WINDOW || this.shares.some((share) => share < CHANCE_SHARE)) return undefined;
    this.told = true;
    return (
      `the loss has been at chance level for ${WINDOW} steps (${loss.toFixed(3)} at step ${step}, ${chance.toFixed(3)} by chance): ` +
      'nothing is being learned; check encoder.pooling and training.learningRate, and that titles and abstracts belong together'
    );
  }
}
