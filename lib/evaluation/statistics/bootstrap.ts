/**
 * Bootstrap intervals over queries (Efron, 1979; for retrieval: Sakai, 2006): queries are drawn with replacement, and
 * the interval holds the middle 95 % of the means. All systems and metrics are resampled with the same draws, so that
 * the interval of a difference is a paired one, much narrower than the two single intervals suggest.
 */

import { UserError } from '../../core/errors.js';
import { mean } from '../../core/mean.js';
import { Random } from '../../core/random.js';

export interface Interval {
  value: number;
  /** 2.5th percentile of the resampled means. */
  low: number;
  /** 97.5th percentile. */
  high: number;
}

export interface BootstrapOptions {
  seed: number;
  /** Resamples; 2000 unless told otherwise. */
  samples?: number;
}

// Draws for this many resamples are kept at a time: 2,000 queries make 1 MB.
const SAMPLES_A_BLOCK = 128;

/**
 * The mean of each series of per-query values with its interval.
 *
 * @param series [s] arrays of one value a query, in the same order of queries; NaN counts as undefined and is left out
 * @returns [s]; NaN where a series has no defined value
 */
export function bootstrapMeans(
  series: readonly Float64Array[],
  { seed, samples = 2000 }: BootstrapOptions,
): Interval[] {
  const n = series[0]?.length ?? 0;
  for (const values of series) {
    if (values.length !== n) throw new UserError(`paired series must be of one length: got ${n} and ${values.length}`);
  }
  if (n === 0) return series.map(() => ({ value: Number.NaN, low: Number.NaN, high: Number.NaN }));
  const random = new Random(seed, 'bootstrap');
  const means = series.map(() => new Float64Array(samples));
  const complete = series.map((values) => !values.some(Number.isNaN));
  for (let first = 0; first < samples; first += SAMPLES_A_BLOCK) {
    const size = Math.min(SAMPLES_A_BLOCK, samples - first);
    const draws = Int32Array.from({ length: size * n }, () => random.integer(n));
    series.forEach((values, s) => {
      for (let i = 0; i < size; i++) {
        const draw = draws.subarray(i * n, (i + 1) * n);
        (means[s] as Float64Array)[first + i] = complete[s]
          ? meanOfDraw(values, draw)
          : definedMeanOfDraw(values, draw);
      }
    });
  }
  return series.map((values, s) => ({ value: definedMean(values), ...middle(means[s] as Float64Array) }));
}

/** Mean of the values that are defined; NaN if none is. */
export function definedMean(values: Float64Array): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return mean(defined);
}

/** Quantile with linear interpolation between order statistics, as numpy's default. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (at - below);
}

function middle(means: Float64Array): { low: number; high: number } {
  const sorted = means.filter((value) => !Number.isNaN(value)).sort();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

function meanOfDraw(values: Float64Array, draw: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < draw.length; i++) sum += values[draw[i] as number] as number;
  return sum / draw.length;
}

function definedMeanOfDraw(values: Float64Array, draw: Int32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < draw.length; i++) {
    const value = values[draw[i] as number] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
