/**
 * A model as both plans see it: its parameters on the engine, and for each stage of its architecture the names and
 * shapes of the inputs that the stage takes, and the stage as code to trace.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Engine, InputSpec, QuantizedInput } from '../engine/types.js';
import type { BatchInput, ModelConfig } from '../models/architecture.js';
import { denseNames } from '../models/base-model.js';
import type { LinearOptions, Parameters } from '../models/layers/linear.js';
import { layerPrefix } from '../models/parameters.js';
import { type PoolingName, poolHidden } from '../models/pooling.js';
import { architectureOf } from '../models/registry.js';
import { applyDense, type DenseStep } from '../models/sentence/dense-step.js';
import { batchInputs } from './batch-inputs.js';

export interface Model {
  engine: Engine;
  config: ModelConfig;
  pooling: PoolingName;
  /** Linear layers after the pooling; training leaves them as they are. */
  dense: readonly DenseStep[];
  options: LinearOptions;
  /** Every parameter but the token table, by its full name ("layers.0.mlp.up_proj.weight"), on the engine. */
  parameters: Map<string, DeviceTensor>;
  /** Full names of the parameters that gradients are wanted for. */
  trainable: ReadonlySet<string>;
  /** Whether the gradient of the rows of the token table is wanted too, under the name `hidden` [N, D]. */
  trainsEmbeddings: boolean;
  /** Full names of linear modules whose adapter input has a dropout mask while training, with the width of that input. */
  dropout: Map<string, number>;
}

export type Specs = Record<string, InputSpec>;

export function hiddenSpec(config: ModelConfig): InputSpec {
  return { dtype: 'float32', shape: ['batch*sequence', config.hiddenSize] };
}

/** Length of an embedding. */
export function embeddingWidth({ config, dense }: Pick<Model, 'config' | 'dense'>): number {
  return dense.at(-1)?.outputs ?? config.hiddenSize;
}

export function embeddingSpec(model: Model): InputSpec {
  return { dtype: 'float32', shape: ['batch', embeddingWidth(model)] };
}

const poolSpec: InputSpec = { dtype: 'float32', shape: ['batch', 1, 'sequence'] };

/** Of the whole encoder: rows of the token table, inputs of a batch, all parameters by their full names. */
export function encoderSpecs(model: Model, training: boolean): Specs {
  const specs: Specs = {
    hidden: hiddenSpec(model.config),
    poolWeights: poolSpec,
    ...inputSpecs(batchInputs(model.config)),
    ...constants(parameterSpecs(model, model.parameters.keys())),
  };
  if (training) Object.assign(specs, dropoutSpecs(model, ''));
  return specs;
}

/** Of the embedding stage; the pooling weights are there for their shape, which tells "batch" from "sequence". */
export function embeddingStageSpecs(model: Model): Specs {
  const { embedding } = architectureOf(model.config);
  return {
    hidden: hiddenSpec(model.config),
    poolWeights: poolSpec,
    ...inputSpecs(embedding.inputs?.(model.config) ?? {}),
    ...parameterSpecs(model, embeddingParameters(model)),
  };
}

/** Of one layer, its own parameters by their names inside it. */
export function layerSpecs(model: Model, layer: number, training: boolean): Specs {
  const { config } = model;
  const prefix = layerPrefix(config, layer);
  const inputs = inputSpecs(architectureOf(config).layers.inputs(config));
  const own = parameterSpecs(model, layerParameters(model, layer));
  const specs: Specs = {
    hidden: hiddenSpec(config),
    ...renamed(inputs, inputsOfLayer(model, layer)),
    ...parameterSpecs(model, sharedParameters(model)),
    ...Object.fromEntries(Object.entries(own).map(([name, spec]) => [name.slice(prefix.length), spec])),
  };
  if (training) Object.assign(specs, dropoutSpecs(model, prefix));
  return specs;
}

/** Of head and pooling. */
export function headSpecs(model: Model): Specs {
  return {
    hidden: hiddenSpec(model.config),
    poolWeights: poolSpec,
    ...parameterSpecs(model, headParameters(model)),
  };
}

/** Full names of the parameters of a stage. */
export function embeddingParameters({ config }: Model): string[] {
  return Object.keys(architectureOf(config).embedding.tensors?.(config) ?? {});
}
export function sharedParameters({ config }: Pick<Model, 'config'>): string[] {
  return Object.keys(architectureOf(config).layers.shared?.(config) ?? {});
}
export function layerParameters({ config, parameters }: Model, layer: number): string[] {
  const prefix = layerPrefix(config, layer);
  return [...parameters.keys()].filter((name) => name.startsWith(prefix));
}
export function headParameters({ config, dense }: Model): string[] {
  const ofDense = dense.flatMap((step, i) => Object.values(denseNames(step, i)));
  return [
    ...Object.keys(architectureOf(config).head?.tensors(config) ?? {}),
    ...ofDense.filter((name) => name !== undefined),
  ];
}

