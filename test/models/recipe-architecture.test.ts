/**
 * The recipe "to add an architecture", followed from outside of `lib/`: one object, registered. It has what Qwen lacks and
 * other encoders have: a position table and a layer norm after the look-up, layers with different tensors and different
 * inputs, a parameter that all layers share, no head, and one linear module with a bias.
 *
 *   hidden = layerNorm(rows + positions)
 *   hidden = hidden + tanh(linear(mix . hidden * gain * shared))     gain in the first layer only
 *
 * where mix [S, S] averages over the whole text in even layers, and over neighbours in odd ones.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { encoderParts } from '../../lib/encoder/describe-encoder.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { fullParameters, gradientOfRows, tokenRows } from '../../lib/encoder/full-parameters.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { resolveTargetModules } from '../../lib/encoder/target-modules.js';
import type { Engine } from '../../lib/engine/types.js';
import { elementCount, type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';
import type { Architecture, BatchInput, ModelConfig } from '../../lib/models/architecture.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { encoderFlops } from '../../lib/models/flops.js';
import { linear } from '../../lib/models/layers/linear.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { encoderTensorShapes } from '../../lib/models/parameters.js';
import { registerArchitecture } from '../../lib/models/registry.js';
import { distance, ENGINES, randomTexts } from '../encoder/tiny-models.js';

interface MixerConfig extends ModelConfig {
  epsilon: number;
}

/** [B, S, S]: the mean over the tokens at most `reach` away. */
const mixInput = (reach: number): BatchInput => ({
  dtype: 'float32',
  shape: ['batch', 'sequence', 'sequence'],
  values({ lengths, sequence }) {
    const out = new Float32Array(lengths.length * sequence * sequence);
    lengths.forEach((length, text) => {
      for (let i = 0; i < length; i++) {
        const near = Array.from({ length }, (_, j) => j).filter((j) => Math.abs(i - j) <= reach);
        for (const j of near) out[(text * sequence + i) * sequence + j] = 1 / near.length;
      }
    });
    return out;
  },
});

const mixer: Architecture<MixerConfig> = {
  modelTypes: { mixer: 'a test' },
  prefixes: ['mixer.'],
  parseConfig(file, modelType) {
    const { width, depth, words } = file.read(z.looseObject({ width: z.int(), depth: z.int(), words: z.int() }));
    return {
      modelType,
      hiddenSize: width,
      intermediateSize: width,
      layers: depth,
      attentionHeads: 0,
      keyValueHeads: 0,
      headDimension: 0,
      vocabularySize: words,
      causal: false,
      maxPositions: 16,
      padTokenId: null,
      epsilon: 1e-5,
    };
  },
  embedding: {
    table: 'words.weight',
    tensors: ({ hiddenSize, maxPositions }) => ({
      'positions.weight': [maxPositions, hiddenSize],
      'norm.weight': [hiddenSize],
      'norm.bias': [hiddenSize],
    }),
    inputs: ({ maxPositions }) => ({
      positionOneHot: {
        dtype: 'float32',
        shape: ['batch*sequence', maxPositions],
        values({ batch, sequence }) {
          const out = new Float32Array(batch * sequence * maxPositions);
          for (let i = 0; i < batch * sequence; i++) out[i * maxPositions + (i % sequence)] = 1;
          return out;
        },
      },
    }),
    run(rows, parameters, { positionOneHot }, { epsilon }) {
      const x = tf.add(rows, tf.matMul(positionOneHot as tf.Tensor, parameters['positions.weight'] as tf.Tensor));
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const scaled = tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon)));
      return tf.add(tf.mul(scaled, parameters['norm.weight'] as tf.Tensor), parameters['norm.bias'] as tf.Tensor);
    },
  },
  layers: {
    prefix: 'block.',
    parts: ({ hiddenSize }, layer) => [
      ...(layer === 0 ? [{ name: 'gain.weight', shape: [hiddenSize] }] : []),
      { path: 'mix.dense', outputs: hiddenSize, inputs: hiddenSize, bias: true },
    ],
    shared: ({ hiddenSize }) => ({ 'shared.weight': [hiddenSize] }),
    inputs: () => ({ everywhere: mixInput(99), nearby: mixInput(1) }),
    inputsOf: (layer) => ({ mix: layer % 2 === 0 ? 'everywhere' : 'nearby' }),
    run(hidden, parameters, { mix }, { hiddenSize }, options) {
      const [batch, sequence] = (mix as tf.Tensor).shape as [number, number, number];
      const mixed = tf.matMul(mix as tf.Tensor, tf.reshape(hidden, [batch, sequence, hiddenSize]));
      let x = tf.mul(tf.reshape(mixed, [batch * sequence, hiddenSize]), parameters['shared.weight'] as tf.Tensor);
      const gain = parameters['gain.weight'];
      if (gain) x = tf.mul(x, gain);
      return tf.add(hidden, tf.tanh(linear(x, parameters, 'mix.dense', options)));
    },
  },
};

