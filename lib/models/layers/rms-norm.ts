/** Root mean square layer normalization (Zhang and Sennrich, 2019, arXiv:1910.07467), with its gradient in closed form. */
import * as tf from '@tensorflow/tfjs';

/** x / sqrt(mean(x^2) + epsilon) * weight over the last dimension. */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(divideByRootMeanSquare(x, epsilon), weight);
}

/**
 * With z the result and s = sqrt(mean(x^2) + epsilon), the gradient is (dz - z mean(dz z)) / s. Where no gradient is taken,
 * ONNX Runtime makes one operator of the value with its weight, in this form and no other.
 */
function divideByRootMeanSquare(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.customGrad((x, save) => {
    const root = tf.sqrt(tf.add(tf.mean(tf.pow(x as tf.Tensor, 2), -1, true), epsilon));
    const z = tf.div(x as tf.Tensor, root);
    (save as tf.GradSaveFunc)([z, root]);
    return {
      value: z,
      gradFunc: (dz: tf.Tensor, saved: tf.Tensor[]) => {
        const [z, root] = saved as [tf.Tensor, tf.Tensor];
        const along = tf.mul(z, tf.mean(tf.mul(dz, z), -1, true));
        return tf.div(tf.sub(dz, along), root);
      },
    };
  })(x);
}
