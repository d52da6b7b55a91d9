/** The Gaussian error linear unit (Hendrycks and Gimpel, 2016, arXiv:1606.08415), exact and by its two approximations. */
import * as tf from '@tensorflow/tfjs';

/**
 * x P with P(x) = (1 + erf(x / sqrt 2)) / 2, the normal distribution function; its derivative is P + x p, p the density.
 * Where no gradient is taken, ONNX Runtime makes one operator of the value, in this order of its parts and no other.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const twice = tf.add(tf.erf(tf.div(x as tf.Tensor, Math.SQRT2)), 1);
    (save as tf.GradSaveFunc)([x as tf.Tensor, twice]);
    return {
      value: tf.mul(tf.mul(x as tf.Tensor, twice), 0.5),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, twice] = saved as [tf.Tensor, tf.Tensor];
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(tf.mul(twice, 0.5), tf.mul(x, density)));
      },
    };
  })(x);
}

/** x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), as GPT and the first BERT of Google compute it. */
export function geluTanh(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
  return tf.mul(x, tf.mul(tf.add(tf.tanh(inner), 1), 0.5));
}

/** x sigmoid(1.702 x). */
export function quickGelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}
