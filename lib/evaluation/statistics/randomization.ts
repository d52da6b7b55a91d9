/**
 * The paired randomization test (Fisher, 1935; for retrieval: Smucker, Allan and Carterette, 2007): if two systems
 * were equal, each query's difference could as well have the other sign. p is the share of random sign flips whose
 * mean difference is at least as far from 0 as the one observed.
 */
import { Random } from '../../core/random.js';

export interface RandomizationOptions {
  seed: number;
  /** Sign flips; the smallest p that can come out is 1 / (samples + 1). 10,000 unless told otherwise. */
  samples?: number;
}

/**
 * Two-sided p of a mean difference of 0.
 *
 * @param differences one a query; NaN is left out
 * @param labels name the comparison, so that each has its own random signs
 */
export function randomizationTest(
  differences: Float64Array,
  { seed, samples = 10_000 }: RandomizationOptions,
  ...labels: string[]
): number {
  // A difference of 0 keeps its value whatever its sign: most queries need no flip.
  const moving = differences.filter((value) => value !== 0 && !Number.isNaN(value));
  if (moving.length === 0) return 1;
  const observed = Math.abs(moving.reduce((sum, value) => sum + value, 0));
  // Sums of the same numbers in another sign pattern differ by rounding: equal ones must count as equal.
  const threshold = observed * (1 - 1e-12);
  const random = new Random(seed, 'randomization', ...labels);
  let asFar = 0;
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < moving.length; i++) {
      // The upper 16 bits of each draw: xoroshiro's lowest are its weakest.
      if (i % 16 === 0) bits = random.integer(0x10000);
      sum += bits & 1 ? (moving[i] as number) : -(moving[i] as number);
      bits >>= 1;
    }
    if (Math.abs(sum) >= threshold) asFar++;
  }
  return (asFar + 1) / (samples + 1);
}

/**
 * p values corrected for being many (Holm, 1979): the chance of any false finding among them stays below the level
 * that each is compared with.
 *
 * @returns in the order given
 */
export function holmCorrection(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => (p[a] as number) - (p[b] as number));
  const corrected = new Array<number>(p.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (p[index] as number) * (p.length - rank)));
    corrected[index] = highest;
  });
  return corrected;
}
