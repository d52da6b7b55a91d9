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
    let flowing = await throughHead(pass, states, gradient, gradients, held);
    for (let layer = pass.model.config.layers - 1; layer >= 0; layer--) {
      flowing = await throughLayer(pass, layer, states.layers[layer] as LayerState, flowing, gradients, held);
    }
    await throughEmbedding(pass, flowing, gradients);
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

async function throughLayer(
  pass: LayerPass,
  layer: number,
  { input, outputs }: LayerState,
  outputGradient: DeviceTensor,
  gradients: Gradients,
  held: HeldTensors,
): Promise<DeviceTensor> {
  const { model, programs } = pass;
  const program = await programs.layerGradients(layer, { outputs: outputs !== undefined });
  const values = { ...layerValues(pass, layer), ...outputs, hidden: input, outputGradient };
  const result = await program.run(values, ['gradient.hidden']);
  held.release(input, outputGradient, ...Object.values(outputs ?? {}));
  collect(gradients, result, programs.trained.layers[layer] as string[], layerPrefix(model.config, layer));
  collect(gradients, result, programs.trained.shared);
  return held.add(result.kept['gradient.hidden'] as DeviceTensor);
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
