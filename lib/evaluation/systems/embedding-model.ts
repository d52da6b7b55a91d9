/**
 * A model that turns texts into vectors: the encoder of this project, a hub model, a service.
 */
import { WorkError } from '../../errors.js';
import type { Reporting } from '../../events.js';
import type { SystemKind } from '../report.js';

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

/** Rows scaled to unit length, so that inner products are cosines; rows of zeros stay. @param vectors [n, d] */
export function normalizeRows(vectors: Float32Array, dimensions: number): Float32Array {
  const out = new Float32Array(vectors.length);
  for (let at = 0; at < vectors.length; at += dimensions) {
    let squares = 0;
    for (let i = at; i < at + dimensions; i++) squares += (vectors[i] as number) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = at; i < at + dimensions; i++) out[i] = (vectors[i] as number) * scale;
  }
  return out;
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
