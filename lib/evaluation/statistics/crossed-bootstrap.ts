/**
 * Bootstrap interval of a mean over two things that could have come out otherwise: the seeds of the training and the
 * queries. Both are drawn with replacement, each independently of the other (a crossed design; Owen, 2007,
 * arXiv:0711.1191), since the same queries come back with every seed. With few seeds the interval is still too narrow
 * rather than too wide: it can't know seeds that were not run.
 */
import { Random } from '../../core/random.js';
import { type BootstrapOptions, type Interval, quantile } from './bootstrap.js';

/** @param values one row a seed, one value a query in the same order; no NaN */
export function crossedBootstrap(
  values: readonly Float64Array[],
  { seed, samples = 2000 }: BootstrapOptions,
): Interval {
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = new Random(seed, 'crossed bootstrap');
  const means = new Float64Array(samples);
  const weighted = new Float64Array(columns);
  for (let sample = 0; sample < samples; sample++) {
    weighted.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const row = values[random.integer(rows)] as Float64Array;
      for (let i = 0; i < columns; i++) weighted[i] = (weighted[i] as number) + (row[i] as number);
    }
    let sum = 0;
    for (let draw = 0; draw < columns; draw++) sum += weighted[random.integer(columns)] as number;
    means[sample] = sum / (rows * columns);
  }
  means.sort();
  const total = values.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  return { value: total / (rows * columns), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
