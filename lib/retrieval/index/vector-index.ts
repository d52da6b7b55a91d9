/**
 * The vector index: nearest documents by inner product, with the documents' own ids. Give it unit vectors and the
 * scores are cosines. Four kinds behind one interface:
 *
 *   flat  exact; every document is compared
 *   hnsw  a graph of neighbours (Malkov and Yashunin, 2018, arXiv:1603.09320)
 *   ivf   k-means cells of which the nearest are searched (Sivic and Zisserman, 2003)
 *   pq    vectors compressed to a byte for eight dimensions (Jégou et al., 2011)
 *
 * All kinds score what they find with the full vectors again: approximate ones may miss a document, but do not
 * misplace one.
 *
 * Shapes: n documents, q queries, d dimensions, k results; all matrices are row-major Float32Array.
 */

import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import type { RankedDocument } from '../ranking.js';

export const INDEX_KINDS = ['flat', 'hnsw', 'ivf', 'pq'] as const;
export type IndexKind = (typeof INDEX_KINDS)[number];

export interface VectorIndex {
  readonly kind: IndexKind;
  /** Who computes: FAISS, or the engine's matrix product where FAISS cannot be had. */
  readonly backend: 'faiss' | 'engine';
  /** Document ids in the order of the vectors, [n]. */
  readonly ids: readonly string[];
  readonly dimensions: number;
  /** Content hash of ids and vectors. */
  readonly fingerprint: string;
  /**
   * The k best documents of each query, best first; equal scores by document id descending, as trec_eval ranks them.
   *
   * @param queries [q, d]
   * @param k results a query; more than there are documents gives all documents
   * @returns [q] lists of min(k, n)
   * @throws UserError for a wrong dimension, NaN or infinite values, or k below 1
   */
  search(queries: Float32Array, k: number, reporting?: Reporting): Promise<RankedDocument[][]>;
  /** Writes the index, its ids and what it was built from into a folder. */
  save(folder: string): Promise<void>;
  /** Ends what the index runs beside this process. */
  close(): Promise<void>;
}

/** Something that proposes the likely best documents: FAISS, or blocks of a matrix product. */
export interface CandidateSource {
  /**
   * @param queries [q, d]
   * @param k at most n
   * @returns [q, k] row numbers of documents, best first as the source sees it; -1 where it found fewer
   */
  propose(queries: Float32Array, k: number): Promise<Int32Array>;
  close(): Promise<void>;
}

/** Inner products of all rows of a [n, d] with all rows of b [m, d]: [n, m], that is a b^T. */
export type Matmul = (a: Float32Array, b: Float32Array, dimensions: number) => Promise<Float32Array>;

/** @throws UserError unless ids and vectors make a corpus that can be searched */
export function checkVectors(ids: readonly string[], vectors: Float32Array, dimensions: number): void {
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new UserError(`index dimensions = ${dimensions}: expected a whole number of at least 1`);
  }
  if (ids.length === 0) throw new UserError('the corpus is empty: an index needs at least one document');
  if (vectors.length !== ids.length * dimensions) {
    throw new UserError(
      `${quantity(ids.length, 'documents')} of dimension ${dimensions} ${agreeing(ids.length, 'needs', 'need')} ${quantity(ids.length * dimensions, 'numbers')}, got ${vectors.length}`,
    );
  }
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new UserError(`document id "${id}" occurs twice in the corpus: ids must be unique`);
    seen.add(id);
  }
  const bad = vectors.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / dimensions);
    throw new UserError(`the embedding of document "${ids[row]}" holds ${vectors[bad]}: expected finite numbers only`);
  }
}

/** @throws UserError unless the queries fit the index */
export function checkQueries(queries: Float32Array, dimensions: number, k: number): void {
  if (!Number.isInteger(k) || k < 1) throw new UserError(`k = ${k}: expected a whole number of at least 1`);
  if (queries.length % dimensions !== 0) {
    throw new UserError(
      `${quantity(queries.length, 'numbers')} ${agreeing(queries.length, 'is', 'are')} no whole number of queries: the index holds vectors of dimension ${dimensions}`,
    );
  }
  const bad = queries.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / dimensions);
    throw new UserError(`query ${row + 1} of the search holds ${queries[bad]}: expected finite numbers only`);
  }
}
