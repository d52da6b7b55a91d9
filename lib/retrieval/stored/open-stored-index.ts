/** An index over a file of embeddings, opened to be searched. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import { normalizedRows } from '../../core/rows.js';
import { openEmbeddingRows } from '../../files/embedding-rows.js';
import type { RankedDocument } from '../ranking.js';
import { factsOf } from './build-stored-index.js';
import { CODES_FILE, FAISS_FILE, IDS_FILE, readDescription, type StoredIndexDescription } from './description.js';
import { readId } from './id-file.js';
import { openIvfPq } from './ivf-pq.js';
import { best, rescored } from './rescoring.js';
import { nearestSigns, readSignCodes } from './sign-codes.js';

/** An index over a file of embeddings. Close it to end what it runs. */
export interface StoredIndex {
  readonly description: StoredIndexDescription;
  /**
   * The rows nearest to a query vector [d] of any length, by cosine, the nearest first.
   *
   * @param candidates scored again with their vectors; absent: as many as the wanted recall took
   * @throws UserError for a query of other dimensions, or k below 1
   */
  search(query: Float32Array, k: number, candidates?: number): Promise<RankedDocument[]>;
  close(): Promise<void>;
}

/**
 * Opens what `buildStoredIndex` made.
 *
 * @param embeddings where the embeddings lie now; absent: where they lay when the index was built
 * @throws UserError where they are others than those of the index
 */
export async function openStoredIndex(folder: string, embeddings?: string): Promise<StoredIndex> {
  const description = await readDescription(folder);
  const { kind, idBytes, search } = description;
  const path = embeddings ?? description.embeddings.path;
  const vectors = await openEmbeddingRows(path).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `the index ${folder} needs its embeddings: ${error.message}, or say where they are (--embeddings)`,
    );
  });
  const facts = await factsOf(vectors);
  const { path: _, ...expected } = description.embeddings;
  if (JSON.stringify(facts) !== JSON.stringify({ ...facts, ...expected })) {
    await vectors.close();
    throw new UserError(
      `${path} is not what ${folder} was built from: build the index again, or say where its embeddings are (--embeddings)`,
    );
  }
  const { rows, dimensions } = vectors;
  const index = kind === 'ivf-pq' ? await openIvfPq(join(folder, FAISS_FILE), rows, dimensions) : null;
  const codes = index ? null : await readSignCodes(join(folder, CODES_FILE), rows, dimensions);
  const ids = idBytes === null ? null : await open(join(folder, IDS_FILE), 'r');
  const idOf = async (row: number): Promise<string> =>
    ids && idBytes !== null ? readId(ids, row, idBytes) : String(row);
  return {
    description,
    async search(query, k, candidates = search.candidates) {
      if (query.length !== dimensions) {
        throw new UserError(
          `a query of ${quantity(query.length, 'dimensions')}: the index ${folder} has ${dimensions}; take the model that made its embeddings`,
        );
      }
      if (!Number.isInteger(k) || k < 1) throw new UserError(`k = ${k}: expected a whole number of at least 1`);
      const asked = normalizedRows(query, dimensions);
      const count = Math.min(rows, Math.max(k, candidates));
      const proposed = index ? await index.propose(asked, count) : nearestSigns(codes as Int32Array, asked, count);
      const found = best(await rescored(vectors, asked, proposed), k);
      return Promise.all(found.map(async ({ row, score }) => ({ id: await idOf(row), score: Math.fround(score) })));
    },
    async close() {
      await index?.close();
      await ids?.close();
      await vectors.close();
    },
  };
}
