/** Activation functions of feed-forward blocks, by the names that config.json has for them. */
import * as tf from '@tensorflow/tfjs';
import type { ConfigFile } from '../config-file.js';
import { gelu, geluTanh, quickGelu } from './gelu.js';
import { silu } from './silu.js';

const ACTIVATIONS = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  quick_gelu: quickGelu,
  relu: (x: tf.Tensor): tf.Tensor => tf.relu(x),
  silu,
  swish: silu,
} satisfies Record<string, (x: tf.Tensor) => tf.Tensor>;

export type ActivationName = keyof typeof ACTIVATIONS;

export function activate(x: tf.Tensor, name: ActivationName): tf.Tensor {
  return ACTIVATIONS[name](x);
}

/** @throws UserError for a function that is not there, with those that are */
export function readActivation(file: ConfigFile, key: string, name: string): ActivationName {
  if (Object.hasOwn(ACTIVATIONS, name)) return name as ActivationName;
  return file.refuse(`${key} = "${name}"`, Object.keys(ACTIVATIONS).join(', '));
}
