/** Learned absolute positions: a row of a table for each place in a text. */
import * as tf from '@tensorflow/tfjs';
import type { BatchInput } from '../architecture.js';

/**
 * [S, rows]: 1 where a position has its row. A product with it looks the rows up, with a gradient that every engine
 * computes; for S positions it costs as much as one token costs in a linear module of S inputs.
 *
 * @param offset row of the first position; RoBERTa keeps the first ones for padding
 */
export function positionInput(rows: number, offset = 0): BatchInput {
  return {
    dtype: 'float32',
    shape: ['sequence', rows],
    values({ sequence }) {
      const out = new Float32Array(sequence * rows);
      for (let i = 0; i < sequence; i++) out[i * rows + i + offset] = 1;
      return out;
    },
    inGraph({ positions }) {
      const own = tf.reshape(tf.add(positions, offset), [positions.shape[0] as number, 1]);
      return tf.cast(
        tf.equal(
          own,
          tf.tensor2d(
            Float32Array.from({ length: rows }, (_, row) => row),
            [1, rows],
          ),
        ),
        'float32',
      );
    },
  };
}

/**
 * Adds to every token the row of its position.
 *
 * @param hidden [B*S, D]  @param positions of {@link positionInput} [S, rows]  @param table [rows, D]
 */
export function addPositions(hidden: tf.Tensor, positions: tf.Tensor, table: tf.Tensor): tf.Tensor {
  const [tokens, width] = hidden.shape as [number, number];
  const sequence = positions.shape[0] as number;
  const texts = tf.reshape(hidden, [tokens / sequence, sequence, width]);
  return tf.reshape(tf.add(texts, tf.matMul(positions, table)), [tokens, width]);
}
