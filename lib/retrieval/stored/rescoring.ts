/** What an index proposes, scored again with the vectors of the file. */
import { normalizeRowsInPlace } from '../../core/rows.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';

/** A row of the file, with its cosine to a query. */
export interface ScoredRow {
  row: number;
  score: number;
}

/**
 * @param query [d], of length 1  @param candidates rows; those below 0 are none
 * @returns in the order of the candidates
 */
export async function rescored(
  embeddings: EmbeddingRows,
  query: Float32Array,
  candidates: ArrayLike<number>,
): Promise<ScoredRow[]> {
  const { dimensions } = embeddings;
  const rows = Array.from(candidates).filter((row) => row >= 0);
  const vectors = normalizeRowsInPlace(await embeddings.pick(rows), dimensions);
  return rows.map((row, i) => {
    let score = 0;
    for (let j = 0; j < dimensions; j++) score += (query[j] as number) * (vectors[i * dimensions + j] as number);
    return { row, score };
  });
}

/** The best first; of equal scores the lower row. */
export function best(scored: readonly ScoredRow[], k: number): ScoredRow[] {
  return [...scored].sort((a, b) => b.score - a.score || a.row - b.row).slice(0, k);
}
