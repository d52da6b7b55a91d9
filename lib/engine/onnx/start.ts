/** Starts the engine `onnx` and tries it, so that what is missing shows at once and by name. */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import type { DeviceTensor, Engine, EngineRequest, TensorData } from '../types.js';
import { EngineUnavailable } from '../unavailable.js';
import { createOnnxEngine } from './engine.js';
import { exactWeightLevels, TRIAL_WIDTH } from './exact-products.js';

const PROVIDER_NEEDS = {
  cuda: 'an NVIDIA driver, CUDA and cuDNN on the library path, and the libraries that `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12` fetches',
  webgpu: 'a Vulkan driver (Debian, Ubuntu: libvulkan1 and the driver of your GPU)',
};

/** @throws UserError where the provider does not run here  @throws EngineUnavailable where ONNX Runtime does not load */
export async function startOnnxEngine(request: EngineRequest): Promise<Engine> {
  const { threads, precision, provider } = request;
  if (precision === 'int8') return startInBytes(request);
  const isHalf = precision === 'float16';
  const onnx = createOnnxEngine({ threads, provider, precision: isHalf ? 'float16' : 'float32' });
  try {
    // the first request loads the native library in the engine's thread
    onnx.release([await onnx.upload({ dtype: 'float32', shape: [1], data: new Float32Array(1) })]);
    // a provider shows only with a graph whether it runs, and whether it has the precision
    if (provider !== 'cpu') await tryProduct(onnx);
    return onnx;
  } catch (error) {
    await onnx.close();
    const reason = error instanceof Error ? error.message : String(error);
    if (provider === 'cpu') {
      throw new EngineUnavailable(`ONNX Runtime does not load on this machine: ${reason}; use --engine wasm`);
    }
    const [how, needs, instead] = isHalf
      ? [' in float16', ', and a GPU that has float16', 'precision=float32, or that and provider=cpu']
      : ['', '', 'provider=cpu'];
    throw new UserError(
      `provider = "${provider}"${how} does not run on this machine: ${reason}; it needs ${PROVIDER_NEEDS[provider]}${needs}; use ${instead}`,
    );
  }
}

/** @throws UserError where this processor does not multiply bytes exactly */
async function startInBytes({ threads }: EngineRequest): Promise<Engine> {
  let engine: Engine | undefined;
  try {
    const levels = await exactWeightLevels(async (x, weight, weightLevels) => {
      await engine?.close();
      engine = createOnnxEngine({ threads, precision: 'int8', weightLevels });
      return productInBytes(engine, x, weight);
    });
    // the last that was tried is the one that is exact
    if (levels && engine) return engine;
  } catch (error) {
    await engine?.close();
    throw error;
  }
  await engine?.close();
  throw new UserError(
    'precision = "int8" does not run on this machine: its processor rounds products of bytes; use precision=float32',
  );
}

async function productInBytes(engine: Engine, x: Float32Array, weight: Float32Array): Promise<Float32Array> {
  const shape = [weight.length / TRIAL_WIDTH, TRIAL_WIDTH];
  const tensor = (await engine.uploadQuantized?.(shape, weight.slice())) as DeviceTensor;
  const program = await engine.compile(
    'trial in bytes',
    ({ x, weight }) => ({ y: tf.matMul(x as tf.Tensor, weight as tf.Tensor, false, true) }),
    {
      x: { dtype: 'float32', shape: ['rows', TRIAL_WIDTH] },
      weight: { dtype: 'float32', shape, frozen: true, quantized: { outliers: 0 } },
    },
  );
  const rows: TensorData = { dtype: 'float32', shape: [x.length / TRIAL_WIDTH, TRIAL_WIDTH], data: x };
  const { data } = await program.run({ x: rows, weight: tensor });
  await program.dispose();
  engine.release([tensor]);
  return data.y?.data as Float32Array;
}

/** The smallest product with a weight. */
async function tryProduct(engine: Engine): Promise<void> {
  const one = (): TensorData => ({ dtype: 'float32', shape: [1, 1], data: Float32Array.of(1) });
  const weight = await engine.upload(one());
  const shape = [1, 1];
  const product = await engine.compile(
    'trial',
    ({ x, weight }) => ({ y: tf.matMul(x as tf.Tensor, weight as tf.Tensor) }),
    { x: { dtype: 'float32', shape }, weight: { dtype: 'float32', shape, frozen: true } },
  );
  await product.run({ x: one(), weight });
  await product.dispose();
  engine.release([weight]);
}
