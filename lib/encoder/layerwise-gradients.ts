/** The backward pass of the layerwise plan: from the head through the layers to the rows of the token table. */
import type { DeviceTensor, Engine, ProgramOutputs, TensorData } from '../engine/types.js';
import { layerPrefix } from '../models/parameters.js';
import type { Gradients } from './execution-plan.js';
import {
  embeddingValues,
  headValues,
  type LayerPass,
  type LayerState,
  type LayerStates,
  layerValues,
} from './layer-states.js';
import { embeddingWidth } from './model.js';

/**
 * @param states of the forward pass, released as they are used up, and all of them when an error cuts the pass short
 * @param gradient of the embeddings [B, D]
 */
export async function layerwiseGradients(
  pass: LayerPass,
  states: LayerStates,
  gradient: Float32Array,
): Promise<Gradients> {
  const held = new HeldTensors(pass.model.engine, states.tensors);
  const gradients: Gradients = new Map();
  try {
    const { lowest, belowLayers } = whereGradientsEnd(pass);
    let flowing = await throughHead(pass, states, gradient, gradients, held);
    for (let layer = pass.model.config.layers - 1; layer >= lowest; layer--) {
      const input = belowLayers || layer > lowest;
      const { outputs, input: hidden } = states.layers[layer] as LayerState;
      const program = await pass.programs.layerGradients(layer, { outputs: outputs !== undefined, input });
      const values = { ...layerValues(pass, layer), ...outputs, hidden, outputGradient: flowing };
      const result = await program.run(values, input ? ['gradient.hidden'] : []);
      held.release(hidden, flowing, ...Object.values(outputs ?? {}));
      collectOfLayer(pass, layer, result, gradients);
      if (input) flowing = held.add(result.kept['gradient.hidden'] as DeviceTensor);
    }
    if (belowLayers) await throughEmbedding(pass, flowing, gradients);
    return gradients;
  } finally {
    held.releaseAll();
  }
}

async function throughHead(
  pass: LayerPass,
  { last }: LayerStates,
  gradient: Float32Array,
  gradients: Gradients,
  held: HeldTensors,
): Promise<DeviceTensor> {
  const { model, programs, batch } = pass;
  const shape = [batch.batch, embeddingWidth(model)];
  const outputGradient: TensorData = { dtype: 'float32', shape, data: gradient };
  const program = await programs.headGradients();
  const result = await program.run({ ...headValues(pass), hidden: last, outputGradient }, ['gradient.hidden']);
  held.release(last);
  collect(gradients, result, programs.trained.head);
  return held.add(result.kept['gradient.hidden'] as DeviceTensor);
}

/** The lowest layer with something to train, and whether there is anything below the layers. */
function whereGradientsEnd({ model, programs }: LayerPass): { lowest: number; belowLayers: boolean } {
  const belowLayers = model.trainsEmbeddings || programs.embeddingGradients !== undefined;
  const { layers, shared } = programs.trained;
  if (belowLayers || shared.length > 0) return { lowest: 0, belowLayers };
  const lowest = layers.findIndex((names) => names.length > 0);
  return { lowest: lowest === -1 ? layers.length : lowest, belowLayers };
}

function collectOfLayer(
  { model, programs }: LayerPass,
  layer: number,
  result: ProgramOutputs,
  gradients: Gradients,
): void {
  collect(gradients, result, programs.trained.layers[layer] as string[], layerPrefix(model.config, layer));
  collect(gradients, result, programs.trained.shared);
}

async function throughEmbedding(pass: LayerPass, outputGradient: DeviceTensor, gradients: Gradients): Promise<void> {
  const { model, programs } = pass;
  const program = await programs.embeddingGradients?.();
  if (program) {
    const result = await program.run({ ...embeddingValues(pass), outputGradient });
    collect(gradients, result, [...programs.trained.embedding, ...(model.trainsEmbeddings ? ['hidden'] : [])]);
  } else if (model.trainsEmbeddings) {
    gradients.set('hidden', (await model.engine.download(outputGradient)).data as Float32Array);
  }
}

/** Files gradients under full names; those of parameters that several layers share add up. */
function collect(gradients: Gradients, { data }: ProgramOutputs, names: readonly string[], prefix = ''): void {
  for (const name of names) {
    const values = data[`gradient.${name}`]?.data as Float32Array;
    const sum = gradients.get(`${prefix}${name}`);
    if (!sum) gradients.set(`${prefix}${name}`, values);
    else for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
}

/** Tensors that are still needed. */
class HeldTensors {
  private readonly tensors: Set<DeviceTensor>;

  constructor(
    private readonly engine: Engine,
    tensors: Iterable<DeviceTensor>,
  ) {
    this.tensors = new Set(tensors);
  }

  add(tensor: DeviceTensor): DeviceTensor {
    this.tensors.add(tensor);
    return tensor;
  }

  release(...tensors: DeviceTensor[]): void {
    this.engine.release(tensors);
    for (const tensor of tensors) this.tensors.delete(tensor);
  }

  releaseAll(): void {
    this.engine.release([...this.tensors]);
    this.tensors.clear();
  }
}
