/**
 * How large the channels of each linear module's input are on real texts, and what follows for weights in 8 bits: see
 * choose-channels.ts.
 */
import * as tf from '@tensorflow/tfjs';
import { MIDDLE } from '../../engine/quantization.js';
import type { DeviceTensor, InputChannels, TensorData } from '../../engine/types.js';
import type { BaseModel } from '../../models/base-model.js';
import { layerPrefix } from '../../models/parameters.js';
import { padBatch } from '../batch-inputs.js';
import { embeddingValues, layerValues, withBatchInputs } from '../layer-states.js';
import { embeddingStageSpecs, layerSpecs, type Model, runEmbedding, runLayer } from '../model.js';
import { type ChannelChoices, channelChoices, chooseForm, type SeenInput, zeroPointFor } from './choose-channels.js';

/** Rows of each text that rounding is judged by. */
const ROWS_OF_TEXT = 16;

/**
 * @param base in float32
 * @param texts token ids of a few, each passed alone, so that padding has no part in it
 * @returns by the full names of the weights: `fast` in the cheapest forms that are nearly as good as any, `near` with many
 *   channels of every input in float32
 */
export async function inputChannels(
  base: BaseModel,
  texts: readonly Int32Array[],
): Promise<Record<'fast' | 'near', Map<string, InputChannels>>> {
  const seen = new Map<string, SeenInput>();
  const run = inputPrograms(base);
  const found = { fast: new Map<string, InputChannels>(), near: new Map<string, InputChannels>() };
  try {
    for (const text of texts) {
      for (const [name, input] of await run.inputs(text)) seen.set(name, together(seen.get(name), input));
    }
    for (const path of run.firstPaths()) {
      const layers: { names: string[]; choices: ChannelChoices }[] = [];
      for (let layer = 0; layer < base.config.layers; layer++) {
        const names = run.readersOf(path, layer);
        const weights: Float32Array[] = [];
        for (const name of names) {
          weights.push((await base.engine.download(base.weights.get(name) as DeviceTensor)).data as Float32Array);
        }
        const input = seen.get(names[0] as string) as SeenInput;
        layers.push({ names, choices: channelChoices(input, weights) });
      }
      const choices = layers.map((layer) => layer.choices);
      for (const [kind, form] of [
        ['fast', chooseForm(choices)],
        ['near', 'many apart'],
      ] as const) {
        const zeroPoint = zeroPointFor(choices, form);
        for (const { names, choices } of layers) {
          const { channels } = choices[form];
          const around = zeroPoint === MIDDLE ? channels : { ...channels, zeroPoint };
          for (const name of names) found[kind].set(name, around);
        }
      }
    }
  } finally {
    await run.dispose();
  }
  return found;
}

function together(before: SeenInput | undefined, { magnitudes, rows }: SeenInput): SeenInput {
  if (!before) return { magnitudes, rows };
  return {
    magnitudes: before.magnitudes.map((value, i) => Math.max(value, magnitudes[i]!)),
    rows: [...before.rows, ...rows],
  };
}

/** @param values of the rows of a text [N, in] */
function someRows(values: Float32Array, inputs: number): Float32Array[] {
  const count = values.length / inputs;
  const each = Math.max(1, Math.floor(count / ROWS_OF_TEXT));
  // copies: the rows of all layers and texts would fill the memory
  return Array.from({ length: Math.min(count, ROWS_OF_TEXT) }, (_, i) =>
    values.slice(i * each * inputs, (i * each + 1) * inputs),
  );
}

interface InputPrograms {
  /** The inputs of all linear modules, by the full name of the weight that reads each first. */
  inputs(text: Int32Array): Promise<Map<string, SeenInput>>;
  /** The modules that read an input first, the same in all layers. */
  firstPaths(): string[];
  /** Full names of the weights of a layer that read the same input as one module, which is the first of them. */
  readersOf(path: string, layer: number): string[];
  dispose(): Promise<void>;
}

/** Layer by layer, as the layerwise plan does it: memory holds one layer's activations. */
function inputPrograms(base: BaseModel): InputPrograms {
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
      engine.compile('layer and inputs', (inputs) => withInputs(inputs, model, readers), specs),
    );
  };
  return {
    async inputs(text) {
      const batch = padBatch([text], config, { pooling: 'mean', causal: config.causal });
      return withBatchInputs(model, batch, async (inputs) => {
        const pass = { model, batch, inputs, rows: table.lookup(batch.tokenIds), extra: {} };
        const { data } = await (await embedding()).run(embeddingValues(pass));
        let hidden = data.output as TensorData;
        const found = new Map<string, SeenInput>();
        for (let layer = 0; layer < config.layers; layer++) {
          const result = await (await layerProgram(layer)).run({ ...layerValues(pass, layer), hidden });
          hidden = result.data.output as TensorData;
          for (const path of readers.keys()) {
            const magnitudes = result.data[`${path}.magnitudes`]?.data as Float32Array;
            const rows = someRows(result.data[`${path}.rows`]?.data as Float32Array, magnitudes.length);
            found.set(`${layerPrefix(config, layer)}${path}.weight`, { magnitudes, rows });
          }
        }
        return found;
      });
    },
    firstPaths: () => [...readers.keys()],
    readersOf: (path, layer) =>
      (readers.get(path) as string[]).map((reader) => `${layerPrefix(config, layer)}${reader}.weight`),
    async dispose() {
      for (const program of compiled.values()) await (await program.catch(() => undefined))?.dispose();
    },
  };
}

/**
 * A layer's output, and each input of linear modules by the first that reads it: max|x| over its rows [in], and all of
 * them [N, in].
 *
 * @param readers is filled: all that read an input, by the first
 */
function withInputs(
  inputs: Record<string, tf.Tensor>,
  model: Model,
  readers: Map<string, string[]>,
): Record<string, tf.Tensor> {
  const found: Record<string, tf.Tensor> = {};
  const firstOf = new Map<number, string>();
  readers.clear();
  const onInput = (name: string, x: tf.Tensor): void => {
    const first = firstOf.get(x.id) ?? name;
    firstOf.set(x.id, first);
    readers.set(first, [...(readers.get(first) ?? []), name]);
    if (first !== name) return;
    found[`${name}.magnitudes`] = tf.max(tf.abs(x), 0);
    found[`${name}.rows`] = x;
  };
  const output = runLayer(inputs.hidden as tf.Tensor, inputs, { ...model, options: { ...model.options, onInput } });
  return { output, ...found };
}
