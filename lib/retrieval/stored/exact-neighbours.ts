/** The true nearest rows of some queries, by one pass over a file of embeddings: what an approximate index is held against. */

import { politely } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import { normalizeRowsInPlace } from '../../core/rows.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import { BestScores } from '../index/matmul-candidates.js';
import type { Matmul } from '../index/vector-index.js';

const ROWS_AT_ONCE = 4096;

/**
 * @param queries [q, d], of length 1
 * @returns for each query the k rows with the highest cosine, best first
 */
export async function exactNeighbours(
  embeddings: EmbeddingRows,
  queries: Float32Array,
  k: number,
  matmul: Matmul,
  { onProgress, signal }: Reporting = {},
): Promise<Int32Array[]> {
  const { rows, dimensions } = embeddings;
  const q = queries.length / dimensions;
  const best = Array.from({ length: q }, () => new BestScores(k));
  const pause = politely({ ...(signal && { signal }) }, 'nothing is kept: the same command starts the index over');
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - from);
    const block = normalizeRowsInPlace(await embeddings.read(from, count), dimensions);
    const scores = await matmul(queries, block, dimensions);
    best.forEach((heap, i) => {
      for (let j = 0; j < count; j++) heap.offer(scores[i * count + j] as number, from + j);
    });
    onProgress?.({ task: 'exact search for the sample', done: from + count, total: rows, unit: 'vectors' });
    await pause();
  }
  return best.map((heap) => heap.ranked());
}
