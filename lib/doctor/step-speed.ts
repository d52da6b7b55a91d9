/**
 * How fast this processor trains a large model in the precisions that its frozen weights can have: one step of LoRA through
 * one layer of the width of Qwen2.5-0.5B, random weights, on each engine that is set up. It takes about ten seconds; nothing is
 * guessed from the name of the processor, nor from bare products, of which a step is only a part.
 */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { Random } from '../core/random.js';
import { createEncoder } from '../encoder/encoder.js';
import { initializeAdapter } from '../encoder/lora.js';
import { type StartEngineOptions, startEngine } from '../engine/start-engine.js';
import { currentInstallation } from '../engine/tensorflow/installation.js';
import type { DeviceTensor, Engine } from '../engine/types.js';
import { elementCount } from '../files/safetensors.js';
import { QWEN_HALF_BILLION } from '../models/architectures/qwen-half-billion.js';
import type { BaseModel } from '../models/base-model.js';
import { EmbeddingTable } from '../models/embedding-table.js';
import { encoderTensorShapes, linearModules } from '../models/parameters.js';
import { PLAIN_TRANSFORMER } from '../models/sentence/sentence-use.js';
import { type Check, FIXES, ok, optional, reasonOf } from './check.js';

/** A layer of it, and few tokens. */
const LAYER = { ...QWEN_HALF_BILLION, layers: 1, vocabularySize: 64 };
const [TEXTS, TOKENS] = [4, 256];
const TURNS = 3;
/** A precision that is so much faster than float32 is worth naming. */
const WORTH = 1.2;

/** What a precision brings on this machine. */
export interface MeasuredPrecision {
  name: string;
  /** How to ask for it. */
  flags: string;
  /** Of a step; or why it does not run. */
  seconds: number | string;
}

/** @param withTensorflow whether TensorFlow runs here, on the CPU */
export async function checkStepSpeed({ threads }: Config, withTensorflow: boolean): Promise<Check> {
  const name = 'training step';
  const float32 = await secondsOf({ engine: 'onnx', threads, precision: 'float32' });
  if (typeof float32 === 'string') return optional(name, `not measured: ${float32}`, FIXES.packages);
  const others: MeasuredPrecision[] = [
    {
      name: 'int8',
      flags: '--set precision=int8',
      seconds: await secondsOf({ engine: 'onnx', threads, precision: 'int8' }),
    },
  ];
  if (withTensorflow) {
    others.push({
      name: 'bfloat16 in TensorFlow',
      flags: '--engine tensorflow --set precision=bfloat16',
      seconds: await secondsOf({ engine: 'tensorflow', threads, precision: 'bfloat16' }),
    });
  }
  return ok(name, describeStepSpeed(float32, others));
}

/** Whether TensorFlow is set up here to compute on the CPU. */
export function isTensorflowOnCpu(tensorflow: Check | undefined): boolean {
  return tensorflow?.status === 'ok' && currentInstallation()?.kind === 'cpu';
}

/** "0.40 s a layer of Qwen2.5-0.5B in float32, 2.2x as fast in int8: for large models --set precision=int8, ..." */
export function describeStepSpeed(float32: number, others: readonly MeasuredPrecision[]): string {
  const described = others.map(({ name, seconds }) =>
    typeof seconds === 'string'
      ? `${name} does not run (${seconds})`
      : `${(float32 / seconds).toFixed(1)}x as fast in ${name}`,
  );
  const able = others.filter((one): one is MeasuredPrecision & { seconds: number } => typeof one.seconds === 'number');
  const [best] = able.filter(({ seconds }) => WORTH * seconds <= float32).sort((a, b) => a.seconds - b.seconds);
  const advice = best
    ? `for large models ${best.flags}${best.name === 'int8' ? ', if the calibration finds that it suits them' : ''}`
    : 'float32, the default, is the precision to take here';
  return `${[`${float32.toFixed(2)} s a layer of Qwen2.5-0.5B in float32`, ...described].join(', ')}: ${advice}`;
}

/** Median seconds of a step; why there is none, where the engine does not start so. */
async function secondsOf(options: StartEngineOptions): Promise<number | string> {
  let engine: Engine;
  try {
    engine = await startEngine(options);
  } catch (error) {
    // what else goes wrong with an engine, its own check says
    if (error instanceof UserError) return reasonOf(error);
    throw error;
  }
  try {
    return await stepSeconds(engine);
  } finally {
    await engine.close();
  }
}

/** Forward and backward pass, after one that warms up. */
async function stepSeconds(engine: Engine): Promise<number> {
  const base = await randomLayer(engine);
  const targetModules = linearModules(LAYER).map(({ name }) => name);
  const config = { rank: 16, alpha: 32, dropout: 0, targetModules, rankStabilized: false };
  const encoder = await createEncoder(base, { adapter: { config, tensors: initializeAdapter(config, LAYER, 1) } });
  const texts = Array.from({ length: TEXTS }, (_, text) =>
    Int32Array.from({ length: TOKENS }, (_, i) => (7 * i + text) % LAYER.vocabularySize),
  );
  const seconds: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const start = performance.now();
    await encoder.backward(encoder.pad(texts), new Float32Array(TEXTS * LAYER.hiddenSize).fill(0.01));
    if (turn > 0) seconds.push((performance.now() - start) / 1000);
  }
  await encoder.dispose();
  base.dispose();
  return seconds.sort((a, b) => a - b)[TURNS >> 1] as number;
}

async function randomLayer(engine: Engine): Promise<BaseModel> {
  const linear = new Set(linearModules(LAYER).map(({ path }) => `layers.0.${path}.weight`));
  const weights = new Map<string, DeviceTensor>();
  const draw = (name: string, count: number): Float32Array => {
    const random = new Random(1, name);
    return Float32Array.from({ length: count }, () => 0.04 * (random.uniform() - 0.5));
  };
  for (const [name, shape] of encoderTensorShapes(LAYER)) {
    const values = draw(name, elementCount(shape));
    weights.set(name, await upload(engine, shape, values, linear.has(name)));
  }
  const table = draw('table', LAYER.vocabularySize * LAYER.hiddenSize);
  return {
    folder: '',
    config: LAYER,
    engine,
    table: new EmbeddingTable(LAYER.vocabularySize, LAYER.hiddenSize, 'F32', table),
    weights,
    sentence: PLAIN_TRANSFORMER,
    dense: new Map(),
    parameterCount: 0,
    fingerprint: 'random',
    dispose: () => engine.release([...weights.values()]),
  };
}

/** As a model's weights are kept in the precision of the engine. */
function upload(engine: Engine, shape: number[], values: Float32Array, isLinear: boolean): Promise<DeviceTensor> {
  if (engine.uploadBfloat16) {
    // the upper half of a number's bits
    const bits = Uint16Array.from(new Uint32Array(values.buffer), (word) => word >>> 16);
    return engine.uploadBfloat16(shape, bits);
  }
  if (engine.uploadQuantized && isLinear) return engine.uploadQuantized(shape, values);
  return engine.upload({ dtype: 'float32', shape, data: values });
}
