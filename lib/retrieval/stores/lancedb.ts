/**
 * LanceDB (https://lancedb.github.io/lancedb/): tables of vectors in a folder or an object store, without a server, with
 * prebuilt binaries. Its package is large (170 MB) and not installed with this one.
 */

import { resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { politely } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { normalizedRows, normalizeRowsInPlace } from '../../core/rows.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import type { RankedDocument } from '../ranking.js';
import type { PushedEmbeddings, VectorDatabase } from './vector-database.js';

/** The part of the package that is used. */
interface LanceDb {
  connect(place: string): Promise<LanceConnection>;
  Index: { ivfPq(options: Record<string, unknown>): unknown };
}
interface LanceConnection {
  tableNames(): Promise<string[]>;
  createTable(name: string, rows: LanceRow[], options: { mode: 'create' | 'overwrite' }): Promise<LanceTable>;
  openTable(name: string): Promise<LanceTable>;
  close(): void;
}
interface LanceTable {
  add(rows: LanceRow[]): Promise<unknown>;
  createIndex(column: string, options: { config: unknown; replace: boolean }): Promise<void>;
  schema(): Promise<{ fields: { name: string; type: { listSize?: number } }[] }>;
  query(): { nearestTo(vector: Float32Array): LanceQuery };
  close(): void;
}
interface LanceQuery {
  distanceType(name: 'cosine'): LanceQuery;
  refineFactor(factor: number): LanceQuery;
  limit(count: number): LanceQuery;
  select(columns: string[]): LanceQuery;
  toArray(): Promise<{ id: string; _distance: number }[]>;
}
interface LanceRow {
  id: string;
  vector: number[];
}

const PACKAGE = '@lancedb/lancedb';
const ROWS_AT_ONCE = 4096;
/** Fewer vectors are compared one and all, which takes milliseconds. */
const FEWEST_INDEXED = 50_000;
/** Candidates for each result that are scored again with their vectors. */
const REFINE = 20;

/** @param place a folder, or a URI of an object store */
export async function openLanceDb(place: string, table: string): Promise<VectorDatabase> {
  const lance = await loadLanceDb();
  const connection = await lance.connect(place.includes('://') ? place : resolve(place)).catch((error: Error) => {
    throw new UserError(`${place} cannot be opened as a LanceDB: ${error.message}; check the path or URI`);
  });
  let opened: LanceTable | null = null;
  const existing = async (): Promise<LanceTable> => {
    if (!opened && !(await connection.tableNames()).includes(table)) {
      throw new UserError(
        `${place} has no table "${table}": make it with "llm-embedding index push EMBEDDINGS --store lancedb:${place} --table ${table}"`,
      );
    }
    opened ??= await connection.openTable(table);
    return opened;
  };
  return {
    async push(embeddings, options = {}) {
      if (!options.replace && (await connection.tableNames()).includes(table)) {
        throw new UserError(
          `${place} has a table "${table}" already: replace it with --replace, or take another (--table)`,
        );
      }
      const made = await pushRows(connection, table, embeddings, options);
      opened = made;
      return {
        ...(await indexRows(lance, made, embeddings)),
        rows: embeddings.rows,
        dimensions: embeddings.dimensions,
      };
    },
    async search(query, k) {
      const asked = normalizedRows(query, query.length);
      const nearest = (await existing()).query().nearestTo(asked).distanceType('cosine');
      const found = await nearest.refineFactor(REFINE).limit(k).select(['id', '_distance']).toArray();
      return found.map(({ id, _distance }): RankedDocument => ({ id, score: 1 - _distance }));
    },
    async dimensions() {
      const { fields } = await (await existing()).schema();
      return fields.find(({ name }) => name === 'vector')?.type.listSize ?? 0;
    },
    async close() {
      opened?.close();
      connection.close();
    },
  };
}

async function loadLanceDb(): Promise<LanceDb> {
  const from = process.env.LLM_EMBEDDING_LANCEDB ?? PACKAGE;
  try {
    return (await import(from)) as LanceDb;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new UserError(
      `the store lancedb needs the package ${PACKAGE} (${reason}): npm install ${PACKAGE}@0.31.0 apache-arrow@18 (0.31 is for Node.js 20, later ones for 22)`,
    );
  }
}

async function pushRows(
  connection: LanceConnection,
  table: string,
  embeddings: EmbeddingRows,
  { onProgress, signal, replace }: Reporting & { replace?: boolean },
): Promise<LanceTable> {
  const { rows, dimensions, ids } = embeddings;
  const pause = politely({ ...(signal && { signal }) }, `the table "${table}" has a part of the rows`);
  let made: LanceTable | null = null;
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - from);
    const block = normalizeRowsInPlace(await embeddings.read(from, count), dimensions);
    if (block.some((value) => !Number.isFinite(value))) {
      throw new UserError(`a row from ${from} on of ${embeddings.path} holds no finite number: encode again`);
    }
    const some = Array.from({ length: count }, (_, i): LanceRow => {
      const vector = Array.from(block.subarray(i * dimensions, (i + 1) * dimensions));
      return { id: ids?.[from + i] ?? String(from + i), vector };
    });
    if (made) await made.add(some);
    else made = await connection.createTable(table, some, { mode: replace ? 'overwrite' : 'create' });
    onProgress?.({ task: 'pushing', done: from + count, total: rows, unit: 'vectors' });
    await pause();
  }
  return made as LanceTable;
}

/** Its own advice is an index beyond a million rows, a cell for some thousands, and a byte for sixteen dimensions or fewer. */
async function indexRows(
  lance: LanceDb,
  table: LanceTable,
  { rows, dimensions }: EmbeddingRows,
): Promise<Pick<PushedEmbeddings, 'index'>> {
  if (rows < FEWEST_INDEXED) return { index: null };
  const numPartitions = Math.round(Math.sqrt(rows));
  let numSubVectors = Math.max(1, Math.ceil(dimensions / 8));
  while (dimensions % numSubVectors !== 0) numSubVectors++;
  const config = lance.Index.ivfPq({ distanceType: 'cosine', numPartitions, numSubVectors });
  await table.createIndex('vector', { config, replace: true });
  return { index: `IVF_PQ, ${quantity(numPartitions, 'cells')}, ${quantity(numSubVectors, 'bytes')}` };
}
