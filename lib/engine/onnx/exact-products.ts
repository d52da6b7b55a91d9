/**
 * Whether this processor multiplies u8 by s8 exactly. With AVX512_VNNI, AMX or their like it does. AVX2 without VNNI adds
 * pairs of products in 16 bits and saturates in silence: there, weights of 7 bits stay below the bound, at the same speed.
 */
import { quantizeRows, type WeightLevels } from '../quantization.js';

/** x [N, K] times W^T, W [M, K], the way the engine does it with weights of so many levels: [N, M]. */
export type ProductInBytes = (x: Float32Array, weight: Float32Array, levels: WeightLevels) => Promise<Float32Array>;

/** K of the trial: several registers wide, so that every lane takes part. */
export const TRIAL_WIDTH = 256;
/** Sums of 256 products are below 2^24: what float32 makes of them differs in the last digits only. */
const TOLERANCE = 1e-5;

/** The most levels of a weight with which products are exact; undefined where there are none. */
export async function exactWeightLevels(product: ProductInBytes): Promise<WeightLevels | undefined> {
  for (const levels of [127, 63] as const) {
    if (await isExact(product, levels)) return levels;
  }
  return undefined;
}

async function isExact(product: ProductInBytes, levels: WeightLevels): Promise<boolean> {
  const { x, weight, rows } = trialMatrices();
  const expected = referenceProduct(x, weight, rows, levels);
  const actual = await product(x, weight, levels);
  return expected.every((value, i) => Math.abs(value - actual[i]!) <= TOLERANCE * TRIAL_WIDTH);
}

/** Rows of the largest numbers of both signs, where pairs saturate, and waves of them. */
function trialMatrices(): { x: Float32Array; weight: Float32Array; rows: number } {
  const patterns: ((i: number) => number)[] = [
    () => 1,
    () => -1,
    (i) => (i % 2 === 0 ? 1 : -1),
    (i) => (i % 4 < 2 ? 1 : -1),
    (i) => Math.sin(i),
    (i) => Math.cos(3 * i),
  ];
  const matrix = Float32Array.from({ length: patterns.length * TRIAL_WIDTH }, (_, i) =>
    patterns[Math.floor(i / TRIAL_WIDTH)]!(i % TRIAL_WIDTH),
  );
  return { x: matrix, weight: matrix.slice(), rows: patterns.length };
}

/** The same product in whole numbers. */
function referenceProduct(x: Float32Array, weight: Float32Array, rows: number, levels: WeightLevels): Float64Array {
  const { values: a, scales: ofRows } = quantizeRows(x, rows, TRIAL_WIDTH, 127);
  const { values: b, scales } = quantizeRows(weight, rows, TRIAL_WIDTH, levels);
  const out = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < rows; column++) {
      let sum = 0;
      for (let k = 0; k < TRIAL_WIDTH; k++) sum += a[row * TRIAL_WIDTH + k]! * b[column * TRIAL_WIDTH + k]!;
      out[row * rows + column] = sum * ofRows[row]! * scales[column]!;
    }
  }
  return out;
}
