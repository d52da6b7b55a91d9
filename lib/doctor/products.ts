/**
 * How fast this processor multiplies with frozen weights in the precisions that they can have: the bare product of the
 * engine, which is where nearly all time of a large model goes. Takes a few seconds; nothing is guessed from its name.
 */
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { type StartEngineOptions, startEngine } from '../engine/start-engine.js';
import { currentInstallation } from '../engine/tensorflow/installation.js';
import type { DeviceTensor, Engine, TensorData } from '../engine/types.js';
import { type Check, FIXES, ok, optional, reasonOf } from './check.js';

/** Rows of the activations, and the matrix of the up projection of Qwen2.5-0.5B. */
const [ROWS, INPUTS, OUTPUTS] = [1024, 896, 4864];
const TURNS = 5;
/** A precision that multiplies this much faster than float32 is worth naming. */
const WORTH = 1.2;

/** What a precision brings on this machine. */
interface Way {
  name: string;
  /** How to ask for it. */
  flags: string;
  /** GFLOP/s, or why it does not run. */
  rate: number | string;
}

/** @param withTensorflow whether TensorFlow runs here, on the CPU */
export async function checkProducts({ threads }: Config, withTensorflow: boolean): Promise<Check> {
  const name = 'products';
  const measure = (
    engine: StartEngineOptions['engine'],
    precision: StartEngineOptions['precision'],
    upload: Upload,
  ): Promise<number | string> => rateOf({ engine, threads, precision }, upload);
  const float32 = await measure('onnx', 'float32', uploadFloat32);
  if (typeof float32 === 'string') return optional(name, `not measured: ${float32}`, FIXES.packages);
  const ways: Way[] = [
    { name: 'int8', flags: '--set precision=int8', rate: await measure('onnx', 'int8', uploadInt8) },
  ];
  if (withTensorflow) {
    const rate = await measure('tensorflow', 'bfloat16', uploadBfloat16);
    ways.push({
      name: 'bfloat16 in TensorFlow',
      flags: '--engine tensorflow --set precision=bfloat16',
      rate,
    });
  }
  return ok(name, describeProducts(float32, ways));
}

/** Whether TensorFlow is set up here to compute on the CPU. */
export function isTensorflowOnCpu(tensorflow: Check | undefined): boolean {
  return tensorflow?.status === 'ok' && currentInstallation()?.kind === 'cpu';
}

/** "float32 180 GFLOP/s, int8 400 (2.2x): for large models --set precision=int8, ...". @param float32 GFLOP/s */
export function describeProducts(float32: number, ways: readonly Way[]): string {
  const described = ways.map(({ name, rate }) =>
    typeof rate === 'string'
      ? `${name} does not run (${rate})`
      : `${name} ${rate.toFixed(0)} (${(rate / float32).toFixed(1)}x)`,
  );
  const able = ways.filter((way): way is Way & { rate: number } => typeof way.rate === 'number');
  const [best] = able.filter(({ rate }) => rate >= WORTH * float32).sort((a, b) => b.rate - a.rate);
  const advice = best
    ? `for large models ${best.flags}${best.name === 'int8' ? ', if the calibration finds that it suits them' : ''}`
    : 'float32, the default, is the precision to take here';
  return `${[`float32 ${float32.toFixed(0)} GFLOP/s`, ...described].join(', ')}: ${advice}`;
}

type Upload = (engine: Engine, shape: number[], values: Float32Array) => Promise<DeviceTensor>;

const uploadFloat32: Upload = (engine, shape, data) => engine.upload({ dtype: 'float32', shape, data });
const uploadInt8: Upload = (engine, shape, values) =>
  (engine.uploadQuantized as NonNullable<Engine['uploadQuantized']>)(shape, values);
/** The upper half of a number's bits. */
const uploadBfloat16: Upload = (engine, shape, values) =>
  (engine.uploadBfloat16 as NonNullable<Engine['uploadBfloat16']>)(
    shape,
    Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16),
  );

/** GFLOP/s of the product; why not, where the engine does not start so. */
async function rateOf(options: StartEngineOptions, upload: Upload): Promise<number | string> {
  let engine: Engine;
  try {
    engine = await startEngine(options);
  } catch (error) {
    // what else goes wrong with an engine, its own check says
    if (error instanceof UserError) return reasonOf(error);
    throw error;
  }
  try {
    return await productRate(engine, upload);
  } finally {
    await engine.close();
  }
}

/** The median of some products x [ROWS, INPUTS] times W^T, W [OUTPUTS, INPUTS] frozen, after one that warms up. */
async function productRate(engine: Engine, upload: Upload): Promise<number> {
  const values = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (i % 7) - 3);
  const x: TensorData = { dtype: 'float32', shape: [ROWS, INPUTS], data: values(ROWS * INPUTS) };
  const shape = [OUTPUTS, INPUTS];
  const tensors = { x: await engine.upload(x), weight: await upload(engine, shape, values(OUTPUTS * INPUTS)) };
  const { quantized } = tensors.weight;
  const program = await engine.compile(
    'product',
    (inputs) => ({ y: tf.matMul(inputs.x as tf.Tensor, inputs.weight as tf.Tensor, false, true) }),
    {
      x: { dtype: 'float32', shape: [ROWS, INPUTS] },
      weight: { dtype: 'float32', shape, frozen: true, ...(quantized && { quantized }) },
    },
  );
  const seconds: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const start = performance.now();
    const { kept } = await program.run(tensors, ['y']);
    if (turn > 0) seconds.push((performance.now() - start) / 1000);
    engine.release(Object.values(kept));
  }
  engine.release(Object.values(tensors));
  await program.dispose();
  const median = seconds.sort((a, b) => a - b)[TURNS >> 1] as number;
  return (2 * ROWS * INPUTS * OUTPUTS) / median / 1e9;
}
