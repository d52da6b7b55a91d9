/** The backward pass of a traced function, by reverse-mode differentiation of tfjs. */
import * as tf from '@tensorflow/tfjs';

/**
 * Gradients of `output(inputs)` with respect to some of the inputs, given the output's: `gradient.` and a name each.
 *
 * @param outputGradient in the shape of the output
 */
export function vectorJacobian(
  output: (inputs: Record<string, tf.Tensor>) => tf.Tensor,
  inputs: Record<string, tf.Tensor>,
  names: readonly string[],
  outputGradient: tf.Tensor,
): Record<string, tf.Tensor> {
  const ofNamed = (...values: tf.Tensor[]): tf.Tensor => {
    const replaced = Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
    return output({ ...inputs, ...replaced });
  };
  const gradients = tf.grads(ofNamed)(
    names.map((name) => inputs[name] as tf.Tensor),
    outputGradient,
  );
  return Object.fromEntries(names.map((name, i) => [`gradient.${name}`, gradients[i] as tf.Tensor]));
}
