/**
 * The index that everyone uses: asks a source for candidates, scores them again with one exact product, and ranks
 * them by the project's order. So FAISS, the engine's product and plain loops give the same results to the last bit.
 */

import { throwIfAborted } from '../../core/errors.js';
import type { MessageEvent, Reporting } from '../../core/events.js';
import { dot } from '../../core/rows.js';
import { compareRanked, type RankedDocument } from '../ranking.js';
import { type CandidateSource, checkQueries, type IndexKind, type VectorIndex } from './vector-index.js';

const QUERIES_AT_ONCE = 256;
// Single-precision products of unit vectors differ by about 1e-6 between libraries. This many more candidates than
// asked for, and this much distance between the last wanted and the last candidate, leave no doubt who is in.
const SPARE_CANDIDATES = 16;
const DOUBT = 1e-5;
// Compressed vectors rank roughly: the true neighbours are among several times as many.
const CANDIDATES_OF_COMPRESSED = 4;

export interface RankedIndexParts {
  kind: IndexKind;
  backend: 'faiss' | 'engine';
  ids: readonly string[];
  /** [n, d] */
  vectors: Float32Array;
  dimensions: number;
  fingerprint: string;
  source: CandidateSource;
  /** Takes over when the source fails; absent where the source cannot fail. */
  replacement?: () => CandidateSource;
  save(folder: string): Promise<void>;
}

export function rankedIndex(parts: RankedIndexParts): VectorIndex {
  const { kind, ids, vectors, dimensions, fingerprint } = parts;
  const n = ids.length;
  let { source, backend } = parts;
  const longest = largestNorm(vectors, dimensions);

  async function propose(queries: Float32Array, k: number, tell?: (event: MessageEvent) => void): Promise<Int32Array> {
    try {
      return await source.propose(queries, k);
    } catch (error) {
      if (!parts.replacement) throw error;
      tell?.({ level: 'warning', text: `${(error as Error).message}; the engine searches exactly instead` });
      await source.close();
      source = parts.replacement();
      backend = 'engine';
      return source.propose(queries, k);
    }
  }

  /** The ranking of one query from its candidates. */
  function rank(query: Float32Array, rows: Int32Array, k: number): RankedDocument[] {
    const found: RankedDocument[] = [];
    for (const row of rows) {
      // -1 where the source found fewer; a damaged index file may name rows that are not there
      if (row < 0 || row >= n) continue;
      const score = Math.fround(dot(query, 0, vectors, row * dimensions, dimensions));
      found.push({ id: ids[row] as string, score });
    }
    found.sort(compareRanked);
    const last = found.at(-1);
    const wanted = found[k - 1];
    const isExact = kind === 'flat';
    if (isExact && found.length < n && last && wanted) {
      const doubt = DOUBT * longest * Math.sqrt(dot(query, 0, query, 0, dimensions));
      if (wanted.score - last.score <= doubt) return rankAll(query).slice(0, k);
    }
    return found.slice(0, k);
  }

  /** Every document, for the rare query whose cut falls into a crowd of equal scores. */
  function rankAll(query: Float32Array): RankedDocument[] {
    const all = ids.map((id, row) => ({
      id,
      score: Math.fround(dot(query, 0, vectors, row * dimensions, dimensions)),
    }));
    return all.sort(compareRanked);
  }

  return {
    kind,
    get backend() {
      return backend;
    },
    ids,
    dimensions,
    fingerprint,
    async search(queries, k, reporting: Reporting = {}) {
      checkQueries(queries, dimensions, k);
      const q = queries.length / dimensions;
      const asked = Math.min(n, (k + SPARE_CANDIDATES) * (kind === 'pq' ? CANDIDATES_OF_COMPRESSED : 1));
      const out: RankedDocument[][] = [];
      for (let first = 0; first < q; first += QUERIES_AT_ONCE) {
        throwIfAborted(reporting.signal, 'a search keeps nothing');
        const block = queries.subarray(first * dimensions, (first + QUERIES_AT_ONCE) * dimensions);
        const rows = await propose(block, asked, reporting.onMessage);
        for (let i = 0; i < block.length / dimensions; i++) {
          const query = block.subarray(i * dimensions, (i + 1) * dimensions);
          out.push(rank(query, rows.subarray(i * asked, (i + 1) * asked), Math.min(k, n)));
        }
        reporting.onProgress?.({ task: 'searching', done: out.length, total: q, unit: 'queries' });
      }
      return out;
    },
    save: (folder) => parts.save(folder),
    close: () => source.close(),
  };
}

function largestNorm(vectors: Float32Array, d: number): number {
  let largest = 0;
  for (let at = 0; at < vectors.length; at += d) largest = Math.max(largest, dot(vectors, at, vectors, at, d));
  return Math.sqrt(largest);
}
