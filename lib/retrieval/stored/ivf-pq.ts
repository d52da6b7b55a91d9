/**
 * An inverted file of product-quantized residuals (Jégou et al., 2011, "Product quantization for nearest neighbor search",
 * IVFADC), made and searched by FAISS in a process of its own. Vectors go there some at a time: neither process ever holds
 * them all.
 */
import { open } from 'node:fs/promises';
import { throwIfAborted, WorkError } from '../../core/errors.js';
import { politely } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import { normalizeRowsInPlace } from '../../core/rows.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import { FaissProcess } from '../index/faiss-candidates.js';
import { probesPlace } from '../index/faiss-format.js';

const NOTHING_KEPT = 'nothing is kept: the same command starts the index over';
const ROWS_AT_ONCE = 4096;
/** Numbers of the sample that cells and codes are learned from: a third of a GB in FAISS' process, 87,000 rows of 384. */
const SAMPLE_NUMBERS = 2 ** 25;
/** FAISS wants 39 vectors of the sample for a cell; half of it still makes usable cells. */
const SAMPLE_ROWS_A_CELL = 16;
/** Bytes of queries that the addon may leak before its process is replaced. */
const LEAK_LIMIT = 256 * 2 ** 20;

export interface IvfPqShape {
  cells: number;
  /** Bytes of the code of a vector. */
  codeBytes: number;
  trainingRows: number;
  /** As FAISS' factory writes it; np: without the training of polysemous codes, which takes minutes and serves another search. */
  description: string;
}

/** 4 sqrt(n) cells, as FAISS advises, where the sample is large enough for them; a byte for eight dimensions. */
export function ivfPqShape(rows: number, dimensions: number): IvfPqShape {
  const trainingRows = Math.min(rows, Math.floor(SAMPLE_NUMBERS / dimensions));
  const cells = Math.max(1, Math.min(Math.round(4 * Math.sqrt(rows)), Math.floor(trainingRows / SAMPLE_ROWS_A_CELL)));
  let codeBytes = Math.max(1, Math.ceil(dimensions / 8));
  while (dimensions % codeBytes !== 0) codeBytes++;
  return { cells, codeBytes, trainingRows, description: `IVF${cells},PQ${codeBytes}x8np` };
}

/** Builds the index in two passes: one over a sample, to learn cells and codes, one over all rows, to add them. */
export async function writeIvfPq(
  file: string,
  embeddings: EmbeddingRows,
  shape: IvfPqShape,
  { onProgress, signal }: Reporting = {},
): Promise<void> {
  const { rows, dimensions } = embeddings;
  const { trainingRows, description } = shape;
  const pause = politely({ ...(signal && { signal }) }, NOTHING_KEPT);
  const faiss = new FaissProcess();
  const stop = (): void => faiss.end();
  signal?.addEventListener('abort', stop);
  try {
    await faiss.ask({ do: 'create', d: dimensions, description });
    for (let first = 0; first < trainingRows; first += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, trainingRows - first);
      // every n/trainingRows-th row: a sample of the whole, the same each time
      const places = Array.from({ length: count }, (_, i) => Math.floor(((first + i) * rows) / trainingRows));
      const sample = normalizeRowsInPlace(await embeddings.pick(places), dimensions);
      await faiss.ask({ do: 'sample', vectors: sample });
      onProgress?.({ task: 'reading a sample', done: first + count, total: trainingRows, unit: 'vectors' });
      await pause();
    }
    onProgress?.({ task: `learning ${shape.cells} cells`, done: 0, total: 1, unit: 'trainings' });
    await faiss.ask({ do: 'train' });
    onProgress?.({ task: `learning ${shape.cells} cells`, done: 1, total: 1, unit: 'trainings' });
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - from);
      const block = await embeddings.read(from, count);
      await faiss.ask({ do: 'add', vectors: normalizeRowsInPlace(block, dimensions) });
      onProgress?.({ task: 'indexing', done: from + count, total: rows, unit: 'vectors' });
      await pause();
    }
    // the addon ends its process on a path that cannot be written
    await (await open(file, 'w')).close();
    await faiss.ask({ do: 'write', file });
  } catch (error) {
    // a process that was ended because of the signal cannot answer
    throwIfAborted(signal, NOTHING_KEPT);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    faiss.end();
  }
}

/** An index in a FAISS process. */
export interface IvfPq {
  /** Rows of the codes nearest to a query [d], best first; fewer where the cells hold fewer. */
  propose(query: Float32Array, count: number): Promise<Int32Array>;
  close(): Promise<void>;
}

export async function openIvfPq(file: string, rows: number, dimensions: number): Promise<IvfPq> {
  const start = async (): Promise<FaissProcess> => {
    const faiss = new FaissProcess();
    try {
      await faiss.ask({ do: 'open', file, n: rows, d: dimensions });
      return faiss;
    } catch (error) {
      faiss.end();
      throw error;
    }
  };
  let faiss = await start();
  let leaked = 0;
  return {
    async propose(query, count) {
      leaked += query.byteLength;
      if (leaked > LEAK_LIMIT) {
        const next = await start();
        faiss.end();
        faiss = next;
        leaked = 0;
      }
      const { rows: found } = await faiss.ask({
        do: 'search',
        queries: query.slice(),
        k: Math.min(count, rows),
        alone: true,
      });
      if (!found) throw new WorkError('FAISS gave no result: please report this');
      return found.filter((row) => row >= 0);
    },
    close: async () => faiss.end(),
  };
}

/** Sets how many cells a search of the index looks into; the addon has no function for it. */
export async function setProbesOf(file: string, cells: number, probes: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const head = Buffer.alloc(64);
    await handle.read(head, 0, head.length, 0);
    const value = Buffer.alloc(8);
    value.writeBigUInt64LE(BigInt(probes));
    await handle.write(value, 0, 8, probesPlace(head, cells));
  } finally {
    await handle.close();
  }
}
