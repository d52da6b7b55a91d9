/**
 * The layer of a {@link TokenForm} over the distinct tokens of texts: one attention in which a token that occurs n times has
 * log n on its score, and the head on what it gives.
 *
 *   B texts, U distinct tokens of the text that has most, D hidden size, E width of a query
 */
import * as tf from '@tensorflow/tfjs';
import type { TensorData } from '../../engine/types.js';
import type { Parameters } from '../../models/layers/linear.js';
import type { TokenValues } from '../../models/token-form.js';
import { type ModelStages, runHead, type Specs } from '../model.js';
import type { DistinctText } from './distinct-text.js';

/** Added to the score of padding: it vanishes in the softmax. */
const MASKED = -1e9;

/** Places of a batch [B * U] that its texts take, and how far apart they begin. */
export interface DistinctBatch {
  /** U */
  distinct: number;
  /** `countLogs` and `poolWeights`, both [B, 1, U]. */
  inputs: Record<'countLogs' | 'poolWeights', TensorData>;
}

/** What {@link embedDistinct} takes of a batch. */
export function distinctSpecs(): Specs {
  return {
    countLogs: { dtype: 'float32', shape: ['batch', 1, 'distinct'] },
    poolWeights: { dtype: 'float32', shape: ['batch', 1, 'distinct'] },
  };
}

/** Texts padded on the right to the one that has most distinct tokens. */
export function distinctBatch(texts: readonly DistinctText[]): DistinctBatch {
  const distinct = texts.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const countLogs = new Float32Array(texts.length * distinct).fill(MASKED);
  const poolWeights = new Float32Array(texts.length * distinct);
  texts.forEach(({ counts, weights }, text) => {
    const start = text * distinct;
    for (let i = 0; i < counts.length; i++) countLogs[start + i] = Math.log(counts[i] as number);
    poolWeights.set(weights, start);
  });
  const input = (data: Float32Array): TensorData => ({ dtype: 'float32', shape: [texts.length, 1, distinct], data });
  return { distinct, inputs: { countLogs: input(countLogs), poolWeights: input(poolWeights) } };
}

/**
 * @param row of the token table, of each place [B * U, D]
 * @param values of each place  @param inputs of {@link distinctSpecs}, and the parameters of the head
 * @returns embeddings [B, D], pooled, not normalized
 */
export function embedDistinct(row: tf.Tensor, values: TokenValues, inputs: Parameters, model: ModelStages): tf.Tensor {
  const countLogs = inputs.countLogs as tf.Tensor;
  const [batch, , distinct] = countLogs.shape as [number, number, number];
  const ofTexts = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch, distinct, x.shape[1] as number]);
  const scores = tf.matMul(ofTexts(values.query), ofTexts(values.key), false, true);
  const shares = tf.softmax(tf.add(scores, countLogs));
  const added = tf.matMul(shares, ofTexts(values.added));
  const hidden = tf.add(row, tf.reshape(added, [batch * distinct, row.shape[1] as number]));
  return runHead(hidden, inputs, model);
}
