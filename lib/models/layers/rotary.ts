/** Rotary position embedding (Su et al., 2021, arXiv:2104.09864), halves of a head rotated against each other. */
import * as tf from '@tensorflow/tfjs';
import type { BatchInput } from '../architecture.js';

/** x [B, heads, S, E] turned by the angles whose cosines and sines [S, E] are given. */
export function rotate(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor {
  const [first, second] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(second), first], -1), sin));
}

/** Cosines and sines of position * theta^(-2i/E), repeated for both halves: [S, E] each. */
export function rotaryInputs(headDimension: number, theta: number): { cos: BatchInput; sin: BatchInput } {
  const of = (fn: (angle: number) => number, op: (angles: tf.Tensor) => tf.Tensor): BatchInput => ({
    dtype: 'float32',
    shape: ['sequence', headDimension],
    values: ({ sequence }) => angleTable(sequence, headDimension, theta, fn),
    inGraph({ positions }) {
      const frequencies = tf.tensor2d(frequencyTable(headDimension, theta), [1, headDimension]);
      return op(tf.mul(tf.reshape(positions, [positions.shape[0] as number, 1]), frequencies));
    },
  });
  return { cos: of(Math.cos, tf.cos), sin: of(Math.sin, tf.sin) };
}

/** In 32 bits, as the reference implementation computes them. */
function frequencyTable(width: number, theta: number): Float32Array {
  return Float32Array.from({ length: width }, (_, i) => 1 / theta ** ((2 * (i % (width / 2))) / width));
}

function angleTable(sequence: number, width: number, theta: number, fn: (angle: number) => number): Float32Array {
  const frequencies = frequencyTable(width, theta);
  const out = new Float32Array(sequence * width);
  for (let i = 0; i < width; i++) {
    const frequency = frequencies[i] as number;
    for (let position = 0; position < sequence; position++) {
      out[position * width + i] = fn(Math.fround(position * frequency));
    }
  }
  return out;
}
