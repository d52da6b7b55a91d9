/**
 * One small program for a layer, run once a layer, and one for its backward pass, which computes the layer again from its
 * input (Chen et al., 2016, "Training deep nets with sublinear memory cost", arXiv:1604.06174). Memory holds one layer's
 * activations and the inputs of the layers; tracing takes the same time at any depth.
 *
 * What memory there is saves work, the cheapest first. The inputs of the layers (3.6 kB a token and layer of
 * Qwen2.5-0.5B) can stay from the forward to the backward pass: a GradCache step then computes no more than a plain step
 * with recomputation, since its first pass is the forward pass that the backward pass needs anyway. The outputs of the
 * linear layers (47 kB) can stay too, for as many layers as there is room: recomputing such a layer takes no matrix
 * product but those of its attention (Korthikanti et al., 2022, arXiv:2205.05198, turned around).
 */
import type { DeviceTensor, ProgramOutputs, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, Gradients, SavedActivations } from './execution-plan.js';
import { layerPrograms } from './layer-programs.js';
import { layerPrefix, type Model } from './model.js';

type Values = Record<string, TensorData | DeviceTensor>;

/** What is kept of a layer. */
interface LayerState {
  input: DeviceTensor;
  /** By the names of the linear layers' outputs. */
  outputs?: Record<string, DeviceTensor>;
}

/** Layers from the first to the last, and the input of the head. */
interface States extends SavedActivations {
  layers: LayerState[];
  last: DeviceTensor;
}

/** @param activationBudget of linear outputs that a backward pass may keep for its own time */
export function layerwisePlan(model: Model, activationBudget = 0): ExecutionPlan {
  const { config, engine } = model;
  const depth = config.layers;
  // every layer has the same trainable parameters: the names inside a layer are those of the first
  const inLayer = model.trainable
    .filter((name) => name.startsWith(layerPrefix(0)))
    .map((name) => name.slice(layerPrefix(0).length));
  const inHead = model.trainable.includes('norm.weight');
  const programs = layerPrograms(model, inLayer, inHead);
  const outputNames = [...programs.linearOutputs.keys()];
  const outputWidth = [...programs.linearOutputs.values()].reduce((sum, width) => sum + width, 0);
  // the token embeddings come in float32; what the layers make of them is bfloat16 where their weights are, and those that
  // are trained are not
  const bytes = engine.precision === 'bfloat16' && !model.trainsEmbeddings ? 2 : 4;
  const inputBytes = (tokens: number): number => (4 + bytes * depth) * tokens * config.hiddenSize;
  const outputBytes = (tokens: number): number => bytes * tokens * outputWidth;

  const layerValues = (batch: PaddedBatch, layer: number, extra: Record<string, TensorData>): Values => {
    const prefix = layerPrefix(layer);
    const values: Values = { ...batch.inputs };
    for (const [name, value] of [...model.parameters, ...Object.entries(extra)]) {
      if (name.startsWith(prefix)) values[name.slice(prefix.length)] = value;
    }
    return values;
  };
  const headValues = (batch: PaddedBatch): Values => ({
    poolWeights: batch.inputs.poolWeights,
    weight: model.parameters.get('norm.weight') as DeviceTensor,
  });

  /**
   * Runs all layers.
   *
   * @param keep whether the inputs of the layers are wanted
   * @param outputBudget bytes of linear outputs to keep beside them, for the last layers first
   */
  const runLayers = async (
    batch: PaddedBatch,
    hidden: Float32Array,
    extra: Record<string, TensorData>,
    keep: boolean,
    outputBudget: number,
  ): Promise<States> => {
    const tokens = batch.tokenIds.length;
    const recorded = Math.min(depth, Math.floor(outputBudget / outputBytes(tokens)));
    const dropout = Object.keys(extra).length > 0;
    const states: States = { tensors: [], bytes: 0, layers: [], last: undefined as never };
    states.last = await engine.upload({ dtype: 'float32', shape: [tokens, config.hiddenSize], data: hidden.slice() });
    states.tensors.push(states.last);
    try {
      for (let layer = 0; layer < depth; layer++) {
        const outputs = layer >= depth - recorded;
        const step = await programs.layer({ dropout, outputs });
        const wanted = outputs ? ['output', ...outputNames] : ['output'];
        const input = states.last;
        const { kept } = await step.run({ ...layerValues(batch, layer, extra), hidden: input }, wanted);
        if (!keep) engine.release(states.tensors.splice(0));
        const { output, ...rest } = kept as Record<string, DeviceTensor>;
        states.tensors.push(...Object.values(kept));
        states.layers.push(outputs ? { input, outputs: rest } : { input });
        states.last = output as DeviceTensor;
      }
    } catch (error) {
      engine.release(states.tensors);
      throw error;
    }
    states.bytes = inputBytes(tokens) + recorded * outputBytes(tokens);
    return states;
  };

  return {
    name: 'layerwise',
    async forward(batch, hidden, extra, activationBudget) {
      const room = activationBudget - inputBytes(batch.tokenIds.length);
      const states = await runLayers(batch, hidden, extra, room >= 0, Math.max(0, room));
      let saved: SavedActivations | undefined;
      try {
        const head = await programs.head();
        const { data } = await head.run({ ...headValues(batch), hidden: states.last });
        if (room >= 0) saved = states;
        return { embeddings: data.output as TensorData, saved };
      } finally {
        if (!saved) engine.release(states.tensors);
      }
    },
    async backward(batch, hidden, extra, gradient, saved?: SavedActivations): Promise<Gradients> {
      const states = (saved as States | undefined) ?? (await runLayers(batch, hidden, extra, true, activationBudget));
      const gradients: Gradients = new Map();
      const embeddingGradient: TensorData = {
        dtype: 'float32',
        shape: [batch.batch, config.hiddenSize],
        data: gradient,
      };
      // all that is still needed, released at the end whether or not an error cut the pass short
      const held = new Set(states.tensors);
      const release = (...tensors: DeviceTensor[]): void => {
        engine.release(tensors);
        for (const tensor of tensors) held.delete(tensor);
      };
      const flow = ({ kept }: ProgramOutputs): DeviceTensor => {
        const tensor = kept['gradient.hidden'] as DeviceTensor;
        held.add(tensor);
        return tensor;
      };
      try {
        const head = await (await programs.headGradients()).run(
          { ...headValues(batch), hidden: states.last, outputGradient: embeddingGradient },
          ['gradient.hidden'],
        );
        let flowing = flow(head);
        release(states.last);
        if (inHead) gradients.set('norm.weight', head.data['gradient.weight']?.data as Float32Array);
        for (let layer = depth - 1; layer >= 0; layer--) {
          const { input, outputs } = states.layers[layer] as LayerState;
          const step = await programs.layerGradients({ outputs: outputs !== undefined });
          const result = await step.run(
            { ...layerValues(batch, layer, extra), ...outputs, hidden: input, outputGradient: flowing },
            ['gradient.hidden'],
          );
          release(input, flowing, ...Object.values(outputs ?? {}));
          flowing = flow(result);
          for (const name of inLayer) {
            gradients.set(`${layerPrefix(layer)}${name}`, result.data[`gradient.${name}`]?.data as Float32Array);
          }
        }
        if (model.trainsEmbeddings) gradients.set('hidden', (await engine.download(flowing)).data as Float32Array);
        return gradients;
      } finally {
        engine.release([...held]);
      }
    },
    savedBytes: (tokens) => ({ least: inputBytes(tokens), most: inputBytes(tokens) + depth * outputBytes(tokens) }),
    dispose: () => programs.dispose(),
  };
}
