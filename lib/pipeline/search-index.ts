/**
 * Documents ready to be searched, for many queries one at a time: vectors in an index, terms in BM25, and both fused. It
 * gives what `search` gives (search.ts), which makes all of this anew for its one query.
 */
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { normalizedRows } from '../core/rows.js';
import { buildIndex } from '../retrieval/index/build-index.js';
import type { IndexKind, Matmul, VectorIndex } from '../retrieval/index/vector-index.js';
import type { RankedDocument, Run } from '../retrieval/ranking.js';
import { type Bm25Options, buildBm25 } from '../retrieval/systems/bm25-index.js';
import { type TextKind, zeroRows } from '../retrieval/systems/embedding-model.js';
import { chooseFusion, DEFAULT_FUSION, type Fusion } from '../retrieval/systems/fusion.js';
import type { ValidationTask } from '../retrieval/systems/retrieval-system.js';
import { SEARCH_SYSTEMS, type SearchSystem, searchBy } from '../retrieval/systems/search-by.js';

export { SEARCH_SYSTEMS, type SearchSystem };

/** A text with the id that it is found by. */
export interface IndexedDocument {
  id: string;
  text: string;
}

/** Documents in memory that can be searched; close it to free the index. */
export interface SearchIndex {
  /** How many documents. */
  readonly size: number;
  /**
   * The documents nearest to a query, the nearest first: at most `k`, and all there are where there are fewer.
   *
   * @param system encoder (default), bm25 or hybrid
   * @throws UserError for a query without a word, or k below 1
   */
  search(query: string, k?: number, options?: { system?: SearchSystem } & Reporting): Promise<RankedDocument[]>;
  close(): Promise<void>;
}

/** What an index is made of, for those that pack it up. */
export interface IndexContents {
  /** The documents that have tokens, by their places among all: the others are found by BM25 alone. */
  rows: readonly number[];
  /** [rows, D], of length 1 */
  vectors: Float32Array;
  /** D */
  dimensions: number;
  fusion: Fusion;
}

/** An index that shows what it is made of. */
export interface OpenedSearchIndex extends SearchIndex {
  readonly contents: IndexContents;
}

export interface SearchIndexOptions extends Reporting {
  /** Vectors [n, D] of texts, of any length; zeros for a text without tokens. */
  embed(texts: readonly string[], kind: TextKind, reporting: Reporting): Promise<Float32Array>;
  /** D */
  dimensions: number;
  kind?: IndexKind;
  bm25?: Bm25Options;
  matmul?: Matmul;
  /** What the hybrid is chosen by; absent: equal weights. */
  validation?: ValidationTask;
}

/** @throws UserError for no documents, or two with one id */
export async function openSearchIndex(
  documents: readonly IndexedDocument[],
  options: SearchIndexOptions,
): Promise<OpenedSearchIndex> {
  const parts = await indexParts(documents, options);
  const n = documents.length;
  const fusion = await chosenFusion(options).catch(async (error: unknown) => {
    await parts.close();
    throw error;
  });
  const { rows, vectors } = parts;
  return {
    size: n,
    contents: { rows, vectors, dimensions: options.dimensions, fusion },
    async search(query, k = 10, { system = 'encoder', ...reporting } = {}) {
      checkSearch(query, k, system);
      const { ranked } = await searchBy(system, k, {
        size: n,
        fusion,
        bm25: (depth) => parts.bm25(query, depth),
        encoder: async (depth) => (await parts.dense([query], depth, reporting))[0] ?? [],
      });
      return ranked;
    },
    close: parts.close,
  };
}

/** @throws UserError for a query without a word, k below 1, or a system that is none */
export function checkSearch(query: string, k: number, system: string): void {
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
  if (!Number.isInteger(k) || k < 1) throw new UserError(`k = ${k}: expected a whole number of at least 1`);
  if (!(SEARCH_SYSTEMS as readonly string[]).includes(system)) {
    throw new UserError(`system "${system}": expected ${SEARCH_SYSTEMS.join(', ')}`);
  }
}

interface IndexParts extends Pick<IndexContents, 'rows' | 'vectors'> {
  bm25(query: string, depth: number): RankedDocument[];
  /** [queries] */
  dense(queries: readonly string[], depth: number, reporting: Reporting): Promise<RankedDocument[][]>;
  close(): Promise<void>;
}

async function indexParts(documents: readonly IndexedDocument[], options: SearchIndexOptions): Promise<IndexParts> {
  if (documents.length === 0) throw new UserError('nothing to search: expected at least one document');
  const { embed, dimensions, kind, bm25, matmul } = options;
  const reporting = reportingOf(options);
  const lexical = buildBm25(documents, bm25);
  const texts = documents.map(({ text }) => text);
  const vectors = normalizedRows(await embed(texts, 'document', reporting), dimensions);
  // a text without tokens is found by nothing
  const without = new Set(zeroRows(vectors, dimensions));
  const rows = [...documents.keys()].filter((row) => !without.has(row));
  if (rows.length === 0) throw new UserError('no document has a token: expected texts in a language of the model');
  const kept = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    kept.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  const index: VectorIndex = await buildIndex({
    ...reporting,
    ids: rows.map((row) => (documents[row] as IndexedDocument).id),
    vectors: kept,
    dimensions,
    ...(kind && { kind }),
    ...(matmul && { matmul }),
  });
  return {
    rows,
    vectors: kept,
    bm25: (query, depth) => lexical.search(query, depth),
    async dense(queries, depth, during) {
      const asked = normalizedRows(await embed(queries, 'query', during), dimensions);
      const blank = new Set(zeroRows(asked, dimensions));
      const found = await index.search(asked, depth);
      // a query without tokens finds nothing
      return found.map((ranked, i) => (blank.has(i) ? [] : ranked));
    },
    close: () => index.close(),
  };
}

async function chosenFusion(options: SearchIndexOptions): Promise<Fusion> {
  const { validation, ...rest } = options;
  if (!validation) return DEFAULT_FUSION;
  const { corpus, queries, qrels, depth } = validation;
  const parts = await indexParts(corpus, { ...rest, kind: 'flat' });
  try {
    const dense = await parts.dense(
      queries.map(({ text }) => text),
      depth,
      rest,
    );
    const first: Run = new Map(queries.map(({ id, text }) => [id, parts.bm25(text, depth)]));
    const second: Run = new Map(queries.map(({ id }, i) => [id, dense[i] ?? []]));
    return chooseFusion(first, second, qrels, depth).fusion;
  } finally {
    await parts.close();
  }
}