type Values = ReadonlyMap<string, ArrayLike<number>>;

/** The same with plain loops: the mean of the last hidden state of one text. */
function reference(config: MixerConfig, parameters: Values, tokens: Int32Array, scale = 0): number[] {
  const width = config.hiddenSize;
  const columns = Array.from({ length: width }, (_, j) => j);
  const at = (name: string, i: number): number => parameters.get(name)![i]!;
  let hidden = Array.from(tokens, (id, position) => {
    const x = columns.map((j) => at('words.weight', id * width + j) + at('positions.weight', position * width + j));
    const mean = x.reduce((sum, value) => sum + value, 0) / width;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const norm = Math.sqrt(variance + config.epsilon);
    return columns.map((j) => ((x[j]! - mean) / norm) * at('norm.weight', j) + at('norm.bias', j));
  });
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `block.${layer}.`;
    const reach = layer % 2 === 0 ? 99 : 1;
    hidden = hidden.map((row, i) => {
      const near = hidden.filter((_, j) => Math.abs(i - j) <= reach);
      const x = columns.map((j) => {
        const mean = near.reduce((sum, other) => sum + other[j]!, 0) / near.length;
        return mean * at('shared.weight', j) * (layer === 0 ? at(`${prefix}gain.weight`, j) : 1);
      });
      const product = (name: string, row: number, input: number[]): number =>
        input.reduce((sum, value, j) => sum + value * at(name, row * input.length + j), 0);
      const adapter = `${prefix}mix.dense.lora_`;
      const rank = (parameters.get(`${adapter}A`)?.length ?? 0) / width;
      const narrow = Array.from({ length: rank }, (_, r) => product(`${adapter}A`, r, x));
      return columns.map((j) => {
        const y = product(`${prefix}mix.dense.weight`, j, x) + at(`${prefix}mix.dense.bias`, j);
        return row[j]! + Math.tanh(y + (rank > 0 ? scale * product(`${adapter}B`, j, narrow) : 0));
      });
    });
  }
  return columns.map((j) => hidden.reduce((sum, row) => sum + row[j]!, 0) / hidden.length);
}

const folder = mkdtempSync(join(tmpdir(), 'mixer-'));
const parameters = new Map<string, Float32Array>();
const texts = randomTexts(1, [5, 1, 7], 20);
let config: MixerConfig;

