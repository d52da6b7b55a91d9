/**
 * How large the channels of each linear module's input are on real texts, and what follows for weights in 8 bits: scales
 * that share the range between activations and weights (Xiao et al., 2023, "SmoothQuant", arXiv:2211.10438), and the
 * channels that are so large that they stay in float32 (Dettmers et al., 2022, "LLM.int8()", arXiv:2208.07339).
 *
 *   s_j = sqrt(max|x_j| / max|W_j|)      x_j the j-th channel of the input, W_j the j-th column of the weight
 */
import * as tf from '@tensorflow/tfjs';
import type { DeviceTensor, InputChannels, TensorData } from '../engine/types.js';
import type { BaseModel } from '../models/base-model.js';
import { layerPrefix } from '../models/parameters.js';
import { padBatch } from './batch-inputs.js';
import { embeddingValues, layerValues } from './layer-states.js';
import { embeddingStageSpecs, layerSpecs, type Model, runEmbedding, runLayer } from './model.js';

/** Channels of a module's input that stay in float32: 2 % of the products of Qwen2.5-0.5B. */
const OUTLIERS = 16;
/** Of a narrow input at most this share. */
const LARGEST_SHARE = 1 / 8;
/** Keeps a channel without activations, or without weights, from 0 / 0. */
const TINY = 1e-5;

/**
 * @param base in float32
 * @param texts token ids of a few, each passed alone, so that padding has no part in it
 * @returns by the full names of the weights
 */
export async function inputChannels(
  base: BaseModel,
  texts: readonly Int32Array[],
): Promise<Map<string, InputChannels>> {
  const largest = new Map<string, Float32Array>();
  const run = magnitudePrograms(base);
  try {
    for (const text of texts) {
      for (const [name, magnitudes] of await run.magnitudes(text)) {
        const before = largest.get(name);
        largest.set(name, before ? before.map((value, i) => Math.max(value, magnitudes[i]!)) : magnitudes);
      }
    }
  } finally {
    await run.dispose();
  }
  const channels = new Map<string, InputChannels>();
  for (const [first, magnitudes] of largest) {
    const names = run.readersOf(first);
    const weights: Float32Array[] = [];
    for (const name of names) {
      weights.push((await base.engine.download(base.weights.get(name) as DeviceTensor)).data as Float32Array);
    }
    const ofInput = chooseChannels(magnitudes, weights);
    for (const name of names) channels.set(name, ofInput);
  }
  return channels;
}

/** @param magnitudes max|x| of each channel [in]  @param weights of the modules that read the input, each [out, in] */
export function chooseChannels(magnitudes: Float32Array, weights: readonly Float32Array[]): InputChannels {
  const inputs = magnitudes.length;
  const ofWeights = new Float32Array(inputs);
  for (const weight of weights) {
    weight.forEach((value, i) => {
      const channel = i % inputs;
      ofWeights[channel] = Math.max(ofWeights[channel]!, Math.abs(value));
    });
  }
  const scales = magnitudes.map((value, i) => Math.sqrt(Math.max(value, TINY) / Math.max(ofWeights[i]!, TINY)));
  const meanOfLogs = scales.reduce((sum, scale) => sum + Math.log(scale), 0) / inputs;
  const smoothed = magnitudes.map((value, i) => value / scales[i]!);
  const count = Math.max(1, Math.min(OUTLIERS, Math.floor(inputs * LARGEST_SHARE)));
  const outliers = [...smoothed.keys()]
    .sort((a, b) => smoothed[b]! - smoothed[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
  const centre = Math.exp(meanOfLogs);
  const centred = scales.map((scale) => scale / centre);
  for (const channel of outliers) centred[channel] = 1;
  return { scales: centred, outliers };
}

interface MagnitudePrograms {
  /** Of the inputs of all linear modules, by the full name of the weight that reads it first. */
  magnitudes(text: Int32Array): Promise<Map<string, Float32Array>>;
  /** Full names of the weights that read the same input as one, which is the first of them. */
  readersOf(first: string): string[];
  dispose(): Promise<void>;
}

/** Layer by layer, as the layerwise plan does it: memory holds one layer's activations. */
function magnitudePrograms(base: BaseModel): MagnitudePrograms {
  const { config, engine, table } = base;
  const model: Model = {
    engine,
    config,
    pooling: 'mean',
    dense: [],
    options: { adapterScale: 0 },
    parameters: new Map(base.weights),
    trainable: new Set(),
    trainsEmbeddings: false,
    dropout: new Map(),
  };
  const compiled = new Map<string, ReturnType<typeof engine.compile>>();
  /** Modules by the first that has the same input; the same in all layers. */
  const readers = new Map<string, string[]>();
  const once = (name: string, compile: () => ReturnType<typeof engine.compile>) => {
    const program = compiled.get(name) ?? compile();
    compiled.set(name, program);
    return program;
  };
  const embedding = () =>
    once('embedding', () =>
      engine.compile(
        'embedding',
        (inputs) => ({ output: runEmbedding(inputs.hidden as tf.Tensor, inputs, model) }),
        embeddingStageSpecs(model),
      ),
    );
  const layerProgram = (layer: number) => {
    const specs = layerSpecs(model, layer, false);
    return once(JSON.stringify(Object.entries(specs).sort(([a], [b]) => (a < b ? -1 : 1))), () =>
      engine.compile('input magnitudes', (inputs) => withMagnitudes(inputs, model, readers), specs),
    );
  };
  return {
    async magnitudes(text) {
      const batch = padBatch([text], config, { pooling: 'mean', causal: config.causal });
      const pass = { model, batch, rows: table.lookup(batch.tokenIds), extra: {} };
      const { data } = await (await embedding()).run(embeddingValues(pass));
      let hidden = data.output as TensorData;
      const found = new Map<string, Float32Array>();
      for (let layer = 0; layer < config.layers; layer++) {
        const result = await (await layerProgram(layer)).run({ ...layerValues(pass, layer), hidden });
        hidden = result.data.output as TensorData;
        for (const path of readers.keys()) {
          const values = result.data[`${path}.input`]?.data as Float32Array;
          found.set(`${layerPrefix(config, layer)}${path}.weight`, values);
        }
      }
      return found;
    },
    readersOf(first) {
      const own = [...readers.keys()].find((path) => first.endsWith(`.${path}.weight`)) as string;
      const prefix = first.slice(0, first.length - `${own}.weight`.length);
      return (readers.get(own) as string[]).map((path) => `${prefix}${path}.weight`);
    },
    async dispose() {
      for (const program of compiled.values()) await (await program.catch(() => undefined))?.dispose();
    },
  };
}

/**
 * A layer's output, and max|x| over the rows of each input of linear modules [in], by the first that reads it.
 *
 * @param readers is filled: all that read an input, by the first
 */
function withMagnitudes(
  inputs: Record<string, tf.Tensor>,
  model: Model,
  readers: Map<string, string[]>,
): Record<string, tf.Tensor> {
  const magnitudes: Record<string, tf.Tensor> = {};
  const firstOf = new Map<number, string>();
  readers.clear();
  const onInput = (name: string, x: tf.Tensor): void => {
    const first = firstOf.get(x.id) ?? name;
    firstOf.set(x.id, first);
    readers.set(first, [...(readers.get(first) ?? []), name]);
    if (first === name) magnitudes[`${name}.input`] = tf.max(tf.abs(x), 0);
  };
  const output = runLayer(inputs.hidden as tf.Tensor, inputs, { ...model, options: { ...model.options, onInput } });
  return { output, ...magnitudes };
}
