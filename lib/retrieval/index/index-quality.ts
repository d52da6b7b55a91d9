/**
 * What an approximate index costs and gains: the share of the true nearest documents that it finds, and the time of a
 * query beside that of exact search, both measured on the same queries in the same session.
 */
import type { Reporting } from '../../core/events.js';
import { Random } from '../../core/random.js';
import type { RankedDocument } from '../ranking.js';
import { buildIndex } from './build-index.js';
import type { IndexKind, Matmul, VectorIndex } from './vector-index.js';

export interface IndexQuality {
  kind: IndexKind;
  /** Who computed: FAISS, or the engine's matrix product. */
  backend: 'faiss' | 'engine';
  /** Share of the exact k nearest documents that the index finds; 1 for an exact one. */
  recall: number;
  k: number;
  /** Wall-clock time of a query when many are asked at once. */
  millisecondsAQuery: number;
  /** The same of exact search; absent for an exact index. */
  exactMillisecondsAQuery?: number;
}

const DEPTH = 10;
// Enough for a standard error of recall below .01; exact search of as many takes a second on 50,000 documents.
const MOST_QUERIES = 256;

export interface MeasureIndexOptions extends Reporting {
  /** [n, d], those of the index. */
  vectors: Float32Array;
  /** [q, d] */
  queries: Float32Array;
  seed: number;
  matmul?: Matmul | undefined;
}

/** Measures an index against exact search over the same vectors, on a seeded sample of the queries. */
export async function measureIndex(index: VectorIndex, options: MeasureIndexOptions): Promise<IndexQuality> {
  const { vectors, seed, matmul, ...reporting } = options;
  const { dimensions: d, kind, ids } = index;
  const queries = sampleRows(options.queries, d, MOST_QUERIES, seed);
  const k = Math.min(DEPTH, ids.length);
  const quiet: Reporting = reporting.signal ? { signal: reporting.signal } : {};
  const measured = await timedSearch(index, queries, k, quiet);
  const facts = { kind, backend: index.backend, k, millisecondsAQuery: measured.milliseconds };
  if (kind === 'flat') return { ...facts, recall: 1 };
  const exact = await buildIndex({ ids, vectors, dimensions: d, ...(matmul ? { matmul } : {}), ...quiet });
  try {
    const reference = await timedSearch(exact, queries, k, quiet);
    const recall = sharedWithExact(measured.found, reference.found);
    return { ...facts, recall, exactMillisecondsAQuery: reference.milliseconds };
  } finally {
    await exact.close();
  }
}

async function timedSearch(
  index: VectorIndex,
  queries: Float32Array,
  k: number,
  reporting: Reporting,
): Promise<{ found: RankedDocument[][]; milliseconds: number }> {
  // The first search of a process pays for threads and pages that later ones find ready.
  await index.search(queries.subarray(0, Math.min(queries.length, 20 * index.dimensions)), k, reporting);
  const start = performance.now();
  const found = await index.search(queries, k, reporting);
  return { found, milliseconds: (performance.now() - start) / Math.max(1, found.length) };
}

function sharedWithExact(found: RankedDocument[][], exact: RankedDocument[][]): number {
  let shared = 0;
  let wanted = 0;
  exact.forEach((documents, i) => {
    const ids = new Set((found[i] as RankedDocument[]).map(({ id }) => id));
    wanted += documents.length;
    shared += documents.filter(({ id }) => ids.has(id)).length;
  });
  return wanted === 0 ? 1 : shared / wanted;
}

function sampleRows(rows: Float32Array, d: number, most: number, seed: number): Float32Array {
  const n = rows.length / d;
  if (n <= most) return rows;
  const chosen = new Random(seed, 'index quality').shuffle(Array.from({ length: n }, (_, i) => i)).slice(0, most);
  const out = new Float32Array(most * d);
  chosen.forEach((row, i) => {
    out.set(rows.subarray(row * d, (row + 1) * d), i * d);
  });
  return out;
}
