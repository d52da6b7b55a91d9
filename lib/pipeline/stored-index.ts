/** Indexes over files of embeddings: built on the engine that the settings name, searched by the texts of queries. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { matmulTransposed } from '../engine/matmul.js';
import { startEngine } from '../engine/start-engine.js';
import type { RankedDocument } from '../retrieval/ranking.js';
import { type BuildStoredIndexOptions, buildStoredIndex as build } from '../retrieval/stored/build-stored-index.js';
import type { StoredIndexDescription } from '../retrieval/stored/description.js';
import { openStoredIndex } from '../retrieval/stored/open-stored-index.js';
import type { EncoderSettings } from './encoder-source.js';
import { loadEncoder } from './load-encoder.js';

/** Builds an index over a file of embeddings; the settings say which engine multiplies for the exact search of the sample. */
export async function buildStoredIndex(
  { engine: name, threads }: Pick<Config, 'engine' | 'threads'>,
  options: BuildStoredIndexOptions,
): Promise<StoredIndexDescription> {
  const engine = await startEngine({ engine: name, threads });
  try {
    return await build(options, matmulTransposed(engine));
  } finally {
    await engine.close();
  }
}

/** Where to search, and with what settings the query is encoded. */
export interface SearchStoredIndexOptions extends Reporting, EncoderSettings {
  /** Folder of the index. */
  index: string;
  /** Where its embeddings lie now, if not where they were. */
  embeddings?: string;
}

/**
 * The rows of an index nearest to a query.
 *
 * @param source the encoder that made the embeddings: a run folder, a model folder, or a hub id
 */
export async function searchStoredIndex(
  source: string,
  query: string,
  k: number,
  { index: folder, embeddings, preset, input, settings, ...rest }: SearchStoredIndexOptions,
): Promise<RankedDocument[]> {
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
  // before the model, which takes longer
  const index = await openStoredIndex(folder, embeddings);
  try {
    const given = {
      ...(preset !== undefined && { preset }),
      ...(input !== undefined && { input }),
      ...(settings && { settings }),
    };
    const encoder = await loadEncoder(source, { ...given, ...reportingOf(rest) });
    try {
      const { dimensions } = index.description.embeddings;
      if (encoder.dimensions < dimensions) {
        throw new UserError(
          `${source} gives ${quantity(encoder.dimensions, 'dimensions')}, the index ${folder} has ${dimensions}: name the encoder that made its embeddings`,
        );
      }
      const [vector] = await encoder.encodeQueries([query], { dimensions });
      return await index.search(vector as Float32Array, k);
    } finally {
      await encoder.close();
    }
  } finally {
    await index.close();
  }
}
