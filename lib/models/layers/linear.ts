/**
 * The linear layer, with its LoRA adapter where it has one (Hu et al., 2021, arXiv:2106.09685). All products with the
 * big frozen matrices go through this one function, so another way to store or multiply them has one place to go.
 *
 *   y = x W^T + b + scale * dropout(x) A^T B^T      x [N, in], W [out, in], A [rank, in], B [out, rank]
 */
import * as tf from '@tensorflow/tfjs';

/** Parameters by name; weights in the layout of the checkpoint, [out, in]. */
export type Parameters = Record<string, tf.Tensor>;

export interface LinearOptions {
  /** Factor on the adapters' output: alpha / rank, or alpha / sqrt(rank). */
  adapterScale: number;
  /** Whether the weights of linear layers are trained themselves; else only adapters get gradients. */
  trainsWeights?: boolean;
  /** Is told the input of every linear layer, by its name. */
  onInput?(name: string, input: tf.Tensor): void;
  /** Is told the output of every linear layer, for a backward pass that would rather not multiply again. */
  onOutput?(name: string, output: tf.Tensor): void;
}

/**
 * A linear layer with its adapter, for the layers of an architecture: x [N, in] to [N, out].
 *
 * @param name of the module: its parameters are `name.weight`, `name.bias`, `name.lora_A`, `name.lora_B`,
 *   `name.dropout`; where there is a `name.output`, an earlier pass has computed the layer, and it is the result
 */
export function linear(x: tf.Tensor, parameters: Parameters, name: string, options: LinearOptions): tf.Tensor {
  options.onInput?.(name, x);
  const matrices = {
    weight: parameters[`${name}.weight`] as tf.Tensor,
    bias: parameters[`${name}.bias`],
    down: parameters[`${name}.lora_A`],
    up: parameters[`${name}.lora_B`],
    // kept elements are scaled up by 1 / (1 - p) in the mask itself
    mask: parameters[`${name}.dropout`],
  };
  const known = parameters[`${name}.output`];
  const y = known ? fromCachedOutput(x, known, matrices, options) : computed(x, matrices, options);
  options.onOutput?.(name, y);
  return y;
}

interface Matrices {
  weight: tf.Tensor;
  bias: tf.Tensor | undefined;
  down: tf.Tensor | undefined;
  up: tf.Tensor | undefined;
  mask: tf.Tensor | undefined;
}

function computed(
  x: tf.Tensor,
  { weight, bias, down, up, mask }: Matrices,
  { adapterScale }: LinearOptions,
): tf.Tensor {
  let y: tf.Tensor = tf.matMul(x, weight, false, true);
  if (bias) y = tf.add(y, bias);
  if (!down || !up) return y;
  const input = mask ? tf.mul(x, mask) : x;
  return tf.add(y, tf.mul(tf.matMul(tf.matMul(input, down, false, true), up, false, true), adapterScale));
}

/** The known output, with the gradient that computing it would have: of x, A and B, or of x, W and b. */
function fromCachedOutput(
  x: tf.Tensor,
  known: tf.Tensor,
  { weight, bias, down, up, mask }: Matrices,
  { adapterScale, trainsWeights }: LinearOptions,
): tf.Tensor {
  if (trainsWeights) return fromCachedOutputWithWeights(x, known, weight, bias);
  if (!down || !up) {
    return tf.customGrad(() => ({ value: tf.clone(known), gradFunc: (dy: tf.Tensor) => tf.matMul(dy, weight) }))(x);
  }
  return tf.customGrad((...inputs) => {
    const [x, , , save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    // x is of the forward pass, which disposes of what is not saved
    save([x]);
    return { value: tf.clone(known), gradFunc };
  })(x, down, up);

  function gradFunc(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const [x, a, b] = [saved[0], down, up] as [tf.Tensor, tf.Tensor, tf.Tensor];
    const input = mask ? tf.mul(x, mask) : x;
    const narrow = tf.mul(tf.matMul(dy, b), adapterScale);
    const throughAdapter = tf.matMul(narrow, a);
    return [
      tf.add(tf.matMul(dy, weight), mask ? tf.mul(throughAdapter, mask) : throughAdapter),
      tf.matMul(narrow, input, true),
      tf.mul(tf.matMul(dy, tf.matMul(input, a, false, true), true), adapterScale),
    ];
  }
}

function fromCachedOutputWithWeights(
  x: tf.Tensor,
  known: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor | undefined,
): tf.Tensor {
  const trained = bias ? [weight, bias] : [weight];
  return tf.customGrad((...inputs) => {
    const [x, ...others] = inputs as [tf.Tensor, ...tf.Tensor[]];
    const save = others.at(-1) as unknown as tf.GradSaveFunc;
    save([x]);
    return {
      value: tf.clone(known),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const gradients = [tf.matMul(dy, weight), tf.matMul(dy, saved[0] as tf.Tensor, true)];
        return bias ? [...gradients, tf.sum(dy, 0)] : gradients;
      },
    };
  })(x, ...trained);
}
