/**
 * Embeddings in two bytes a number: the int8 code that all of this project has (core/quantization.ts), which finds candidates,
 * and the place inside the step of that code, in 256 parts, with which candidates are scored again. Read together they are as
 * good as 16 bits: cosines differ by about 1e-6 from those of 32 bits, and order as these do.
 *
 *   x = low + (code + 128 + part / 256) * step        low, step per dimension; code, part per number
 *
 * As bytes: low [D] and high [D] as little-endian float32, codes [n, D], parts [n, D].
 */
import { quantity } from '../../core/quantity.js';
import {
  type EmbeddingCodes,
  type QuantizationRanges,
  quantizationRanges,
  quantizationSteps,
  quantizeRows,
} from '../../core/quantization.js';

export interface PackedEmbeddings {
  ranges: QuantizationRanges;
  /** D */
  dimensions: number;
  /** [n, D] */
  codes: Int8Array;
  /** [n, D] */
  parts: Uint8Array;
}

const PARTS = 256;
const OFFSET = 128;

/**
 * @param rows [n, D]
 * @throws UserError for fewer than two rows
 */
export function packEmbeddings(rows: Float32Array, dimensions: number): PackedEmbeddings {
  const ranges = quantizationRanges(rows, dimensions);
  const steps = quantizationSteps(ranges);
  const codes: EmbeddingCodes = quantizeRows(rows, dimensions, 'int8', ranges);
  const parts = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const j = at % dimensions;
    const place = (rows[at]! - ranges.low[j]!) / steps[j]! - (codes[at]! + OFFSET);
    parts[at] = Math.min(PARTS - 1, Math.max(0, Math.round(PARTS * place)));
  }
  return { ranges, dimensions, codes: codes as Int8Array, parts };
}

export function embeddingBytes({ ranges, codes, parts, dimensions }: PackedEmbeddings): Uint8Array {
  const bytes = new Uint8Array(8 * dimensions + 2 * codes.length);
  const view = new DataView(bytes.buffer);
  for (let j = 0; j < dimensions; j++) {
    view.setFloat32(4 * j, ranges.low[j]!, true);
    view.setFloat32(4 * (dimensions + j), ranges.high[j]!, true);
  }
  bytes.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.length), 8 * dimensions);
  bytes.set(parts, 8 * dimensions + codes.length);
  return bytes;
}

/** @throws where the bytes are not those of n rows */
export function readEmbeddings(bytes: Uint8Array, n: number, dimensions: number): PackedEmbeddings {
  const numbers = n * dimensions;
  if (bytes.length !== 8 * dimensions + 2 * numbers) {
    throw new Error(`${quantity(bytes.length, 'bytes')} of embeddings: expected those of ${quantity(n, 'papers')}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const floats = (from: number): Float32Array =>
    Float32Array.from({ length: dimensions }, (_, j) => view.getFloat32(4 * (from + j), true));
  const start = bytes.byteOffset + 8 * dimensions;
  return {
    ranges: { low: floats(0), high: floats(dimensions) },
    dimensions,
    codes: new Int8Array(bytes.buffer, start, numbers),
    parts: new Uint8Array(bytes.buffer, start + numbers, numbers),
  };
}

/** Inner products of a query [D] with single rows, by code and part. */
export function rowScores({ ranges, dimensions, codes, parts }: PackedEmbeddings): (query: Float32Array) => RowScore {
  const steps = quantizationSteps(ranges);
  return (query) => {
    const weights = Float64Array.from(query, (value, j) => value * steps[j]!);
    const base = query.reduce((sum, value, j) => sum + value * ranges.low[j]!, 0);
    return (row) => {
      const start = row * dimensions;
      let sum = base;
      for (let j = 0; j < dimensions; j++) {
        sum += weights[j]! * (codes[start + j]! + OFFSET + parts[start + j]! / PARTS);
      }
      return Math.fround(sum);
    };
  };
}

export type RowScore = (row: number) => number;
