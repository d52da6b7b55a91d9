/**
 * A model that turns texts into vectors: the encoder of this project, a hub model, a service.
 */
import { WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import type { SystemKind } from './retrieval-system.js';

/** Models may treat the two sides differently, for instance by a prompt before queries. */
export type TextKind = 'query' | 'document';

export interface EmbeddingModel {
  /** As in the report: "tuned", "openai:text-embedding-3-small". */
  readonly name: string;
  readonly kind: SystemKind;
  /** Length of a vector; null until the first embedding, for services that do not say before. */
  readonly dimensions: number | null;
  /**
   * Changes with everything that changes the vectors: weights, adapter, pooling, prompts, length limits. Vectors are
   * cached under it.
   */
  readonly fingerprint: string;
  /**
   * Embeds texts.
   *
   * @returns [n, dimensions] in the order of the texts
   */
  embed(texts: string[], kind: TextKind, reporting?: Reporting): Promise<Float32Array>;
  /**
   * Called with everything that is about to be embedded, before the first of it; may refuse by throwing, for instance
   * when it would cost too much.
   */
  prepare?(texts: string[], kind: TextKind, reporting?: Reporting): Promise<void>;
  /** True for services that may be away or refuse: a failure leaves the system out instead of ending the evaluation. */
  readonly optional?: boolean;
}

/**
 * Length of the vectors that a model gave for n texts.
 *
 * @throws WorkError if they do not fit the texts or the model's own word
 */
export function vectorLength(model: EmbeddingModel, vectors: Float32Array, n: number): number {
  const dimensions = vectors.length / n;
  if (!Number.isInteger(dimensions) || (model.dimensions !== null && model.dimensions !== dimensions)) {
    const expected = model.dimensions === null ? 'one vector a text' : `${n} vectors of ${model.dimensions}`;
    throw new WorkError(`model "${model.name}" gave ${vectors.length} numbers for ${n} texts: expected ${expected}`);
  }
  return dimensions;
}
