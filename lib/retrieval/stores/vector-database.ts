/** Databases that embeddings are pushed into, to be served from there; one file a database. */
import type { Reporting } from '../../core/events.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import type { RankedDocument } from '../ranking.js';

/** A table of vectors in a database. */
export interface VectorDatabase {
  /** Makes the table anew from all rows, and its index. @throws UserError where there is one, unless it is replaced */
  push(embeddings: EmbeddingRows, options?: Reporting & { replace?: boolean }): Promise<PushedEmbeddings>;
  /** The ids nearest to a vector by cosine, the nearest first. */
  search(query: Float32Array, k: number): Promise<RankedDocument[]>;
  /** Length of its vectors. @throws UserError where there is no table */
  dimensions(): Promise<number>;
  close(): Promise<void>;
}

/** What was pushed into a database. */
export interface PushedEmbeddings {
  rows: number;
  dimensions: number;
  /** The index that the database made; null: it compares all vectors. */
  index: string | null;
}
