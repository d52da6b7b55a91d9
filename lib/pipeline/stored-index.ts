/** Indexes over files of embeddings: built on the engine that the settings name, searched by the texts of queries. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { matmulTransposed } from '../engine/matmul.js';
import { startEngine } from '../engine/start-engine.js';
import type { EmbeddingMaker } from '../files/embedding-maker.js';
import { openEmbeddingRows } from '../files/embedding-rows.js';
import type { RankedDocument } from '../retrieval/ranking.js';
import { type BuildStoredIndexOptions, buildStoredIndex as build } from '../retrieval/stored/build-stored-index.js';
import type { StoredIndexDescription } from '../retrieval/stored/description.js';
import { openStoredIndex } from '../retrieval/stored/open-stored-index.js';
import { openVectorDatabase } from '../retrieval/stores/open-database.js';
import type { PushedEmbeddings } from '../retrieval/stores/vector-database.js';
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
  { index: folder, embeddings, ...options }: SearchStoredIndexOptions,
): Promise<RankedDocument[]> {
  checkQuery(query);
  // before the model, which takes longer
  const index = await openStoredIndex(folder, embeddings);
  try {
    const { embeddings: vectors, maker } = index.description;
    const place = { where: `the index ${folder}`, dimensions: vectors.dimensions, maker };
    return await index.search(await queryVector(source, query, place, options), k);
  } finally {
    await index.close();
  }
}

/** A table of a database, by its address, as `openVectorDatabase` takes it. */
export interface StoreAddress {
  /** "lancedb:FOLDER" */
  store: string;
  table: string;
}

/** Pushes a file of embeddings into a database, with an index where there are many. */
export async function pushEmbeddings(
  path: string,
  { store, table, replace = false, ...reporting }: StoreAddress & Reporting & { replace?: boolean },
): Promise<PushedEmbeddings> {
  const embeddings = await openEmbeddingRows(path);
  try {
    await embeddings.verify();
    const database = await openVectorDatabase(store, table);
    try {
      return await database.push(embeddings, { ...reporting, replace });
    } finally {
      await database.close();
    }
  } finally {
    await embeddings.close();
  }
}

/** The rows of a table nearest to a query. @param source as for {@link searchStoredIndex} */
export async function searchStore(
  source: string,
  query: string,
  k: number,
  { store, table, ...options }: StoreAddress & Reporting & EncoderSettings,
): Promise<RankedDocument[]> {
  checkQuery(query);
  const database = await openVectorDatabase(store, table);
  try {
    const place = { where: `the table ${table}`, dimensions: await database.dimensions(), maker: null };
    const vector = await queryVector(source, query, place, options);
    return await database.search(vector, k);
  } finally {
    await database.close();
  }
}

function checkQuery(query: string): void {
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
}

/** Vectors that a query is compared with. */
interface Searched {
  /** As errors call it. */
  where: string;
  dimensions: number;
  /** Null where nobody knows. */
  maker: EmbeddingMaker | null;
}

/** @throws UserError for an encoder that did not make what is searched, as far as that is known */
async function queryVector(
  source: string,
  query: string,
  { where, dimensions, maker }: Searched,
  { preset, input, settings, ...rest }: Reporting & EncoderSettings,
): Promise<Float32Array> {
  const given = {
    ...(preset !== undefined && { preset }),
    ...(input !== undefined && { input }),
    ...(settings && { settings }),
  };
  const encoder = await loadEncoder(source, { ...given, ...reportingOf(rest) });
  try {
    if (maker && encoder.weights() !== maker.weights) {
      throw new UserError(
        `${where} is of embeddings that another encoder made (${maker.model}), not ${source}: name that one, or encode again with this one`,
      );
    }
    if (encoder.dimensions < dimensions) {
      throw new UserError(
        `${source} gives ${quantity(encoder.dimensions, 'dimensions')}, ${where} has ${dimensions}: name the encoder that made its embeddings`,
      );
    }
    const [vector] = await encoder.encodeQueries([query], { dimensions });
    return vector as Float32Array;
  } finally {
    await encoder.close();
  }
}
