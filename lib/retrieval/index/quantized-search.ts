/**
 * Exact search of quantized documents, in two passes (Shakir, Aarsen and Lee, 2024,
 * https://huggingface.co/blog/embedding-quantization):
 *
 *   1. candidates by codes alone: the fewest bits that differ (binary), or an inner product of whole numbers (int8)
 *   2. these again by the query in full precision, with the numbers that the codes stand for
 *
 * Only codes of documents are kept. FAISS for Node has no binary index; a scan by popcount takes 4 bytes at once.
 *
 * Shapes: n documents, q queries, d dimensions, k results.
 */

import { politely } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import {
  dequantizeRows,
  packSigns,
  type QuantizationRanges,
  quantizationSteps,
  quantizeRows,
  rowBytes,
} from '../../core/quantization.js';
import { dot } from '../../core/rows.js';
import { compareRanked, type RankedDocument } from '../ranking.js';

/** Precisions that can be searched. */
export type SearchablePrecision = 'int8' | 'binary';

/** What a search of codes is asked. */
export interface QuantizedSearchOptions {
  /** Results a query. */
  k: number;
  /** Candidates a query that are scored again in full precision; 0: none are, and codes alone rank. */
  candidates: number;
}

/** Documents as codes. */
export interface QuantizedIndex {
  precision: SearchablePrecision;
  /** Of all codes, and of the ranges that go with them. */
  bytes: number;
  /** @param queries [q, d]  @returns [q] lists, best first */
  search(queries: Float32Array, options: QuantizedSearchOptions, reporting?: Reporting): Promise<RankedDocument[][]>;
}

/** Scores of all documents for one query, higher for what is nearer. */
export type CodeScores = (query: Float32Array) => Int32Array;

/**
 * @param vectors [n, d]
 * @param ranges of the calibration set, for int8
 */
export function buildQuantized(
  ids: readonly string[],
  vectors: Float32Array,
  dimensions: number,
  precision: SearchablePrecision,
  ranges: QuantizationRanges,
): QuantizedIndex {
  const codes = quantizeRows(vectors, dimensions, precision, ranges);
  const width = rowBytes(precision, dimensions);
  const scoresOf = precision === 'binary' ? hammingScores(codes, dimensions) : int8Scores(codes, dimensions, ranges);
  const rescore = (query: Float32Array, row: number): number => {
    const document = dequantizeRows(codes.subarray(row * width, (row + 1) * width), dimensions, precision, ranges);
    return dot(query, 0, document, 0, dimensions);
  };
  return {
    precision,
    bytes: codes.byteLength + (precision === 'int8' ? 8 * dimensions : 0),
    async search(queries, { k, candidates }, { signal } = {}) {
      const pause = politely({ ...(signal && { signal }) }, 'what other systems found is in their caches');
      const found: RankedDocument[][] = [];
      for (let start = 0; start < queries.length; start += dimensions) {
        const query = queries.subarray(start, start + dimensions);
        const scores = scoresOf(query);
        const ranked = bestRows(scores, Math.max(k, candidates)).map((row) => ({
          id: ids[row] as string,
          score: Math.fround(candidates > 0 ? rescore(query, row) : (scores[row] as number)),
        }));
        found.push(ranked.sort(compareRanked).slice(0, k));
        await pause();
      }
      return found;
    },
  };
}

/** Bits that agree, of 32 at once. */
function hammingScores(codes: ArrayLike<number> & { byteLength: number }, dimensions: number): CodeScores {
  const bytes = Math.ceil(dimensions / 8);
  const words = Math.ceil(bytes / 4);
  const packed = (rows: ArrayLike<number>, offset: number): Int32Array => {
    const whole = new Uint8Array((rows.length / bytes) * words * 4);
    for (let at = 0; at < rows.length; at++) {
      whole[Math.floor(at / bytes) * words * 4 + (at % bytes)] = (rows[at] as number) + offset;
    }
    return new Int32Array(whole.buffer);
  };
  const documents = packed(codes, 128);
  const n = documents.length / words;
  return (query) => {
    const asked = packed(packSigns(query, dimensions), 0);
    const scores = new Int32Array(n);
    for (let row = 0; row < n; row++) {
      let different = 0;
      for (let i = 0; i < words; i++) {
        different += popcount((documents[row * words + i] as number) ^ (asked[i] as number));
      }
      scores[row] = dimensions - different;
    }
    return scores;
  };
}

/** Ones among 32 bits (Warren, Hacker's Delight, 2012, figure 5-2). */
export function popcount(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Inner products of codes with the query as whole numbers: a code stands for low + step · code, so that the query's numbers
 * times the steps, rounded to 8 bits, rank as the query does but for the rounding.
 */
export function int8Scores(codes: ArrayLike<number>, dimensions: number, ranges: QuantizationRanges): CodeScores {
  const steps = quantizationSteps(ranges);
  const n = codes.length / dimensions;
  return (query) => {
    const weights = query.map((value, j) => value * (steps[j] as number));
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const whole = Int32Array.from(weights, (weight) => (largest > 0 ? Math.round((127 * weight) / largest) : 0));
    const scores = new Int32Array(n);
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++) sum += (codes[row * dimensions + j] as number) * (whole[j] as number);
      scores[row] = sum;
    }
    return scores;
  };
}

/** The rows with the k highest scores, and those that share the last of them. */
export function bestRows(scores: Int32Array, k: number): number[] {
  const least = k < scores.length ? (scores.slice().sort()[scores.length - k] as number) : Number.NEGATIVE_INFINITY;
  const rows: number[] = [];
  scores.forEach((score, row) => {
    if (score >= least) rows.push(row);
  });
  return rows;
}
