/** Root mean square layer normalization (Zhang and Sennrich, 2019, arXiv:1910.07467). */
import * as tf from '@tensorflow/tfjs';

/** x / sqrt(mean(x^2) + epsilon) * weight over the last dimension. */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
  return tf.mul(tf.mul(x, scale), weight);
}
