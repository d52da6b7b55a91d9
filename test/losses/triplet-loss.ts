/** The example of losses/loss-from-function.ts: each query nearer to its own document than to the next pair's, by a margin. */
import type { Tensor } from '@tensorflow/tfjs';
import { lossFromFunction } from '../../lib/losses/loss-from-function.js';

export const tripletLoss = lossFromFunction('triplet margin', (queries, documents, tf) => {
  const pairs = queries.shape[0];
  const own = documents.slice([0, 0], [pairs, -1]);
  const other = tf.concat([own.slice([1, 0]), own.slice([0, 0], [1, -1])]);
  const distance = (a: Tensor, b: Tensor) => tf.sum(tf.squaredDifference(a, b), 1);
  return tf.mean(tf.relu(tf.add(tf.sub(distance(queries, own), distance(queries, other)), 0.5)));
});