beforeAll(async () => {
  registerArchitecture(mixer);
  // again, as a notebook's cell does
  registerArchitecture(mixer);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'mixer', width: 6, depth: 3, words: 20 }));
  config = (await readModelConfig(folder)) as MixerConfig;
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, shape] of [['words.weight', [20, 6]] as const, ...encoderTensorShapes(config)]) {
    const random = new Random(1, name);
    const data = Float32Array.from({ length: elementCount([...shape]) }, () => 0.6 * random.normal() + 0.2);
    parameters.set(name, data);
    tensors[`mixer.${name}`] = { dtype: 'F32', shape: [...shape], data };
  }
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(ENGINES)('an architecture registered from outside, on %s', (_name, start) => {
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    engine = await start();
    base = await loadBaseModel(folder, engine);
  });
  afterAll(() => engine.close());

  it.each(['whole-graph', 'layerwise'] as const)(
    'encodes and trains all its weights with the %s plan',
    async (plan) => {
      const encoder = await createEncoder(base, { plan, full: await fullParameters(base) });
      const expected = texts.flatMap((text) => reference(config, parameters, text));
      expect(distance(await encoder.embed(texts), expected)).toBeLessThan(1e-5);
      for (const gradients of await gradientsOf(encoder)) {
        const rows = tokenRows(texts);
        const ofRows = gradientOfRows(rows, encoder.pad(texts).tokenIds, gradients.get('hidden') as Float32Array);
        const table = new Float32Array(20 * 6);
        for (const [i, id] of rows.entries()) table.set(ofRows.subarray(i * 6, (i + 1) * 6), id * 6);
        gradients.delete('hidden');
        expectSlopes(gradients.set('words.weight', table), parameters, 0);
        expect([...gradients.keys()].sort()).toEqual([...parameters.keys()].sort());
      }
      await encoder.dispose();
    },
  );

  it.each(['whole-graph', 'layerwise'] as const)('trains an adapter with the %s plan', async (plan) => {
    const targetModules = resolveTargetModules('all-linear', config);
    expect(targetModules).toEqual(['dense']);
    const adapter = { rank: 2, alpha: 6, dropout: 0, targetModules, rankStabilized: false };
    const tensors = initializeAdapter(adapter, config, 1);
    // neither factor zero
    for (const { data } of tensors.values()) data.set(data.map((value, i) => value + 0.1 * ((i % 5) - 2)));
    const encoder = await createEncoder(base, { plan, adapter: { config: adapter, tensors } });
    const all = new Map([...parameters, ...[...tensors].map(([name, { data }]) => [name, data] as const)]);
    const expected = texts.flatMap((text) => reference(config, all, text, 3));
    expect(distance(await encoder.embed(texts), expected)).toBeLessThan(1e-5);
    for (const gradients of await gradientsOf(encoder)) {
      expect([...gradients.keys()]).toEqual(expect.arrayContaining([...tensors.keys()]));
      expectSlopes(gradients, all, 3);
    }
    const sum = (key: 'frozen' | 'trainable') => encoderParts(encoder).reduce((total, part) => total + part[key], 0);
    expect(sum('frozen')).toBe(base.parameterCount);
    expect(sum('trainable')).toBe(encoder.trainableCount);
    expect(encoderFlops(config, [5], adapter).forward).toBe(2 * 5 * 3 * (36 + 24));
    await encoder.dispose();
  });
});

const direction = Array.from({ length: texts.length * 6 }, (_, i) => Math.sin(i + 1));

/** Gradients of the embeddings along `direction`, with nothing and with everything kept of the forward pass. */
async function gradientsOf(encoder: Encoder): Promise<Map<string, Float32Array>[]> {
  const batch = encoder.pad(texts);
  const gradient = () => Float32Array.from(direction);
  const recomputed = await encoder.backward(batch, gradient());
  const { saved } = await encoder.forward(batch, {}, 1e9);
  return [recomputed, await encoder.backward(batch, gradient(), {}, saved)];
}

/** Each gradient is the slope of the reference when the parameter moves, in a random direction. */
function expectSlopes(gradients: ReadonlyMap<string, Float32Array>, values: Values, scale: number): void {
  for (const [name, gradient] of gradients) {
    const random = new Random(2, name);
    const move = Array.from(gradient, () => random.normal());
    const objective = (step: number): number => {
      const moved = new Map(values).set(
        name,
        Array.from(values.get(name)!, (value, i) => value + step * move[i]!),
      );
      const embeddings = texts.flatMap((text) => reference(config, moved, text, scale));
      return embeddings.reduce((sum, value, i) => sum + value * direction[i]!, 0);
    };
    const slope = (objective(1e-4) - objective(-1e-4)) / 2e-4;
    const along = gradient.reduce((sum, value, i) => sum + value * move[i]!, 0);
    expect(Math.abs(along - slope), name).toBeLessThan(1e-3 * Math.max(0.1, Math.abs(slope)));
  }
}

it('leaves the own architectures of the library alone', () => {
  expect(() => registerArchitecture({ ...mixer, modelTypes: { qwen2: 'mine' } })).toThrow(UserError);
});

it('names a target module that is not there, and the one that was meant', () => {
  expect(resolveTargetModules(['mix.dense'], config)).toEqual(['dense']);
  expect(() => resolveTargetModules(['dens'], config)).toThrow(
    'encoder.lora.targetModules: "dens" is no linear module of a mixer encoder; did you mean "dense"?; expected',
  );
});
