/**
 * Embeddings truncated to their first dimensions and scaled to unit length again: how much a shorter vector would cost. What
 * Matryoshka training (training/matryoshka.ts) is for; any other model loses more.
 */
import type { Reporting } from '../../core/events.js';
import { normalizedRows } from '../../core/rows.js';
import { buildIndex } from '../index/build-index.js';
import type { Matmul } from '../index/vector-index.js';
import type { Run } from '../ranking.js';

/** The first numbers of each row, scaled to unit length. @param vectors [n, from]  @returns [n, to] */
export function truncateRows(vectors: Float32Array, from: number, to: number): Float32Array {
  const n = vectors.length / from;
  const out = new Float32Array(n * to);
  for (let row = 0; row < n; row++) out.set(vectors.subarray(row * from, row * from + to), row * to);
  return normalizedRows(out, to);
}

/**
 * The lengths to look at, ascending and shorter than the full one.
 *
 * @param asked null: a half, a quarter and an eighth of the full length, down to 16
 */
export function truncatedLengths(full: number, asked: readonly number[] | null): number[] {
  const lengths = asked ?? [2, 4, 8].map((part) => Math.round(full / part)).filter((length) => length >= 16);
  return [...new Set(lengths)].filter((length) => length < full).sort((a, b) => a - b);
}

export interface TruncatedSearch {
  /** Document ids, [n]. */
  ids: readonly string[];
  /** [n, d] */
  documents: Float32Array;
  /** Query ids, [q]. */
  queryIds: readonly string[];
  /** [q, d] */
  queries: Float32Array;
  dimensions: number;
  depth: number;
  matmul?: Matmul | undefined;
}

/** What exact search finds with vectors truncated to `length` dimensions. */
export async function searchTruncated(search: TruncatedSearch, length: number, reporting: Reporting): Promise<Run> {
  const { ids, documents, queryIds, queries, dimensions, depth, matmul } = search;
  const vectors = truncateRows(documents, dimensions, length);
  const index = await buildIndex({ ids, vectors, dimensions: length, ...(matmul ? { matmul } : {}), ...reporting });
  try {
    const found = await index.search(truncateRows(queries, dimensions, length), depth, reporting);
    return new Map(queryIds.map((id, i) => [id, found[i] ?? []]));
  } finally {
    await index.close();
  }
}
