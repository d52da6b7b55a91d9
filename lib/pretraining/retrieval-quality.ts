/** How well bags of token vectors find an abstract by its title: what pre-training is followed by, without any layer. */

import { reciprocalRankOf } from '../core/reciprocal-rank.js';
import { normalizeRowsInPlace } from '../core/rows.js';
import type { RowProducts } from '../engine/matmul.js';
import { bagVectors } from './embedding-bag.js';
import type { TokenBags } from './token-bags.js';

/** Depth of the reciprocal rank. */
const DEPTH = 10;

/** Titles and abstracts as bags; title i belongs to abstract i. */
export interface ValidationBags {
  titles: TokenBags;
  abstracts: TokenBags;
}

/** MRR@10 of every title against all abstracts, by cosine. */
export async function bagMrr(
  table: Float32Array,
  width: number,
  { titles, abstracts }: ValidationBags,
  products: RowProducts,
): Promise<number> {
  const queries = normalizeRowsInPlace(bagVectors(table, width, titles), width);
  const documents = normalizeRowsInPlace(bagVectors(table, width, abstracts), width);
  return mrrOfScores(await products(queries, documents, width), titles.offsets.length - 1);
}

/**
 * Mean reciprocal rank, 0 beyond rank 10.
 *
 * @param scores [count, count], row-major; query i must find document i. A tie counts against it, and so does NaN.
 */
export function mrrOfScores(scores: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += reciprocalRankOf(DEPTH, i, count, (j) => scores[i * count + j]!);
  }
  return sum / count;
}
