/**
 * The Dense step of sentence-transformers: a linear layer and an activation after the pooling. It is applied as the model
 * has it; training leaves it as it is.
 *
 *   y = activation(x W^T + b)      x [B, in], W [out, in], b [out]
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { openSafetensors } from '../../files/safetensors.js';
import { readOptional, refuse } from './folder-file.js';

const ACTIVATIONS = {
  Identity: (x: tf.Tensor): tf.Tensor => x,
  Tanh: (x: tf.Tensor): tf.Tensor => tf.tanh(x),
  ReLU: (x: tf.Tensor): tf.Tensor => tf.relu(x),
} satisfies Record<string, (x: tf.Tensor) => tf.Tensor>;

export interface DenseStep {
  /** Of the step inside the model's folder: "2_Dense". */
  path: string;
  inputs: number;
  outputs: number;
  bias: boolean;
  activation: keyof typeof ACTIVATIONS;
}

const schema = z.looseObject({
  in_features: z.number().int().min(1),
  out_features: z.number().int().min(1),
  bias: z.boolean().default(true),
  activation_function: z.string().nullish(),
  use_residual: z.boolean().default(false),
  module_input_name: z.string().default('sentence_embedding'),
  module_output_name: z.string().nullish(),
});

export async function readDenseStep(folder: string, path: string): Promise<DenseStep> {
  const name = join(path, 'config.json');
  const file = join(folder, name);
  const config = await readOptional(folder, name, schema);
  if (!config) throw new UserError(`${file} is missing: copy or download the model again`);
  // where the file is silent, sentence-transformers takes Tanh
  const activation = (config.activation_function ?? 'Tanh').split('.').at(-1) as DenseStep['activation'];
  if (!Object.hasOwn(ACTIVATIONS, activation)) {
    refuse(file, `activation_function = "${config.activation_function}"`, Object.keys(ACTIVATIONS).join(', '));
  }
  if (config.use_residual) refuse(file, 'use_residual = true', 'false');
  for (const key of ['module_input_name', 'module_output_name'] as const) {
    const of = config[key] ?? 'sentence_embedding';
    if (of !== 'sentence_embedding') refuse(file, `${key} = "${of}"`, '"sentence_embedding"');
  }
  return { path, inputs: config.in_features, outputs: config.out_features, bias: config.bias, activation };
}

/** Tensors of a step, by the names that sentence-transformers stores them under. */
export interface DenseWeights {
  weight: { shape: number[]; data: Float32Array };
  bias?: { shape: number[]; data: Float32Array };
}

/** @throws UserError for missing or mis-shaped weights */
export async function readDenseWeights(folder: string, step: DenseStep): Promise<DenseWeights> {
  const path = join(folder, step.path, 'model.safetensors');
  const file = await openSafetensors(path);
  try {
    const read = async (name: string, shape: number[]) => {
      const found = file.tensors.get(name)?.shape;
      if (found?.join() !== shape.join()) {
        throw new UserError(
          `${path}: ${name} is ${found ? `[${found.join(', ')}]` : 'missing'}, where its config.json asks for [${shape.join(', ')}]: download the model again`,
        );
      }
      return { shape, data: await file.readFloat32(name) };
    };
    const weight = await read('linear.weight', [step.outputs, step.inputs]);
    return step.bias ? { weight, bias: await read('linear.bias', [step.outputs]) } : { weight };
  } finally {
    await file.close();
  }
}

/** @param x [B, in]  @returns [B, out] */
export function applyDense(x: tf.Tensor, step: DenseStep, weight: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const product = tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D, false, true);
  return ACTIVATIONS[step.activation](bias ? tf.add(product, bias) : product);
}
