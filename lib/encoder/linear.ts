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
}

/** @param name of the module: its parameters are `name.weight`, `name.bias`, `name.lora_A`, `name.lora_B`, `name.dropout` */
export function linear(x: tf.Tensor, parameters: Parameters, name: string, { adapterScale }: LinearOptions): tf.Tensor {
  let y: tf.Tensor = tf.matMul(x, parameters[`${name}.weight`] as tf.Tensor, false, true);
  const bias = parameters[`${name}.bias`];
  if (bias) y = tf.add(y, bias);
  const down = parameters[`${name}.lora_A`];
  const up = parameters[`${name}.lora_B`];
  if (down && up) {
    // kept elements are scaled up by 1 / (1 - p) in the mask itself
    const mask = parameters[`${name}.dropout`];
    const input = mask ? tf.mul(x, mask) : x;
    y = tf.add(y, tf.mul(tf.matMul(tf.matMul(input, down, false, true), up, false, true), adapterScale));
  }
  return y;
}
