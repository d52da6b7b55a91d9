/**
 * What rounding to 8 bits adds to the products of an input x with weights W: root mean square over rows of x, estimated
 * without a product. A number is off by a step / sqrt(12), or by all of itself where it is less than that. The steps of a
 * row of x reach its largest value in the levels above zero and its least in those below, and the columns of W carry that
 * on; the steps of a row of W reach its largest magnitude, and x carries that on.
 */
import { mean } from '../../core/mean.js';
import { levelsAround, MIDDLE } from '../../engine/quantization.js';
import type { InputChannels } from '../../engine/types.js';

/** Levels that may stand for zero. */
export const ZERO_POINTS = [MIDDLE, 64, 32, 16] as const;

/** Of a weight, above zero and below; on processors that allow half of them, weights lose twice as much as is reckoned. */
const WEIGHT_LEVELS = 127;
/** How many rows of x, and of each weight, are looked at: all of a large model would take a minute. */
const JUDGED_ROWS = 64;
const JUDGED_OUTPUTS = 128;

/**
 * @param rows of x, each [in]
 * @param weights that read it, each [out, in]
 * @param squares of each column of all weights together, summed [in]
 * @returns around each of {@link ZERO_POINTS}, in the same units for all forms of an input
 */
export function roundingErrors(
  rows: readonly Float32Array[],
  weights: readonly Float32Array[],
  squares: Float64Array,
  { scales, outliers }: InputChannels,
): number[] {
  const judged = everyFew(rows.length, JUDGED_ROWS);
  const factors = Float64Array.from(squares, (_, channel) => scales?.[channel] ?? 1);
  for (const channel of outliers) factors[channel] = 0;
  const carried = squares.map((square, channel) => square * factors[channel]! ** 2);
  const levels = ZERO_POINTS.map(levelsAround);
  const sums = new Float64Array(levels.length);
  const values = new Float64Array(factors.length);
  let square = 0;
  for (const index of judged) {
    const row = rows[index] as Float32Array;
    let [least, most] = [0, 0];
    for (let channel = 0; channel < values.length; channel++) {
      const value = factors[channel] === 0 ? 0 : row[channel]! / factors[channel]!;
      if (value < least) least = value;
      if (value > most) most = value;
      values[channel] = value * value;
      square += value * value;
    }
    levels.forEach(({ above, below }, level) => {
      const step = Math.max(most / above, -least / below) ** 2 / 12;
      for (let channel = 0; channel < values.length; channel++) {
        sums[level]! += carried[channel]! * Math.min(values[channel]!, step);
      }
    });
  }
  const ofWeights = (squaredSteps(weights, factors) * square) / 12;
  const errors = Array.from(sums, (sum) => Math.sqrt((sum + ofWeights) / Math.max(judged.length, 1)));
  // of activations that are no numbers; whoever computes with them says so
  return errors.map((error) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error));
}

/** Sum over the rows of all weights, from some of them. @param factors of their columns [in] */
function squaredSteps(weights: readonly Float32Array[], factors: Float64Array): number {
  const inputs = factors.length;
  return weights.reduce((total, weight) => {
    const outputs = everyFew(weight.length / inputs, JUDGED_OUTPUTS);
    const squares = outputs.map((output) => {
      let largest = 0;
      for (let i = 0; i < inputs; i++) {
        const size = Math.abs(weight[output * inputs + i]!) * factors[i]!;
        if (size > largest) largest = size;
      }
      return (largest / WEIGHT_LEVELS) ** 2;
    });
    return total + mean(squares) * (weight.length / inputs);
  }, 0);
}

/**
 * At most so many of `count` numbers from 0, one of each stretch of equal length, at places of it that never repeat: rows
 * come by texts and outputs by heads, and equal distances would meet the same place in each.
 */
function everyFew(count: number, most: number): number[] {
  const few = Math.min(count, most);
  return Array.from({ length: few }, (_, i) => Math.floor(((i + ((i * GOLDEN_RATIO) % 1)) * count) / few));
}

/** Its multiples lie evenly in [0, 1) without their whole part. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
