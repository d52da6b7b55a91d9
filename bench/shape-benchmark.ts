/** One shape: the traced engine beside wasm, PyTorch and TensorFlow, with the rate of useful work and the agreement. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../lib/core/random.js';
import { adapterTensorShapes, writeAdapter } from '../lib/encoder/adapter-files.js';
import { elementCount } from '../lib/files/safetensors.js';
import type { ModelConfig } from '../lib/models/architecture.js';
import { encoderFlops } from '../lib/models/flops.js';
import { linearModules } from '../lib/models/parameters.js';
import { batchTexts } from './batch.js';
import { type Contender, nodeContender, pythonContender } from './contender.js';
import type { EncoderContenderOptions } from './contenders/encoder.js';
import { type Int8Channels, writeChannels } from './int8-channels.js';
import { type Measurement, measure, speedRatio } from './measure.js';
import { randomModelFolder } from './random-model.js';
import { ADAPTER_ALPHA, ADAPTER_RANK, type Shape } from './shapes.js';

export interface ShapeOptions {
  /** Where random models are kept. */
  models: string;
  threads: number;
  turns: number;
  /** A Python with torch, transformers and peft; absent: not compared. */
  python?: string;
  /** Also compare torch with this precision of its float32 products. */
  mediumPrecision: boolean;
  /** Also compare weights in 8 bits, and torch in bfloat16. */
  fewerBits: boolean;
  wasm: boolean;
  tensorflow: boolean;
  plans: EncoderContenderOptions['plan'][];
  onTurn?: (note: string) => void;
}

export interface ShapeResult {
  shape: string;
  description: string;
  gigaflops: number;
  rows: (Measurement & {
    /** Useful work a second, in GFLOP/s: see lib/models/flops.ts. */
    gigaflopsPerSecond: number;
    /** How many times faster the first row is. */
    ratio: number;
    /** Relative difference of the compared number from the first row's. */
    difference: number;
  })[];
}

export async function benchmarkShape(shape: Shape, options: ShapeOptions): Promise<ShapeResult> {
  const model = await randomModelFolder(options.models, shape.model);
  const adapter = await randomAdapterFolder(options.models, shape.model);
  const { mode, batch, sequence } = shape;
  const common = { model, adapter, mode, batch, sequence, threads: options.threads };
  const own = (
    name: string,
    engine: EncoderContenderOptions['engine'],
    plan: EncoderContenderOptions['plan'],
    fewer: Pick<EncoderContenderOptions, 'precision' | 'channels'> = {},
  ) => nodeContender(name, 'encoder', { ...common, engine, plan, ...fewer } satisfies EncoderContenderOptions);
  const contenders: Contender[] = options.plans.map((plan) => own(`onnx, ${plan}`, 'onnx', plan));
  if (options.fewerBits) {
    const channels = await writeChannels(model, batchTexts(shape, shape.model.vocabularySize), options.threads);
    const int8 = (name: string, plan: EncoderContenderOptions['plan'], kind: Int8Channels): Contender =>
      own(name, 'onnx', plan, { precision: 'int8', channels: channels[kind] });
    contenders.push(
      ...options.plans.map((plan) => int8(`onnx int8, ${plan}`, plan, 'chosen')),
      ...options.plans.map((plan) => int8(`onnx int8, 16 channels apart, ${plan}`, plan, 'apart')),
    );
  }
  if (options.tensorflow) {
    // op by op a whole graph frees nothing before its end, which 24 layers have no memory for
    contenders.push(own('tensorflow', 'tensorflow', 'layerwise'));
    if (options.fewerBits)
      contenders.push(own('tensorflow, bfloat16', 'tensorflow', 'layerwise', { precision: 'bfloat16' }));
  }
  if (options.python) {
    const torch = (name: string, precision: string, numbers = 'float32'): Contender =>
      pythonContender(name, options.python as string, 'torch_encoder', { ...common, precision, numbers });
    contenders.push(torch('torch', 'highest'));
    if (options.mediumPrecision) contenders.push(torch('torch, medium', 'medium'));
    if (options.fewerBits) {
      contenders.push(torch('torch, autocast', 'highest', 'autocast'), torch('torch, bfloat16', 'highest', 'bfloat16'));
    }
  }
  const measurements = await measure(contenders, options);
  if (options.wasm) {
    // a turn takes a minute: one, and no warm-up
    measurements.push(
      ...(await measure([own('wasm', 'wasm', 'whole-graph')], { ...options, turns: 1, warmUp: false })),
    );
  }
  const lengths = new Array<number>(batch).fill(sequence);
  const flops = encoderFlops(shape.model, lengths, {
    rank: mode === 'train' ? ADAPTER_RANK : 0,
    targetModules: linearModules(shape.model).map(({ name }) => name),
  });
  const gigaflops = (flops.forward + (mode === 'train' ? flops.backward : 0)) / 1e9;
  const first = measurements[0] as Measurement;
  return {
    shape: shape.name,
    description: `${shape.description}, ${mode}, ${batch} x ${sequence} tokens`,
    gigaflops,
    rows: measurements.map((row) => ({
      ...row,
      gigaflopsPerSecond: gigaflops / row.median,
      ratio: speedRatio(first, row),
      difference: Math.abs((row.result[0] as number) / (first.result[0] as number) - 1),
    })),
  };
}

/** An adapter whose matrices all matter, as PEFT saves it, so that both sides compute the same gradients. */
export async function randomAdapterFolder(parent: string, model: ModelConfig): Promise<string> {
  const folder = join(parent, `adapter-${model.hiddenSize}x${model.layers}`);
  if (existsSync(join(folder, 'adapter_config.json'))) return folder;
  const config = {
    rank: ADAPTER_RANK,
    alpha: ADAPTER_ALPHA,
    dropout: 0,
    targetModules: linearModules(model).map(({ name }) => name),
    rankStabilized: false,
  };
  const tensors = new Map(
    [...adapterTensorShapes(model, config)].map(([name, shape]) => {
      const random = new Random(1, name);
      const spread = name.endsWith('lora_A') ? 1 / Math.sqrt(shape[1] as number) : 0.01;
      return [
        name,
        { shape, data: Float32Array.from({ length: elementCount(shape) }, () => spread * random.normal()) },
      ];
    }),
  );
  await writeAdapter(folder, { config, tensors, baseModel: 'random' });
  return folder;
}
