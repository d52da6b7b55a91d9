/**
 * A model that turns texts into vectors: the encoder of this project, a hub model, a service.
 */
import { isEmptyText } from '../../core/empty-text.js';
import { WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import type { Shard } from '../../core/shard.js';
import type { SystemKind } from './system-kind.js';

/** Models may treat queries and documents differently, for instance by a prompt before queries. */
export type TextKind = 'query' | 'document';

/** How texts are embedded. */
export interface EmbedOptions extends Reporting {
  /** Put before each text in place of the model's own prompt, by models that know prompts; absent: theirs. */
  prompt?: string;
}

/** Vectors as the cache keeps them, under the keys of their texts. */
export interface KeptVectors {
  /** 32 hexadecimal digits each. */
  keys: string[];
  /** [keys, d] */
  vectors: Float32Array;
}

/** Texts to vectors; caching, index and timing are added by whoever uses it. */
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
   * @returns [n, dimensions] in the order of the texts; zeros for a text that is left out
   */
  embed(texts: string[], kind: TextKind, options?: EmbedOptions): Promise<Float32Array>;
  /**
   * Embeds what one of several processes has to do of the texts, in the company in which {@link embed} embeds them where nothing is
   * known yet: an embedding depends in its last bits on the texts beside it. Models with a cache have it.
   */
  embedShard?(texts: string[], kind: TextKind, shard: Shard, options?: EmbedOptions): Promise<KeptVectors>;
  /**
   * Called with everything that is about to be embedded, before the first of it; may refuse by throwing, for instance
   * when it would cost too much.
   */
  prepare?(texts: string[], kind: TextKind, reporting?: Reporting): Promise<void>;
  /** True for services that may be away or refuse: a failure leaves the system out instead of ending the evaluation. */
  readonly optional?: boolean;
  /** True where {@link embed} gives zeros for texts that its tokenizer makes nothing of, and for no others. */
  readonly leavesOut?: boolean;
}

/**
 * Length of the vectors that a model gave for texts.
 *
 * @throws WorkError if they do not fit the texts or the model's own word, or if one of them is no embedding: it would be
 * ranked, and cached, as if it were one
 */
export function checkedLength(model: EmbeddingModel, vectors: Float32Array, texts: readonly string[]): number {
  const n = texts.length;
  const dimensions = vectors.length / n;
  if (!Number.isInteger(dimensions) || (model.dimensions !== null && model.dimensions !== dimensions)) {
    const expected =
      model.dimensions === null ? 'one vector per text' : `${quantity(n, 'vectors')} of ${model.dimensions}`;
    throw new WorkError(
      `model "${model.name}" gave ${quantity(vectors.length, 'numbers')} for ${quantity(n, 'texts')}: expected ${expected}`,
    );
  }
  for (let row = 0; row < n; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const problem = embeddingProblem(model, texts[row] as string, vector);
    if (problem !== null) throw noEmbedding(model.name, problem, texts[row] as string);
  }
  return dimensions;
}

/** What keeps a vector from being the embedding of a text, or null. Zeros are that of an empty text, or of one left out. */
export function embeddingProblem(
  { leavesOut = false }: Pick<EmbeddingModel, 'leavesOut'>,
  text: string,
  vector: Float32Array,
): string | null {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares)) return 'numbers that are not finite';
  return squares === 0 && !leavesOut && !isEmptyText(text) ? 'only zeros' : null;
}

/** The error for a vector that is no embedding. */
export function noEmbedding(model: string, problem: string, text: string): WorkError {
  const shown = JSON.stringify(text.slice(0, 60));
  return new WorkError(`model "${model}" gave ${problem} for the text ${shown}: no embedding; check model and text`);
}

/** Which of the rows of [n, dimensions] are all zeros. */
export function zeroRows(vectors: Float32Array, dimensions: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < vectors.length / dimensions; row++) {
    if (vectors.subarray(row * dimensions, (row + 1) * dimensions).every((value) => value === 0)) rows.push(row);
  }
  return rows;
}
