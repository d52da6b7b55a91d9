/** The mask of attention as a number added to the scores. */
import * as tf from '@tensorflow/tfjs';
import type { BatchInput } from '../architecture.js';

/**
 * Added to the score of a key that a query must not look at. It has to outweigh any difference of real scores to vanish
 * in the softmax, and the biases of Qwen2's keys make scores of thousands.
 */
const MASKED = -1e9;

/** [B, 1, S, S]: 0 where a token (row) may look at another, a large negative number at padding and, if causal, ahead. */
export const attentionBias: BatchInput = localAttentionBias(Number.POSITIVE_INFINITY);

/** As {@link attentionBias}, with a large negative number too where another token is more than `reach` away. */
export function localAttentionBias(reach: number): BatchInput {
  return {
    dtype: 'float32',
    shape: ['batch', 1, 'sequence', 'sequence'],
    values({ lengths, sequence, causal }) {
      const bias = new Float32Array(lengths.length * sequence * sequence).fill(MASKED);
      lengths.forEach((length, text) => {
        for (let i = 0; i < sequence; i++) {
          const start = (text * sequence + i) * sequence;
          const first = Math.max(0, i - reach);
          const end = Math.min(length, causal ? i + 1 : i + reach + 1);
          if (first < end) bias.fill(0, start + first, start + end);
        }
      });
      return bias;
    },
    inGraph({ mask, positions, causal }) {
      const [batch, sequence] = mask.shape as [number, number];
      const offset = tf.sub(tf.reshape(positions, [1, sequence]), tf.reshape(positions, [sequence, 1]));
      const keys = tf.reshape(mask, [batch, 1, 1, sequence]);
      const within = [
        ...(causal ? [tf.lessEqual(offset, 0)] : []),
        ...(Number.isFinite(reach) ? [tf.lessEqual(tf.abs(offset), reach)] : []),
      ].map((condition) => tf.reshape(tf.cast(condition, 'float32'), [1, 1, sequence, sequence]));
      const visible = within.reduce((all, condition) => tf.mul(all, condition), keys);
      // adding zeros only says the whole shape
      return tf.add(tf.mul(tf.sub(1, visible), MASKED), tf.zeros([batch, 1, sequence, sequence]));
    },
  };
}
