/**
 * From token ids to what the graphs take: padding, the architecture's inputs of a batch (masks, positions) and pooling
 * weights. All of it is small and cheap beside the matrix products, and computed here so that the graphs need no shapes
 * of their own.
 *
 *   B texts, S the longest of them, N = B*S
 */

import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { Dimension, TensorData } from '../engine/types.js';
import type { BatchInput, ModelConfig, PaddedTexts } from '../models/architecture.js';
import { POOLINGS, type PoolingName } from '../models/pooling.js';
import { architectureOf } from '../models/registry.js';

/** Texts that run together, padded on the right to the longest. */
export interface PaddedBatch {
  /** [B*S], padding filled with token 0, which nothing looks at. */
  tokenIds: Int32Array;
  /** What the architecture's stages take besides hidden states and parameters, by name. */
  inputs: Record<string, TensorData>;
  /** [B, 1, S] */
  poolWeights: TensorData;
  batch: number;
  sequence: number;
  /** [B]: tokens of each text. */
  lengths: number[];
  /** Tokens that are not padding. */
  tokens: number;
}

/** All inputs of a batch that an architecture's stages take. */
export function batchInputs(config: ModelConfig): Record<string, BatchInput> {
  const { embedding, layers } = architectureOf(config);
  return { ...embedding.inputs?.(config), ...layers.inputs(config) };
}

/**
 * Tokens of each text of a batch.
 *
 * @throws UserError for a text without tokens, which has no mean, or one longer than the model's positions
 */
export function checkTexts(texts: readonly Int32Array[], config: ModelConfig): number[] {
  const lengths = texts.map((ids) => ids.length);
  if (lengths.length === 0) throw new UserError('a batch of no texts: expected at least one');
  const sequence = Math.max(...lengths);
  const empty = lengths.indexOf(0);
  if (empty >= 0)
    throw new UserError(`text ${empty} of the batch has no tokens: expected at least one; drop empty texts`);
  if (sequence > config.maxPositions) {
    throw new UserError(
      `a text of ${quantity(sequence, 'tokens')} is longer than the ${quantity(config.maxPositions, 'positions')} of the model: truncate it (tokens.maxAbstractTokens)`,
    );
  }
  return lengths;
}

/** @throws UserError as {@link checkTexts} */
export function padBatch(
  texts: Int32Array[],
  config: ModelConfig,
  options: { pooling: PoolingName; causal: boolean },
): PaddedBatch {
  const lengths = checkTexts(texts, config);
  const batch = texts.length;
  const sequence = Math.max(...lengths);
  const tokenIds = new Int32Array(batch * sequence);
  const poolWeights = new Float32Array(batch * sequence);
  texts.forEach((ids, row) => {
    tokenIds.set(ids, row * sequence);
    poolWeights.set(POOLINGS[options.pooling].weights(ids.length), row * sequence);
  });
  const padded: PaddedTexts = { lengths, batch, sequence, causal: options.causal };
  const inputs = Object.entries(batchInputs(config)).map(([name, input]): [string, TensorData] => [
    name,
    {
      dtype: input.dtype,
      shape: input.shape.map((dimension) => sizeOf(dimension, padded)),
      data: input.values(padded),
    },
  ]);
  return {
    tokenIds,
    inputs: Object.fromEntries(inputs),
    poolWeights: { dtype: 'float32', shape: [batch, 1, sequence], data: poolWeights },
    batch,
    sequence,
    lengths,
    tokens: lengths.reduce((total, length) => total + length, 0),
  };
}

function sizeOf(dimension: Dimension, { batch, sequence }: PaddedTexts): number {
  if (typeof dimension === 'number') return dimension;
  return dimension.split('*').reduce((size, name) => {
    if (name !== 'batch' && name !== 'sequence') {
      throw new Error(
        `the dimension "${dimension}" of an input: expected numbers, "batch", "sequence" or their product`,
      );
    }
    return size * (name === 'batch' ? batch : sequence);
  }, 1);
}
