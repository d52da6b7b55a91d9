/**
 * Weights in 8 bits, for products of u8 activations with s8 weights (`tracing/quantized-products.ts` has the products).
 *
 *   W [out, in] ~ scales[o] * values[o, i]      values whole numbers of at most `levels`, scales[o] = max_i |W[o, i]| / levels
 *
 * One scale for each output: symmetric and per channel, as in Jacob et al., 2018 (arXiv:1712.05877). The backward pass
 * wants one for each input instead, and has whole numbers of its own, made of these.
 */

/**
 * Largest magnitude of a quantized weight: 127, or 63 on a processor that adds pairs of u8 x s8 products in 16 bits, where
 * 2 x 255 x 127 would saturate and 2 x 255 x 63 does not.
 */
export type WeightLevels = 127 | 63;

/** Where quantized activations, of 0 to 255, have their zero unless a calibration found another level better. */
export const MIDDLE = 128;

/** Levels of activations above and below the one that stands for zero; around the middle as many on either side. */
export const levelsAround = (zeroPoint: number): { above: number; below: number } => ({
  above: 255 - zeroPoint,
  below: zeroPoint - 1,
});

/** A weight as whole numbers and a scale per output. */
export interface QuantizedRows {
  /** [out, in] */
  values: Int8Array;
  /** [out] */
  scales: Float32Array;
}

/** Keeps a row of zeros from 0 / 0. */
const TINY = 1e-30;

/** @param weight [out, in], finite  @throws Error naming the row of a weight that is not finite */
export function quantizeRows(
  weight: Float32Array,
  outputs: number,
  inputs: number,
  levels: WeightLevels,
): QuantizedRows {
  const values = new Int8Array(outputs * inputs);
  const scales = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    const start = row * inputs;
    const end = start + inputs;
    let largest = TINY;
    for (let i = start; i < end; i++) {
      const magnitude = Math.abs(weight[i]!);
      // a comparison that NaN fails too
      if (!(magnitude <= largest)) largest = magnitude;
    }
    if (!Number.isFinite(largest)) throw new Error(`row ${row} of a weight holds ${largest}: it cannot be quantized`);
    scales[row] = largest / levels;
    const inverse = levels / largest;
    // truncation of a positive number, faster than Math.round by far
    for (let i = start; i < end; i++) values[i] = ((weight[i]! * inverse + 128.5) | 0) - 128;
  }
  return { values, scales };
}

/**
 * The same matrix with a scale for each input: scales[o] * values[o, i] ~ newScales[i] * newValues[o, i].
 *
 * @param turned the values as [in, out]
 */
export function quantizeColumns(
  turned: Int8Array,
  scales: Float32Array,
  inputs: number,
  levels: WeightLevels,
): QuantizedRows {
  const outputs = scales.length;
  const values = new Int8Array(turned.length);
  const newScales = new Float32Array(inputs);
  for (let start = 0; start < inputs; start += BLOCK) {
    const end = Math.min(inputs, start + BLOCK);
    for (let input = start; input < end; input++) {
      let largest = TINY;
      const row = input * outputs;
      for (let o = 0; o < outputs; o++) largest = Math.max(largest, Math.abs(turned[row + o]! * scales[o]!));
      newScales[input] = largest / levels;
    }
    // a few columns at a time, so that what is written lies together
    for (let o = 0; o < outputs; o++) {
      const scale = scales[o]!;
      for (let input = start; input < end; input++) {
        values[o * inputs + input] = ((turned[input * outputs + o]! * (scale / newScales[input]!) + 128.5) | 0) - 128;
      }
    }
  }
  return { values, scales: newScales };
}

/** Block edge that stays in the first-level cache. */
const BLOCK = 64;

/** [rows, columns] to [columns, rows]. */
export function transposeBytes(values: Int8Array, rows: number, columns: number): Int8Array {
  const out = new Int8Array(values.length);
  for (let top = 0; top < rows; top += BLOCK) {
    const bottom = Math.min(rows, top + BLOCK);
    for (let left = 0; left < columns; left += BLOCK) {
      const right = Math.min(columns, left + BLOCK);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) out[column * rows + row] = values[row * columns + column]!;
      }
    }
  }
  return out;
}
