/**
 * What quantized documents cost and lose: the same search with documents as codes, with and without scoring the
 * candidates again. Calibrated on the corpus, as a service would be; queries stay in full precision.
 */
import type { Reporting } from '../../core/events.js';
import { quantizationRanges } from '../../core/quantization.js';
import { buildIndex } from '../index/build-index.js';
import { buildQuantized, type SearchablePrecision } from '../index/quantized-search.js';
import type { Run } from '../ranking.js';
import type { TruncatedSearch } from './truncated.js';

/** Precisions that an evaluation compares. */
export const STUDIED_PRECISIONS = ['float32', 'int8', 'binary'] as const;
export type StudiedPrecision = (typeof STUDIED_PRECISIONS)[number];

export interface QuantizationPlan {
  precisions: readonly StudiedPrecision[];
  /** So many times the results wanted are scored again; 1: codes alone rank. */
  rescoringMultiplier: number;
  /** Results wanted a query: as deep as the metrics look. */
  depth: number;
}

/** A search of documents in one precision. */
export interface QuantizedRun {
  precision: StudiedPrecision;
  /** Candidates a query that were scored again; 0: none. */
  candidates: number;
  /** Of the documents, and of ranges that go with them. */
  bytes: number;
  bytesPerVector: number;
  searchSeconds: number;
  run: Run;
}

/** Full precision first, to compare with; then each other one by its codes alone, and with candidates scored again. */
export async function searchQuantized(
  { ids, documents, queryIds, queries, dimensions, matmul }: Omit<TruncatedSearch, 'depth'>,
  { precisions, rescoringMultiplier, depth }: QuantizationPlan,
  reporting: Reporting,
): Promise<QuantizedRun[]> {
  if (precisions.length === 0) return [];
  const k = Math.min(depth, ids.length);
  const runOf = (found: Awaited<ReturnType<typeof exact.search>>): Run =>
    new Map(queryIds.map((id, i) => [id, found[i] ?? []]));
  const exact = await buildIndex({ ids, vectors: documents, dimensions, ...(matmul ? { matmul } : {}), ...reporting });
  const runs: QuantizedRun[] = [];
  try {
    const start = performance.now();
    const run = runOf(await exact.search(queries, k, reporting));
    const searchSeconds = (performance.now() - start) / 1000;
    const bytesPerVector = 4 * dimensions;
    const size = { bytes: bytesPerVector * ids.length, bytesPerVector };
    runs.push({ precision: 'float32', candidates: 0, ...size, searchSeconds, run });
  } finally {
    await exact.close();
  }
  const coded = precisions.filter((precision): precision is SearchablePrecision => precision !== 'float32');
  // a single document has no ranges, and nothing to be told from
  if (coded.length === 0 || ids.length < 2) return runs;
  const ranges = quantizationRanges(documents, dimensions);
  for (const precision of coded) {
    const index = buildQuantized(ids, documents, dimensions, precision, ranges);
    const candidates = Math.min(ids.length, k * rescoringMultiplier);
    for (const again of rescoringMultiplier > 1 ? [0, candidates] : [0]) {
      const start = performance.now();
      const run = runOf(await index.search(queries, { k, candidates: again }, reporting));
      const bytesPerVector = Math.ceil(precision === 'int8' ? dimensions : dimensions / 8);
      const searchSeconds = (performance.now() - start) / 1000;
      runs.push({ precision, candidates: again, bytes: index.bytes, bytesPerVector, searchSeconds, run });
    }
  }
  return runs;
}
