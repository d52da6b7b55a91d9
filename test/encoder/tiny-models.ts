/** Models for tests: the fixture that transformers and PEFT computed, and random ones of any shape. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../../lib/core/random.js';
import type { AdapterConfig, ParameterMap } from '../../lib/encoder/adapter-files.js';
import { adapterTensorShapes } from '../../lib/encoder/adapter-files.js';
import { createWasmEngine } from '../../lib/engine/eager-engine.js';
import { createOnnxEngine, type Provider } from '../../lib/engine/onnx/engine.js';
import { createTensorflowEngine } from '../../lib/engine/tensorflow/engine.js';
import type { DeviceTensor, Engine } from '../../lib/engine/types.js';
import { openSafetensors } from '../../lib/files/safetensors.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import type { QwenConfig } from '../../lib/models/architectures/qwen-config.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { EmbeddingTable } from '../../lib/models/embedding-table.js';
import { encoderTensorShapes, linearModules } from '../../lib/models/parameters.js';
import { PLAIN_TRANSFORMER } from '../../lib/models/sentence/sentence-use.js';
import type { ReferenceModel, ReferenceTensor } from './reference-encoder.js';

export const ENGINES: [string, () => Promise<Engine>][] = [
  ['onnx', async () => createOnnxEngine({ threads: 1 })],
  ['wasm', createWasmEngine],
];
/** Needs npm run setup:gpu, which fetches hundreds of megabytes. */
export const WITH_TENSORFLOW = process.env.LLM_EMBEDDING_TENSORFLOW_TESTS === '1';
if (WITH_TENSORFLOW) ENGINES.push(['tensorflow', () => createTensorflowEngine({ precision: 'float32' })]);
/** Execution providers of ONNX Runtime that this machine has beside the CPU's: "webgpu", "cuda", or both with a comma. */
export const PROVIDERS = (process.env.LLM_EMBEDDING_PROVIDER_TESTS?.split(',') ?? []) as Provider[];
for (const provider of PROVIDERS) {
  ENGINES.push([`onnx on ${provider}`, async () => createOnnxEngine({ threads: 1, provider })]);
}

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
export const QWEN3_FOLDER = join(FIXTURES, 'encoder/qwen3-sharded');
const QWEN2_FOLDER = join(FIXTURES, 'qwen2');
export const MODEL_FOLDER = join(QWEN2_FOLDER, 'model-bf16');
export const ADAPTER_FOLDER = join(QWEN2_FOLDER, 'adapter');

interface FixtureFile {
  temperature: number;
  steps: Record<'t_ids' | 't_mask' | 'a_ids' | 'a_mask', number[][]>[];
  a_leftpad: { ids: number[][]; mask: number[][] };
  loss: { title_to_abstract: number; symmetric: number };
  grad_l2: Record<string, number>;
  grad_l2_symmetric: Record<string, number>;
  after3_l2: Record<string, number>;
  after3_sum: Record<string, number>;
  optimizer: {
    lr: number;
    weight_decay: number;
    trajectory: { loss: number; grad_norm_before_clip: number; lr: number }[];
  };
}

/** What make_fixtures.py computed with transformers, PEFT and torch. */
export const fixture = JSON.parse(readFileSync(join(QWEN2_FOLDER, 'fixture.json'), 'utf8')) as FixtureFile;

/** All tensors of a safetensors file of the fixture, as float32. */
export async function fixtureTensors(name: 'expected' | 'grads' | 'after3'): Promise<Map<string, ReferenceTensor>> {
  return allTensors(join(QWEN2_FOLDER, `${name}.safetensors`));
}

export async function allTensors(path: string): Promise<Map<string, { shape: number[]; data: Float32Array }>> {
  const file = await openSafetensors(path);
  try {
    const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
    for (const [name, { shape }] of file.tensors) tensors.set(name, { shape, data: await file.readFloat32(name) });
    return tensors;
  } finally {
    await file.close();
  }
}

/** The name that PEFT stores a matrix under. */
export const peftName = (name: string): string => `base_model.model.${name}.weight`;

/** Padded ids and their mask as plain texts; padding may be on either side. */
export function textsOf(ids: number[][], mask: number[][]): Int32Array[] {
  return ids.map((row, i) => Int32Array.from(row.filter((_, j) => mask[i]?.[j] === 1)));
}

