/**
 * The learning-rate range test (Smith, 2017, arXiv:1506.01186): a short training whose rate rises exponentially from step to
 * step. Where the smoothed loss falls most steeply the rate does most good; soon after, it does harm.
 */

import { throwIfAborted, UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { configuredLoss } from '../losses/configured-loss.js';
import { DivergedError } from './divergence.js';
import type { ScheduledStep } from './step-schedule.js';
import { startState } from './trainer-state.js';
import type { TrainingOptions } from './training-options.js';
import { takeStep } from './training-step.js';

export interface RangeTestOptions {
  /** Rates of the first and the last step. */
  from: number;
  to: number;
  steps: number;
}

export interface RangeTestPoint {
  learningRate: number;
  loss: number;
  /** Moving average, without the bias towards its beginning. */
  smoothed: number;
}

/** What a learning-rate range test found. */
export interface RangeTest {
  points: RangeTestPoint[];
  /** Rate of the steepest descent; null where the loss never falls. */
  suggestion: number | null;
  /** Why it ended: all steps taken, the loss risen far above its best, or numbers that are not finite. */
  ended: 'all steps' | 'loss rose' | 'diverged';
}

/** Weight of the past in the moving average. */
const SMOOTHING = 0.8;
/** A smoothed loss this many times the best one has nothing more to tell. */
const RISEN = 3;

/** @param schedule batches of at least so many steps; the encoder is trained, and nothing is kept */
export async function learningRateRangeTest(
  options: TrainingOptions,
  schedule: readonly ScheduledStep[],
  { from, to, steps }: RangeTestOptions,
): Promise<RangeTest> {
  const { encoder, config } = options;
  const factory = options.loss ?? configuredLoss(config.training);
  const loss = await factory.create(encoder.base.engine, encoder.dimensions);
  const state = await startState(options);
  const points: RangeTestPoint[] = [];
  let average = 0;
  let ended: RangeTest['ended'] = 'all steps';
  try {
    for (let step = 0; step < steps; step++) {
      throwIfAborted(options.signal, 'nothing was written');
      const learningRate = from * (to / from) ** (step / (steps - 1));
      const training = { ...config.training, learningRate, schedule: 'constant' as const, warmupShare: 0 };
      const scheduled = schedule[step] as ScheduledStep;
      const { record } = await takeStep({ ...options, config: { ...config, training } }, loss, state, scheduled, steps);
      state.step++;
      average = SMOOTHING * average + (1 - SMOOTHING) * record.loss;
      points.push({ learningRate, loss: record.loss, smoothed: average / (1 - SMOOTHING ** (step + 1)) });
      options.onProgress?.({ task: 'learning rates', done: step + 1, total: steps, unit: 'steps' });
      if ((points.at(-1)?.smoothed as number) > RISEN * lowest(points)) {
        ended = 'loss rose';
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    ended = 'diverged';
  } finally {
    await loss.dispose();
  }
  return { points, suggestion: steepestDescent(points), ended };
}

/**
 * The rate at which the smoothed loss falls most for each factor that the rate grows by, up to where it is lowest.
 *
 * @returns null where it never falls
 */
export function steepestDescent(points: readonly RangeTestPoint[]): number | null {
  const low = lowest(points);
  const end = points.findIndex(({ smoothed }) => smoothed === low);
  let best: { slope: number; learningRate: number } | null = null;
  for (let i = 1; i <= end; i++) {
    const before = points[i - 1] as RangeTestPoint;
    const after = points[Math.min(i + 1, points.length - 1)] as RangeTestPoint;
    const slope = (after.smoothed - before.smoothed) / Math.log(after.learningRate / before.learningRate);
    if (slope < (best?.slope ?? 0)) best = { slope, learningRate: (points[i] as RangeTestPoint).learningRate };
  }
  return best?.learningRate ?? null;
}

/** @throws UserError for bounds that are no range, or too few steps */
export function checkRange({ from, to, steps }: RangeTestOptions): void {
  if (!(from > 0 && to > from && Number.isFinite(to))) {
    throw new UserError(`learning rates from ${from} to ${to}: expected two positive numbers, the second larger`);
  }
  if (!Number.isInteger(steps) || steps < 5 || steps > 10_000) {
    throw new UserError(`${quantity(steps, 'steps')}: expected a whole number from 5 to 10000`);
  }
}

function lowest(points: readonly RangeTestPoint[]): number {
  return Math.min(...points.map(({ smoothed }) => smoothed));
}
