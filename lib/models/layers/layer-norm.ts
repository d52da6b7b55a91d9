/** Layer normalization (Ba et al., 2016, arXiv:1607.06450), with its gradient in closed form. */
import * as tf from '@tensorflow/tfjs';

/**
 * (x - mean) / sqrt(variance + epsilon) * weight + bias over the last dimension.
 *
 * @param x [N, D]  @param weight [D]  @param bias [D]; absent: none
 */
export function layerNorm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | undefined, epsilon: number): tf.Tensor {
  const normalized = tf.mul(standardize(x, epsilon), weight);
  return bias ? tf.add(normalized, bias) : normalized;
}

/**
 * Rows to mean 0 and variance 1. With z the result and s = sqrt(variance + epsilon), the gradient is
 * (dz - mean(dz) - z mean(dz z)) / s. Where no gradient is taken, ONNX Runtime makes one operator of the value with weight
 * and bias, in this form and no other.
 */
function standardize(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.customGrad((x, save) => {
    const centred = tf.sub(x as tf.Tensor, tf.mean(x as tf.Tensor, -1, true));
    const deviation = tf.sqrt(tf.add(tf.mean(tf.pow(centred, 2), -1, true), epsilon));
    const z = tf.div(centred, deviation);
    (save as tf.GradSaveFunc)([z, deviation]);
    return {
      value: z,
      gradFunc: (dz: tf.Tensor, saved: tf.Tensor[]) => {
        const [z, deviation] = saved as [tf.Tensor, tf.Tensor];
        const along = tf.mul(z, tf.mean(tf.mul(dz, z), -1, true));
        return tf.div(tf.sub(tf.sub(dz, tf.mean(dz, -1, true)), along), deviation);
      },
    };
  })(x);
}
