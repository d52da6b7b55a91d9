/** The forward pass of the layerwise plan, and what it keeps of each layer. */
import type { DeviceTensor, TensorData } from '../engine/types.js';
import { layerPrefix } from '../models/parameters.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { SavedActivations } from './execution-plan.js';
import type { LayerPrograms } from './layer-programs.js';
import {
  embeddingParameters,
  headParameters,
  inputsOfLayer,
  layerParameters,
  type Model,
  renamed,
  sharedParameters,
} from './model.js';

/** What is kept of a layer. */
export interface LayerState {
  input: DeviceTensor;
  /** By the names of the linear modules' outputs. */
  outputs?: Record<string, DeviceTensor>;
}

/** Layers from the first to the last, and the input of the head. */
export interface LayerStates extends SavedActivations {
  layers: LayerState[];
  last: DeviceTensor;
}

/** A batch on its way through the layers. */
export interface LayerPass {
  model: Model;
  programs: LayerPrograms;
  batch: PaddedBatch;
  /** What all layers read of the batch; see {@link withBatchInputs}. */
  inputs: Values;
  /** Rows of the token table [N, D]. */
  rows: Float32Array;
  /** Further inputs by full names, such as dropout masks. */
  extra: Record<string, TensorData>;
}

type Values = Record<string, TensorData | DeviceTensor>;

export function embeddingValues({
  model,
  batch,
  inputs,
  rows,
}: Pick<LayerPass, 'model' | 'batch' | 'inputs' | 'rows'>): Values {
  const hidden: TensorData = { dtype: 'float32', shape: [batch.tokenIds.length, model.config.hiddenSize], data: rows };
  const { poolWeights } = batch;
  return { ...inputs, poolWeights, ...parameterValues(model, embeddingParameters(model)), hidden };
}

/**
 * Runs a pass with the inputs of its batch on the engine: masks and positions of a batch are as many numbers as the
 * activations of a narrow layer, and would travel to each layer anew.
 */
export async function withBatchInputs<Result>(
  { engine }: Model,
  { inputs }: PaddedBatch,
  run: (inputs: Values) => Promise<Result>,
): Promise<Result> {
  const uploaded: Record<string, DeviceTensor> = {};
  try {
    // copies, since the engine takes what it is given
    for (const [name, { data, ...of }] of Object.entries(inputs)) {
      uploaded[name] = await engine.upload({ ...of, data: data.slice() } as TensorData);
    }
    return await run(uploaded);
  } finally {
    engine.release(Object.values(uploaded));
  }
}

export function layerValues(
  { model, inputs, extra }: Pick<LayerPass, 'model' | 'inputs' | 'extra'>,
  layer: number,
): Values {
  const prefix = layerPrefix(model.config, layer);
  const values: Values = {
    ...renamed(inputs, inputsOfLayer(model, layer)),
    ...parameterValues(model, sharedParameters(model)),
  };
  for (const name of layerParameters(model, layer)) {
    values[name.slice(prefix.length)] = model.parameters.get(name) as DeviceTensor;
  }
  for (const [name, value] of Object.entries(extra)) {
    if (name.startsWith(prefix)) values[name.slice(prefix.length)] = value;
  }
  return values;
}

export function headValues({ model, batch }: LayerPass): Values {
  return { poolWeights: batch.poolWeights, ...parameterValues(model, headParameters(model)) };
}

function parameterValues({ parameters }: Model, names: string[]): Values {
  return Object.fromEntries(names.map((name) => [name, parameters.get(name) as DeviceTensor]));
}

/** Bytes that a layerwise pass keeps for a number of tokens. */
export interface StateBytes {
  /** Inputs of all layers and of the head. */
  inputs(tokens: number): number;
  /** Outputs of the linear modules of one layer. */
  outputs(tokens: number): number;
}

export function stateBytes({ config, engine, trainsEmbeddings }: Model, programs: LayerPrograms): StateBytes {
  const outputWidth = [...programs.linearOutputs.values()].reduce((sum, width) => sum + width, 0);
  // the token embeddings come in float32; what the layers make of them is bfloat16 where their weights are, and those that
  // are trained are not
  const bytes = trainsEmbeddings ? 4 : engine.activationBytes;
  return {
    inputs: (tokens) => (4 + bytes * config.layers) * tokens * config.hiddenSize,
    outputs: (tokens) => (engine.halfOutputs ? 2 : bytes) * tokens * outputWidth,
  };
}

/**
 * Runs embedding stage and layers.
 *
 * @param options.keep whether the inputs of the layers are wanted
 * @param options.recorded of how many layers, counted from the last, the linear outputs are kept beside them
 */
export async function runLayers(
  pass: LayerPass,
  options: { keep: boolean; recorded: number; bytes: StateBytes },
): Promise<LayerStates> {
  const { model, programs, batch, extra } = pass;
  const { engine, config } = model;
  const dropout = Object.keys(extra).length > 0;
  const layers: LayerState[] = [];
  const held: DeviceTensor[] = [];
  try {
    let hidden = await embed(pass);
    held.push(hidden);
    for (let layer = 0; layer < config.layers; layer++) {
      const outputs = layer >= config.layers - options.recorded;
      const program = await programs.layer(layer, { dropout, outputs });
      const wanted = outputs ? ['output', ...programs.linearOutputs.keys()] : ['output'];
      const input = hidden;
      const { kept } = await program.run({ ...layerValues(pass, layer), hidden: input }, wanted);
      if (!options.keep) engine.release(held.splice(0));
      const { output, ...linear } = kept;
      held.push(...Object.values(kept));
      layers.push(outputs ? { input, outputs: linear } : { input });
      hidden = output as DeviceTensor;
    }
    const tokens = batch.tokenIds.length;
    const bytes = options.bytes.inputs(tokens) + options.recorded * options.bytes.outputs(tokens);
    return { tensors: held, bytes, layers, last: hidden };
  } catch (error) {
    engine.release(held);
    throw error;
  }
}

async function embed(pass: LayerPass): Promise<DeviceTensor> {
  const { model, programs, batch, rows } = pass;
  const program = await programs.embedding?.();
  if (program) return (await program.run(embeddingValues(pass), ['output'])).kept.output as DeviceTensor;
  // a copy moves to the engine; the caller keeps its own
  const shape = [batch.tokenIds.length, model.config.hiddenSize];
  return model.engine.upload({ dtype: 'float32', shape, data: rows.slice() });
}