/** Titles and abstracts of one batch of the fixture. */
export function fixtureBatch(step: number): { titles: Int32Array[]; abstracts: Int32Array[] } {
  const { t_ids, t_mask, a_ids, a_mask } = fixture.steps[step] as FixtureFile['steps'][number];
  return { titles: textsOf(t_ids, t_mask), abstracts: textsOf(a_ids, a_mask) };
}

const TINY: QwenConfig = {
  modelType: 'qwen2',
  hiddenSize: 12,
  intermediateSize: 20,
  layers: 2,
  attentionHeads: 4,
  keyValueHeads: 2,
  headDimension: 6,
  vocabularySize: 40,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 1e4,
  attentionBias: true,
  queryKeyNorm: false,
  causal: true,
  maxPositions: 64,
  padTokenId: null,
};

export type RandomModel = Omit<ReferenceModel, 'parameters'> & {
  parameters: Map<string, { shape: number[]; data: Float32Array }>;
};

/** A model of random weights, the same for the same seed. */
export function randomModel(seed: number, changes: Partial<QwenConfig> = {}): RandomModel {
  const config = { ...TINY, ...changes };
  const parameters: RandomModel['parameters'] = new Map();
  const shapes = new Map([
    ['embed_tokens.weight', [config.vocabularySize, config.hiddenSize]],
    ...encoderTensorShapes(config),
  ]);
  for (const [name, shape] of shapes) {
    const random = new Random(seed, name);
    const center = name.includes('norm') ? 1 : 0;
    const spread = name.endsWith('_proj.weight') ? 1 / Math.sqrt(shape[1] as number) : 0.3;
    const length = shape.reduce((product, dimension) => product * dimension, 1);
    parameters.set(name, { shape, data: Float32Array.from({ length }, () => center + spread * random.normal()) });
  }
  return { config, parameters };
}

/** Adapter matrices that all matter: neither factor is zero. */
export function randomAdapter(
  config: ModelConfig,
  seed: number,
  changes: Partial<AdapterConfig> = {},
): { config: AdapterConfig; tensors: ParameterMap } {
  const adapter: AdapterConfig = {
    rank: 3,
    alpha: 6,
    dropout: 0,
    targetModules: linearModules(config).map(({ name }) => name),
    rankStabilized: false,
    ...changes,
  };
  const tensors: ParameterMap = new Map();
  for (const [name, shape] of adapterTensorShapes(config, adapter)) {
    const random = new Random(seed, name);
    const length = shape.reduce((product, dimension) => product * dimension, 1);
    tensors.set(name, { shape, data: Float32Array.from({ length }, () => 0.3 * random.normal()) });
  }
  return { config: adapter, tensors };
}

/** The reference of a model with an adapter on it. */
export function withAdapter(model: RandomModel, tensors: ParameterMap, adapterScale: number): RandomModel {
  return { ...model, parameters: new Map([...model.parameters, ...tensors]), adapterScale };
}

/** Puts a random model onto an engine, as loading a folder does. */
export async function uploadModel(model: RandomModel, engine: Engine): Promise<BaseModel> {
  const { config, parameters } = model;
  const weights = new Map<string, DeviceTensor>();
  for (const [name, { shape, data }] of parameters) {
    if (name === 'embed_tokens.weight') continue;
    weights.set(name, await engine.upload({ dtype: 'float32', shape, data: data.slice() }));
  }
  const table = parameters.get('embed_tokens.weight')?.data as Float32Array;
  return {
    folder: '',
    config,
    engine,
    table: new EmbeddingTable(config.vocabularySize, config.hiddenSize, 'F32', table),
    weights,
    sentence: PLAIN_TRANSFORMER,
    dense: new Map(),
    parameterCount: 0,
    fingerprint: 'random',
    dispose: () => engine.release([...weights.values()]),
  };
}

/** Random token ids, one text for each length. */
export function randomTexts(seed: number, lengths: number[], vocabularySize: number): Int32Array[] {
  const random = new Random(seed, 'texts');
  return lengths.map((length) => Int32Array.from({ length }, () => random.integer(vocabularySize)));
}

/** Greatest absolute difference; infinite where the lengths differ or a value is not a number. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= greatest)) greatest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return greatest;
}

/** L2 norm of the difference over the L2 norm of what was expected. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  const error = Math.sqrt(difference / norm);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** Scaled to length 1. */
export function unit(values: ArrayLike<number>): number[] {
  const length = norm(values);
  return Array.from(values, (value) => value / length);
}

/** Row i of [n, width]. */
export function row<T extends Float32Array | Float64Array>(values: T, i: number, width: number): T {
  return values.subarray(i * width, (i + 1) * width) as T;
}
