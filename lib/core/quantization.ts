/**
 * Embeddings in fewer bits, to the bit as `quantize_embeddings` of sentence-transformers makes them. Rows of d numbers:
 *
 *   int8, uint8       per dimension, the range [low, high] of a calibration set in 255 steps:
 *                     code = floor((x - low) / step), cut to 0..255; int8 less 128      [n, d]
 *   binary, ubinary   x > 0, eight dimensions a byte, the first in the highest bit, zeros behind the last;
 *                     binary less 128                                                    [n, ceil(d / 8)]
 *
 * All in single precision, as there.
 */

import { didYouMean } from './did-you-mean.js';
import { UserError } from './errors.js';
import { quantity } from './quantity.js';

/** How the numbers of embeddings are stored. */
export const EMBEDDING_PRECISIONS = ['float32', 'int8', 'uint8', 'binary', 'ubinary'] as const;
/** One of {@link EMBEDDING_PRECISIONS}. */
export type EmbeddingPrecision = (typeof EMBEDDING_PRECISIONS)[number];

/** The precision of a name. @throws UserError for another */
export function embeddingPrecision(name: string): EmbeddingPrecision {
  const known = EMBEDDING_PRECISIONS.find((one) => one === name);
  if (known) return known;
  throw new UserError(
    `precision "${name}": expected ${EMBEDDING_PRECISIONS.join(', ')}${didYouMean(name, EMBEDDING_PRECISIONS)}`,
  );
}

/** Numbers as a precision stores them. */
export type EmbeddingCodes = Float32Array | Int8Array | Uint8Array;

/** What int8 and uint8 were calibrated on: the least and the greatest number of each dimension, [d] each. */
export interface QuantizationRanges {
  low: Float32Array;
  high: Float32Array;
}

const { fround } = Math;
const LEVELS = 255;
const SIGN_OFFSET = 128;

export const isScalar = (precision: EmbeddingPrecision): boolean => precision === 'int8' || precision === 'uint8';

/** Bytes of a row. */
export function rowBytes(precision: EmbeddingPrecision, dimensions: number): number {
  if (precision === 'float32') return 4 * dimensions;
  return isScalar(precision) ? dimensions : Math.ceil(dimensions / 8);
}

/** @throws UserError for fewer than two rows, whose ranges would be points */
export function quantizationRanges(rows: Float32Array, dimensions: number): QuantizationRanges {
  const n = rows.length / dimensions;
  if (n < 2) {
    throw new UserError(
      `${quantity(n, 'embeddings')} cannot calibrate int8: expected two or more, and rather hundreds, such as those of the corpus`,
    );
  }
  const low = rows.slice(0, dimensions);
  const high = rows.slice(0, dimensions);
  for (let at = dimensions; at < rows.length; at++) {
    const j = at % dimensions;
    const value = rows[at] as number;
    if (value < (low[j] as number)) low[j] = value;
    if (value > (high[j] as number)) high[j] = value;
  }
  return { low, high };
}

/** Step of each dimension; 1 where all of the calibration set is one number. */
export function quantizationSteps({ low, high }: QuantizationRanges): Float32Array {
  return low.map((least, j) => fround(fround((high[j] as number) - least) / LEVELS) || 1);
}

/**
 * @param rows [n, d]
 * @param ranges for int8 and uint8; others need none
 * @returns codes [n, {@link rowBytes}]; the same rows for float32
 * @throws UserError for int8 or uint8 without ranges of d dimensions
 */
export function quantizeRows(
  rows: Float32Array,
  dimensions: number,
  precision: EmbeddingPrecision,
  ranges: QuantizationRanges | null = null,
): EmbeddingCodes {
  if (precision === 'float32') return rows;
  if (precision === 'binary' || precision === 'ubinary') {
    const bits = packSigns(rows, dimensions);
    return precision === 'ubinary' ? bits : Int8Array.from(bits, (byte) => byte - SIGN_OFFSET);
  }
  const { low } = checkedRanges(ranges, dimensions, precision);
  const steps = quantizationSteps(ranges as QuantizationRanges);
  const offset = precision === 'int8' ? SIGN_OFFSET : 0;
  const codes = precision === 'int8' ? new Int8Array(rows.length) : new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const j = at % dimensions;
    const place = fround(fround((rows[at] as number) - (low[j] as number)) / (steps[j] as number));
    codes[at] = Math.min(Math.max(Math.floor(place), 0), LEVELS) - offset;
  }
  return codes;
}

/**
 * Numbers that stand for codes: the lower end of the step of int8 and uint8, as sentence-transformers scores them again;
 * 1 and -1 for the bits of binary and ubinary.
 *
 * @returns [n, d]
 */
export function dequantizeRows(
  codes: EmbeddingCodes,
  dimensions: number,
  precision: EmbeddingPrecision,
  ranges: QuantizationRanges | null = null,
): Float32Array {
  if (codes instanceof Float32Array) return codes;
  const n = codes.length / rowBytes(precision, dimensions);
  const rows = new Float32Array(n * dimensions);
  if (!isScalar(precision)) {
    const offset = precision === 'binary' ? SIGN_OFFSET : 0;
    const width = rowBytes(precision, dimensions);
    for (let at = 0; at < rows.length; at++) {
      const j = at % dimensions;
      const byte = (codes[Math.floor(at / dimensions) * width + (j >> 3)] as number) + offset;
      rows[at] = (byte >> (7 - (j & 7))) & 1 ? 1 : -1;
    }
    return rows;
  }
  const { low } = checkedRanges(ranges, dimensions, precision);
  const steps = quantizationSteps(ranges as QuantizationRanges);
  const offset = precision === 'int8' ? SIGN_OFFSET : 0;
  for (let at = 0; at < rows.length; at++) {
    const j = at % dimensions;
    rows[at] = ((codes[at] as number) + offset) * (steps[j] as number) + (low[j] as number);
  }
  return rows;
}

/** The signs of rows as bits [n, ceil(d / 8)]. */
export function packSigns(rows: Float32Array, dimensions: number): Uint8Array {
  const width = Math.ceil(dimensions / 8);
  const bits = new Uint8Array((rows.length / dimensions) * width);
  for (let at = 0; at < rows.length; at++) {
    if (!((rows[at] as number) > 0)) continue;
    const j = at % dimensions;
    const byte = Math.floor(at / dimensions) * width + (j >> 3);
    bits[byte] = (bits[byte] as number) | (128 >> (j & 7));
  }
  return bits;
}

function checkedRanges(
  ranges: QuantizationRanges | null,
  dimensions: number,
  precision: EmbeddingPrecision,
): QuantizationRanges {
  if (ranges && ranges.low.length === dimensions && ranges.high.length === dimensions) return ranges;
  throw new UserError(
    `${precision} needs the ranges of ${quantity(dimensions, 'dimensions')} that it was calibrated on, got ${ranges ? `those of ${ranges.low.length}` : 'none'}`,
  );
}
