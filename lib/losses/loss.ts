/**
 * What a loss is to the rest of the library: a number for the embeddings of a batch of queries and documents, and its
 * gradient with respect to each of them. A loss never sees the encoder, so that GradCache (training/grad-cache.ts) can
 * train batches of any size with every loss.
 *
 * Query i belongs to document i. Documents after the first Q are hard negatives, see training/hard-negatives.ts. What is known
 * of them beyond that is told as {@link LossBatch}: a list of negatives of any length for each query, never filled up.
 */
import type { Engine } from '../engine/types.js';
import type { TeacherBatch } from './teacher.js';

/** What a loss may want to know of a batch beside its embeddings. */
export interface LossBatch {
  /** From 0. */
  epoch: number;
  /** The pairs of the batch, as their places among all pairs trained on: query i and document i are of pair `pairs[i]`. */
  pairs: readonly number[];
  /** What the data say of each pair [Q], higher for what is more alike; NaN where they say nothing. Absent without scores. */
  scores?: Float32Array;
  /**
   * The hard negatives of each query, as places among the documents: lists of any length, also empty. A document may be in
   * several lists, and may be another query's own. Absent where no pair of the training has any.
   */
  negatives?: readonly (readonly number[])[];
  /** Documents of the batch that a query is known to want beside its own, as places: never a negative of it. */
  alsoRelevant?: readonly (readonly number[])[];
  /** What `training.teacher` says of queries and documents. Absent without one. */
  teacher?: TeacherBatch;
}

/** The value of a loss for one batch, with its gradients. */
export interface LossResult {
  loss: number;
  /** [Q, D], with respect to the embeddings as given, which are not normalized. */
  queryGradient: Float32Array;
  /** [M, D] */
  documentGradient: Float32Array;
  /** What the loss would be if it could not tell the documents apart; training warns where it stays there. */
  chance?: number;
  /** Negatives that were left out as false ones. */
  masked?: number;
}

/** A loss made for one engine and one width of embeddings. */
export interface Loss {
  /** @param queries [Q, D]  @param documents [M, D], M at least Q; both row-major and not normalized */
  compute(queries: Float32Array, documents: Float32Array, batch?: LossBatch): Promise<LossResult>;
  dispose(): Promise<void>;
}

/** How a loss is made, once the engine and the width of the embeddings are known. */
export interface LossFactory {
  /** The loss as a person calls it. */
  readonly name: string;
  /** Every number that changes what is computed, as JSON: a training is only resumed with the same loss. */
  readonly settings: unknown;
  /** Learns from every pair by its score, also from those of low scores; absent: from the pairs that are relevant. */
  readonly scored?: boolean;
  /** What it can't do without: a teacher, a teacher with vectors, or scores of pairs. */
  readonly needs?: 'teacher' | 'vectors' | 'scores';
  /** Cannot be taken of truncated embeddings; absent: it can. */
  readonly wholeOnly?: boolean;
  create(engine: Engine, dimensions: number): Promise<Loss>;
}
