/**
 * One small program for a layer, run once a layer, and one for its backward pass, which computes the layer again from its
 * input (Chen et al., 2016, "Training deep nets with sublinear memory cost", arXiv:1604.06174). Memory holds one layer's
 * activations and the inputs of the layers; tracing takes the same time at any depth.
 *
 * The inputs of the layers stay with the engine from the forward to the backward pass when the caller asks for it. A
 * GradCache step then computes no more than a plain step with recomputation: its first pass is the forward pass that the
 * backward pass needs anyway.
 */
import * as tf from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import {
  batchSpecs,
  batchTensors,
  embeddingSpec,
  hiddenSpec,
  layerPrefix,
  type Model,
  parameterSpecs,
  poolSpec,
  runLayer,
} from './model.js';
import type { EncoderPlan, Gradients, SavedActivations } from './plan.js';
import { poolHidden } from './qwen2.js';

type Values = Record<string, TensorData | DeviceTensor>;

export function layerGranularPlan(model: Model): EncoderPlan {
  const { config, engine } = model;
  const depth = config.layers;
  // every layer has the same trainable parameters: the names inside a layer are those of the first
  const inLayer = model.trainable
    .filter((name) => name.startsWith(layerPrefix(0)))
    .map((name) => name.slice(layerPrefix(0).length));
  const inHead = model.trainable.filter((name) => name === 'norm.weight');
  const programs = new Map<string, Promise<Program>>();

  const layerSpecs = (training: boolean) => ({
    hidden: hiddenSpec(config),
    ...batchSpecs(config),
    ...parameterSpecs(model, layerPrefix(0), training),
  });
  const headSpecs = {
    hidden: hiddenSpec(config),
    poolWeights: poolSpec,
    ...parameterSpecs(model, 'norm.', false),
  };
  const compile: Record<string, () => Promise<Program>> = {
    layer: () => engine.compile('layer', layerFunction, layerSpecs(false)),
    'layer with dropout': () => engine.compile('layer with dropout', layerFunction, layerSpecs(true)),
    'layer gradients': () =>
      engine.compile('layer gradients', (inputs) => vectorJacobian(layerFunction, inputs, inLayer), {
        ...layerSpecs(true),
        outputGradient: hiddenSpec(config),
      }),
    head: () => engine.compile('head', headFunction, headSpecs),
    'head gradients': () =>
      engine.compile(
        'head gradients',
        (inputs) =>
          vectorJacobian(
            headFunction,
            inputs,
            inHead.map(() => 'weight'),
          ),
        { ...headSpecs, outputGradient: embeddingSpec(config) },
      ),
  };
  const program = (name: string): Promise<Program> => {
    const compiled = programs.get(name) ?? (compile[name] as () => Promise<Program>)();
    programs.set(name, compiled);
    return compiled;
  };

  function layerFunction(inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    return { output: runLayer(inputs.hidden as tf.Tensor, inputs, batchTensors(inputs), model) };
  }
  function headFunction(inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    return {
      output: poolHidden(
        inputs.hidden as tf.Tensor,
        inputs.weight as tf.Tensor,
        inputs.poolWeights as tf.Tensor,
        config,
      ),
    };
  }

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

  /** Runs all layers; the result is the input of each layer and, last, of the head. */
  const layerInputs = async (
    batch: PaddedBatch,
    hidden: Float32Array,
    extra: Record<string, TensorData>,
    keep: boolean,
  ): Promise<DeviceTensor[]> => {
    const step = await program(Object.keys(extra).length > 0 ? 'layer with dropout' : 'layer');
    const shape = [batch.batch * batch.sequence, config.hiddenSize];
    const states = [await engine.upload({ dtype: 'float32', shape, data: hidden.slice() })];
    try {
      for (let layer = 0; layer < depth; layer++) {
        const input = states.at(-1) as DeviceTensor;
        const { kept } = await step.run({ ...layerValues(batch, layer, extra), hidden: input }, ['output']);
        if (!keep) engine.release(states.splice(0));
        states.push(kept.output as DeviceTensor);
      }
    } catch (error) {
      engine.release(states);
      throw error;
    }
    return states;
  };

  return {
    name: 'layer-granular',
    async forward(batch, hidden, extra, keep) {
      const states = await layerInputs(batch, hidden, extra, keep);
      let saved: SavedActivations | undefined;
      try {
        const head = await program('head');
        const { data } = await head.run({ ...headValues(batch), hidden: states.at(-1) as DeviceTensor });
        if (keep) saved = { tensors: states, bytes: this.savedBytes(batch) };
        return { embeddings: data.output as TensorData, saved };
      } finally {
        if (!saved) engine.release(states);
      }
    },
    async backward(batch, hidden, extra, gradient, saved?: SavedActivations): Promise<Gradients> {
      const states = saved ? saved.tensors : await layerInputs(batch, hidden, extra, true);
      const gradients: Gradients = new Map();
      const embeddingGradient: TensorData = {
        dtype: 'float32',
        shape: [batch.batch, config.hiddenSize],
        data: gradient,
      };
      // all that is still needed, released at the end whether or not an error cut the pass short
      const held = [...states];
      try {
        const head = await (await program('head gradients')).run(
          { ...headValues(batch), hidden: states[depth] as DeviceTensor, outputGradient: embeddingGradient },
          ['gradient.hidden'],
        );
        engine.release(held.splice(depth));
        if (inHead.length > 0) gradients.set('norm.weight', head.data['gradient.weight']?.data as Float32Array);
        let flowing = head.kept['gradient.hidden'] as DeviceTensor;
        held.push(flowing);
        const step = await program('layer gradients');
        for (let layer = depth - 1; layer >= 0; layer--) {
          const { data, kept } = await step.run(
            { ...layerValues(batch, layer, extra), hidden: states[layer] as DeviceTensor, outputGradient: flowing },
            ['gradient.hidden'],
          );
          // the input of this layer and the gradient of its output
          engine.release(held.splice(layer));
          flowing = kept['gradient.hidden'] as DeviceTensor;
          held.push(flowing);
          for (const name of inLayer) {
            gradients.set(`${layerPrefix(layer)}${name}`, data[`gradient.${name}`]?.data as Float32Array);
          }
        }
        if (model.trainsEmbeddings) gradients.set('hidden', (await engine.download(flowing)).data as Float32Array);
        return gradients;
      } finally {
        engine.release(held);
      }
    },
    // the token embeddings come in float32, what the layers make of them is in the type of the engine
    savedBytes: (batch) =>
      batch.batch * batch.sequence * config.hiddenSize * (4 + depth * (engine.precision === 'bfloat16' ? 2 : 4)),
    async dispose() {
      // a program that did not compile has nothing to free
      for (const compiled of programs.values()) await (await compiled.catch(() => undefined))?.dispose();
    },
  };
}

/** Gradients of fn's one output with respect to the hidden states and the named parameters, given the output's. */
function vectorJacobian(
  fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  parameterNames: string[],
): Record<string, tf.Tensor> {
  const names = ['hidden', ...parameterNames];
  const output = (...values: tf.Tensor[]): tf.Tensor => {
    const replaced = Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
    return fn({ ...inputs, ...replaced }).output as tf.Tensor;
  };
  const gradients = tf.grads(output)(
    names.map((name) => inputs[name] as tf.Tensor),
    inputs.outputGradient,
  );
  return Object.fromEntries(names.map((name, i) => [`gradient.${name}`, gradients[i] as tf.Tensor]));
}
