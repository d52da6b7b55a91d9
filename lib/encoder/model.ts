/**
 * What both plans need of a model: its configuration, where its parameters are, and the names and shapes of the inputs
 * that a layer or the head takes.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Engine, InputSpec } from '../engine/types.js';
import type { LinearOptions, Parameters } from '../models/linear.js';
import type { ModelConfig } from '../models/model-config.js';
import { type BatchTensors, decoderLayer, poolHidden } from '../models/qwen2.js';

export interface Model {
  engine: Engine;
  config: ModelConfig;
  options: LinearOptions;
  /** Every parameter but the embedding table, by its full name ("layers.0.mlp.up_proj.weight"), on the engine. */
  parameters: Map<string, DeviceTensor>;
  /** Full names of the parameters that gradients are wanted for. */
  trainable: string[];
  /** Whether the gradient of the token embeddings is wanted too, under the name `hidden` [N, D]. */
  trainsEmbeddings: boolean;
  /** Full names of linear modules whose adapter input has a dropout mask while training, with the width of that input. */
  dropout: Map<string, number>;
}

/** Inputs that describe a batch; "batch" and "sequence" are decided by each run. */
export function batchSpecs(config: ModelConfig): Record<'attentionBias' | 'cos' | 'sin', InputSpec> {
  return {
    attentionBias: { dtype: 'float32', shape: ['batch', 1, 'sequence', 'sequence'] },
    cos: { dtype: 'float32', shape: ['sequence', config.headDimension] },
    sin: { dtype: 'float32', shape: ['sequence', config.headDimension] },
  };
}

export function hiddenSpec(config: ModelConfig): InputSpec {
  return { dtype: 'float32', shape: ['batch*sequence', config.hiddenSize] };
}

export const poolSpec: InputSpec = { dtype: 'float32', shape: ['batch', 1, 'sequence'] };

export function embeddingSpec(config: ModelConfig): InputSpec {
  return { dtype: 'float32', shape: ['batch', config.hiddenSize] };
}

/** The parameters and dropout masks under a prefix, by the rest of their names. */
export function parameterSpecs(model: Model, prefix: string, training: boolean): Record<string, InputSpec> {
  const specs: Record<string, InputSpec> = {};
  for (const [name, tensor] of model.parameters) {
    if (!name.startsWith(prefix)) continue;
    const frozen = !model.trainable.includes(name);
    specs[name.slice(prefix.length)] = { dtype: tensor.dtype, shape: tensor.shape, frozen };
  }
  if (!training) return specs;
  for (const [name, width] of model.dropout) {
    const spec: InputSpec = { dtype: 'float32', shape: ['batch*sequence', width] };
    if (name.startsWith(prefix)) specs[`${name.slice(prefix.length)}.dropout`] = spec;
  }
  return specs;
}

export function layerPrefix(layer: number): string {
  return `layers.${layer}.`;
}

/** One layer as traced code, its parameters already by their names inside the layer. */
export function runLayer(hidden: Tensor, parameters: Parameters, batch: BatchTensors, model: Model): Tensor {
  return decoderLayer(hidden, parameters, batch, model.config, model.options);
}

/** All layers and the head as traced code: token embeddings [N, D] to embeddings [B, D]. */
export function runEncoder(hidden: Tensor, inputs: Parameters, model: Model): Tensor {
  const batch = batchTensors(inputs);
  let state = hidden;
  for (let layer = 0; layer < model.config.layers; layer++) {
    state = runLayer(state, stripPrefix(inputs, layerPrefix(layer)), batch, model);
  }
  return poolHidden(state, inputs['norm.weight'] as Tensor, inputs.poolWeights as Tensor, model.config);
}

export function batchTensors(inputs: Record<string, Tensor>): BatchTensors {
  return { attentionBias: inputs.attentionBias as Tensor, cos: inputs.cos as Tensor, sin: inputs.sin as Tensor };
}

function stripPrefix(inputs: Parameters, prefix: string): Parameters {
  const own = Object.entries(inputs).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
