/**
 * The learning rate over the steps of training, as transformers' schedules of these names compute it: a linear warm-up
 * from zero, then a line or half a cosine down to zero, or a constant.
 */
import type { Config } from '../config/config.js';

export type ScheduleOptions = Pick<Config['training'], 'schedule' | 'learningRate' | 'warmupShare'>;

/** Steps of the warm-up. */
export function warmupSteps(options: Pick<ScheduleOptions, 'warmupShare'>, totalSteps: number): number {
  return Math.ceil(totalSteps * options.warmupShare);
}

/**
 * @param step optimizer steps taken before this one; with a warm-up the first learning rate (step 0) is 0
 * @param totalSteps optimizer steps of the whole training
 */
export function learningRateAt(step: number, options: ScheduleOptions, totalSteps: number): number {
  return options.learningRate * factorAt(step, options, totalSteps);
}

function factorAt(step: number, options: ScheduleOptions, totalSteps: number): number {
  const warmup = warmupSteps(options, totalSteps);
  if (step < warmup) return step / warmup;
  if (options.schedule === 'constant') return 1;
  const progress = Math.min(1, (step - warmup) / Math.max(1, totalSteps - warmup));
  return options.schedule === 'linear' ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress));
}
