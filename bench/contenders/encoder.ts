/**
 * The encoder of this project on one of its engines: forward and backward pass of one batch without padding, or its
 * forward pass. Started by contender.ts with its options as JSON.
 */
import * as tf from '@tensorflow/tfjs';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import type { ExecutionPlan } from '../../lib/encoder/execution-plan.js';
import type { EngineName } from '../../lib/engine/registry.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { Engine, InputChannels, TensorData } from '../../lib/engine/types.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { layerPrefix, linearModules } from '../../lib/models/parameters.js';
import { batchTexts, embeddingGradient } from '../batch.js';
import { median } from '../measure.js';
import type { Shape } from '../shapes.js';
import { answerRuns } from './answer-runs.js';

/** What the process is started with. */
export interface EncoderContenderOptions {
  engine: EngineName;
  /** Absent: float32. */
  precision?: 'int8' | 'bfloat16';
  threads: number;
  plan: ExecutionPlan['name'];
  /** Folders of the model and of the adapter. */
  model: string;
  adapter: string;
  mode: Shape['mode'];
  batch: number;
  sequence: number;
}

/** Modules of Qwen2 that read the same. */
const SAME_INPUT = [
  ['q_proj', 'k_proj', 'v_proj'],
  ['gate_proj', 'up_proj'],
];

const options = JSON.parse(process.argv[2] as string) as EncoderContenderOptions;
const spent = { trace: 0, compile: 0 };
const engine = await startEngine(options);
timeCompilation(engine);
const base = await loadBaseModel(options.model, engine, {}, await randomModelChannels());
const adapter = options.mode === 'train' ? await readAdapter(options.adapter, base.config) : undefined;
const encoder = await createEncoder(base, { plan: options.plan, adapter });
const texts = batchTexts(options, base.config.vocabularySize);
const gradient = embeddingGradient(options.batch * encoder.dimensions);

async function work(): Promise<{ result: number[]; traceMilliseconds: number; sessionMilliseconds: number }> {
  const batch = encoder.pad(texts);
  if (options.mode === 'encode') {
    const { embeddings } = await encoder.forward(batch);
    return { result: [norm(embeddings.data as Float32Array)], ...compilation() };
  }
  const gradients = await encoder.backward(batch, gradient.slice());
  return { result: [Math.hypot(...[...gradients.values()].map(norm))], ...compilation() };
}
await answerRuns(`${engine.description}, ${encoder.plan.name}`, work, bareProduct);
await engine.close();

/**
 * Channels for weights in 8 bits as a calibration would choose them, as many in float32: random weights have none that are
 * larger, and which they are costs nothing.
 */
async function randomModelChannels(): Promise<Map<string, InputChannels> | undefined> {
  if (options.precision !== 'int8') return undefined;
  const config = await readModelConfig(options.model);
  const ofInput = (inputs: number): InputChannels => ({
    scales: new Float32Array(inputs).fill(1),
    outliers: Array.from({ length: 16 }, (_, i) => i),
  });
  const channels = new Map<string, InputChannels>();
  for (let layer = 0; layer < config.layers; layer++) {
    const ofLayer = new Map<string, InputChannels>();
    for (const { path, name, inputs } of linearModules(config)) {
      const reads = SAME_INPUT.find((names) => names.includes(name))?.[0] ?? name;
      if (!ofLayer.has(reads)) ofLayer.set(reads, ofInput(inputs));
      channels.set(`${layerPrefix(config, layer)}${path}.weight`, ofLayer.get(reads) as InputChannels);
    }
  }
  return channels;
}

function compilation(): { traceMilliseconds: number; sessionMilliseconds: number } {
  return { traceMilliseconds: spent.trace, sessionMilliseconds: Math.max(0, spent.compile - spent.trace) };
}

/** Traces every program once more than needed, to tell the time of the trace from that of the session. */
function timeCompilation(engine: Engine): void {
  // nothing is compiled where ops run one by one
  if (engine.eager) return;
  const compile = engine.compile.bind(engine);
  engine.compile = async (...program) => {
    const start = performance.now();
    const [name, fn, inputs] = program;
    trace(name, fn, inputs);
    const traced = performance.now();
    const compiled = await compile(...program);
    spent.trace += traced - start;
    spent.compile += performance.now() - traced;
    return compiled;
  };
}

/** Up projection of Qwen2.5-0.5B for 1,024 tokens; the median of five, in GFLOP/s. */
async function bareProduct(): Promise<number> {
  const [rows, inner, columns] = [1024, 896, 4864];
  const matrix = (a: number, b: number): TensorData => ({
    dtype: 'float32',
    shape: [a, b],
    data: Float32Array.from({ length: a * b }, (_, i) => (i % 7) - 3),
  });
  const program = await engine.compile('product', ({ x, w }) => ({ y: tf.matMul(x as tf.Tensor, w as tf.Tensor) }), {
    x: { dtype: 'float32', shape: [rows, inner] },
    w: { dtype: 'float32', shape: [inner, columns] },
  });
  const [x, w] = [await engine.upload(matrix(rows, inner)), await engine.upload(matrix(inner, columns))];
  const seconds: number[] = [];
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    const { kept } = await program.run({ x, w }, ['y']);
    if (i > 0) seconds.push((performance.now() - start) / 1000);
    engine.release(Object.values(kept));
  }
  engine.release([x, w]);
  await program.dispose();
  return (2 * rows * inner * columns) / median(seconds) / 1e9;
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
