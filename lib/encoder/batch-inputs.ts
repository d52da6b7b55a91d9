/**
 * From token ids to what the graphs take: padding, attention bias, rotary angles and pooling weights. All of it is small
 * and cheap beside the matrix products, and computed here so that the graphs need no shapes of their own.
 *
 *   B texts, S the longest of them, N = B*S
 */

import { UserError } from '../core/errors.js';
import type { TensorData } from '../engine/types.js';
import type { ModelConfig } from '../models/model-config.js';

export type Pooling = 'mean' | 'last' | 'cls';

/**
 * Added to the score of a key that a query must not look at. It has to outweigh any difference of real scores to vanish
 * in the softmax, and the biases of Qwen2's keys make scores of thousands.
 */
const MASKED = -1e9;

/** Texts that run together, padded on the right to the longest. */
export interface PaddedBatch {
  /** [B*S], padding filled with token 0, which nothing looks at. */
  tokenIds: Int32Array;
  /** Inputs of the graphs: attentionBias [B,1,S,S], cos and sin [S,E], poolWeights [B,1,S]. */
  inputs: Record<'attentionBias' | 'cos' | 'sin' | 'poolWeights', TensorData>;
  batch: number;
  sequence: number;
  /** Tokens that are not padding. */
  tokens: number;
}

/** @throws UserError for a text without tokens, which has no mean, or one longer than the model's positions */
export function padBatch(
  texts: Int32Array[],
  config: ModelConfig,
  options: { pooling: Pooling; causal: boolean },
): PaddedBatch {
  const lengths = texts.map((ids) => ids.length);
  const batch = texts.length;
  if (batch === 0) throw new UserError('a batch of no texts: expected at least one');
  const sequence = Math.max(...lengths);
  const empty = lengths.indexOf(0);
  if (empty >= 0)
    throw new UserError(`text ${empty} of the batch has no tokens: expected at least one; drop empty texts`);
  if (sequence > config.maxPositions) {
    throw new UserError(
      `a text of ${sequence} tokens is longer than the ${config.maxPositions} positions of the model: truncate it (tokens.maxAbstractTokens)`,
    );
  }
  const tokenIds = new Int32Array(batch * sequence);
  const poolWeights = new Float32Array(batch * sequence);
  const attentionBias = new Float32Array(batch * sequence * sequence).fill(MASKED);
  texts.forEach((ids, row) => {
    tokenIds.set(ids, row * sequence);
    if (options.pooling === 'mean') poolWeights.fill(1 / ids.length, row * sequence, row * sequence + ids.length);
    else poolWeights[row * sequence + (options.pooling === 'last' ? ids.length - 1 : 0)] = 1;
    for (let i = 0; i < sequence; i++) {
      const start = (row * sequence + i) * sequence;
      const visible = options.causal ? Math.min(i + 1, ids.length) : ids.length;
      attentionBias.fill(0, start, start + visible);
    }
  });
  const { cos, sin } = rotaryAngles(sequence, config);
  const angles = [sequence, config.headDimension];
  return {
    tokenIds,
    inputs: {
      attentionBias: { dtype: 'float32', shape: [batch, 1, sequence, sequence], data: attentionBias },
      cos: { dtype: 'float32', shape: angles, data: cos },
      sin: { dtype: 'float32', shape: angles, data: sin },
      poolWeights: { dtype: 'float32', shape: [batch, 1, sequence], data: poolWeights },
    },
    batch,
    sequence,
    tokens: lengths.reduce((total, length) => total + length, 0),
  };
}

/** cos and sin of position * theta^(-2i/E), repeated for both halves: [S, E] each. */
export function rotaryAngles(sequence: number, config: ModelConfig): { cos: Float32Array; sin: Float32Array } {
  const width = config.headDimension;
  const half = width / 2;
  const cos = new Float32Array(sequence * width);
  const sin = new Float32Array(sequence * width);
  for (let position = 0; position < sequence; position++) {
    for (let i = 0; i < width; i++) {
      // in 32 bits, as the reference implementation computes its frequencies
      const frequency = Math.fround(1 / config.ropeTheta ** ((2 * (i % half)) / width));
      const angle = Math.fround(position * frequency);
      cos[position * width + i] = Math.cos(angle);
      sin[position * width + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
