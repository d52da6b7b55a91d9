/**
 * The encoder of this project on one of its engines: forward and backward pass of one batch without padding, or its
 * forward pass, in micro-batches as large as encoding and training take them. Started by contender.ts with its options as JSON.
 */
import * as tf from '@tensorflow/tfjs';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import type { ExecutionPlan, Gradients } from '../../lib/encoder/execution-plan.js';
import { microBatchTokens } from '../../lib/encoder/retry-on-out-of-memory.js';
import type { EngineName } from '../../lib/engine/registry.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { Engine, TensorData } from '../../lib/engine/types.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { microBatches } from '../../lib/tokens/micro-batches.js';
import { accumulate, pickRows } from '../../lib/training/grad-cache.js';
import { batchTexts, embeddingGradient } from '../batch.js';
import { readChannels } from '../int8-channels.js';
import { median } from '../measure.js';
import type { Shape } from '../shapes.js';
import { answerRuns } from './answer-runs.js';

/** What the process is started with. */
export interface EncoderContenderOptions {
  engine: EngineName;
  /** Absent: float32. */
  precision?: 'int8' | 'bfloat16';
  /** Of weights in 8 bits: see int8-channels.ts. */
  channels?: string;
  threads: number;
  plan: ExecutionPlan['name'];
  /** Folders of the model and of the adapter. */
  model: string;
  adapter: string;
  mode: Shape['mode'];
  batch: number;
  sequence: number;
}

const options = JSON.parse(process.argv[2] as string) as EncoderContenderOptions;
const spent = { trace: 0, compile: 0 };
const engine = await startEngine(options);
timeCompilation(engine);
const base = await loadBaseModel(
  options.model,
  engine,
  {},
  options.channels === undefined ? undefined : readChannels(options.channels),
);
const adapter = options.mode === 'train' ? await readAdapter(options.adapter, base.config) : undefined;
const encoder = await createEncoder(base, { plan: options.plan, adapter });
const texts = batchTexts(options, base.config.vocabularySize);
const lengths = texts.map((text) => text.length);
const allTokens = options.batch * options.sequence;
const gradient = embeddingGradient(options.batch * encoder.dimensions);

async function work(): Promise<{ result: number[]; traceMilliseconds: number; sessionMilliseconds: number }> {
  if (options.mode === 'encode') {
    return { result: [norm(await encoder.embed(texts, { tokenBudget: allTokens }))], ...compilation() };
  }
  const gradients: Gradients = new Map();
  for (const group of microBatches(lengths, microBatchTokens(encoder, allTokens, lengths))) {
    const batch = encoder.pad(group.map((text) => texts[text] as Int32Array));
    accumulate(gradients, await encoder.backward(batch, pickRows(gradient, group, encoder.dimensions)));
  }
  return { result: [Math.hypot(...[...gradients.values()].map(norm))], ...compilation() };
}
await answerRuns(`${engine.description}, ${encoder.plan.name}`, work, bareProduct);
await engine.close();

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