/** Inputs of a layer: the name inside it, and the name among the inputs of the batch. */
export function inputsOfLayer({ config }: Pick<Model, 'config'>, layer: number): Record<string, string> {
  const { layers } = architectureOf(config);
  return (
    layers.inputsOf?.(layer, config) ??
    Object.fromEntries(Object.keys(layers.inputs(config)).map((name) => [name, name]))
  );
}

/** Values under the names that `names` gives them: `{ inside: outside }`. */
export function renamed<Value>(values: Record<string, Value>, names: Record<string, string>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(names).map(([inside, outside]) => {
      if (!(outside in values)) {
        throw new Error(`a layer asks for the input "${outside}": expected one of ${Object.keys(values).join(', ')}`);
      }
      return [inside, values[outside] as Value];
    }),
  );
}

function inputSpecs(inputs: Record<string, BatchInput>): Specs {
  return Object.fromEntries(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}

/** Of parameters by their full names. */
export function parameterSpecs({ parameters, trainable }: Model, names: Iterable<string>): Specs {
  // numbered anew, so that layers which are alike have the same specifications
  const numbers = new Map<number, number>();
  const numbered = ({ channels, ...others }: QuantizedInput): QuantizedInput => {
    if (channels === undefined) return others;
    if (!numbers.has(channels)) numbers.set(channels, numbers.size);
    return { ...others, channels: numbers.get(channels) as number };
  };
  return Object.fromEntries(
    Array.from(names, (name) => {
      const { dtype, shape, quantized } = parameters.get(name) as DeviceTensor;
      const frozen = !trainable.has(name);
      return [name, { dtype, shape, frozen, ...(quantized && { quantized: numbered(quantized) }) }];
    }),
  );
}

/** Of a program that is run with the same frozen weights always. */
function constants(specs: Specs): Specs {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, spec.frozen ? { ...spec, constant: true } : spec]),
  );
}

function dropoutSpecs({ dropout }: Model, prefix: string): Specs {
  const masked = [...dropout].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    masked.map(([name, width]) => [
      `${name.slice(prefix.length)}.dropout`,
      { dtype: 'float32', shape: ['batch*sequence', width] },
    ]),
  );
}

/** What of a model its stages need, where the parameters are among their inputs. */
export type ModelStages = Pick<Model, 'config' | 'pooling' | 'dense' | 'options'>;

/** The embedding stage: rows of the token table [N, D] to hidden states [N, D]. */
export function runEmbedding(rows: Tensor, inputs: Parameters, { config }: ModelStages): Tensor {
  return architectureOf(config).embedding.run?.(rows, inputs, inputs, config) ?? rows;
}

/** One layer, its parameters and inputs by their names inside it. */
export function runLayer(hidden: Tensor, inputs: Parameters, { config, options }: ModelStages): Tensor {
  return architectureOf(config).layers.run(hidden, inputs, inputs, config, options);
}

/** Head, pooling and the linear layers after it: hidden states [N, D] to embeddings [B, D]. */
export function runHead(hidden: Tensor, inputs: Parameters, model: ModelStages): Tensor {
  return runPooling(runFinalNorm(hidden, inputs, model), inputs, model);
}

/** The head of the architecture: hidden states to the last hidden state, both [N, D]. */
function runFinalNorm(hidden: Tensor, inputs: Parameters, { config }: ModelStages): Tensor {
  return architectureOf(config).head?.run(hidden, inputs, config) ?? hidden;
}

/** Pooling and the linear layers after it: the last hidden state [N, D] to embeddings [B, D]. */
export function runPooling(last: Tensor, inputs: Parameters, { pooling, dense }: ModelStages): Tensor {
  return dense.reduce(
    (x, step, i) => {
      const { weight, bias } = denseNames(step, i);
      return applyDense(x, step, inputs[weight] as Tensor, bias === undefined ? undefined : inputs[bias]);
    },
    poolHidden(last, inputs.poolWeights as Tensor, pooling),
  );
}

/** All stages: rows of the token table [N, D] to embeddings [B, D]. */
export function runEncoder(rows: Tensor, inputs: Parameters, model: ModelStages): Tensor {
  return runPooling(runTransformer(rows, inputs, model), inputs, model);
}

/** All stages but the pooling: rows of the token table to the last hidden state, both [N, D]. */
export function runTransformer(rows: Tensor, inputs: Parameters, model: ModelStages): Tensor {
  const shared = Object.fromEntries(sharedParameters(model).map((name) => [name, inputs[name] as Tensor]));
  let hidden = runEmbedding(rows, inputs, model);
  for (let layer = 0; layer < model.config.layers; layer++) {
    const prefix = layerPrefix(model.config, layer);
    const own = Object.entries(inputs).filter(([name]) => name.startsWith(prefix));
    const parameters = Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
    hidden = runLayer(hidden, { ...renamed(inputs, inputsOfLayer(model, layer)), ...shared, ...parameters }, model);
  }
  return runFinalNorm(hidden, inputs, model);
}
