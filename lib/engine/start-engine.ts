/** Chooses and starts the engine that the configuration asks for, or the fastest that works here. */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { createWasmEngine } from './eager-engine.js';
import { createOnnxEngine, type Provider } from './onnx/engine.js';
import { createTensorflowEngine } from './tensorflow/engine.js';
import { visibleGpu } from './tensorflow/gpu.js';
import { currentInstallation } from './tensorflow/installation.js';
import { probe } from './tensorflow/probe.js';
import type { Engine, EngineName, Precision, TensorData } from './types.js';

export interface StartEngineOptions {
  engine: EngineName | 'auto';
  /** 0: as many as the machine has cores. */
  threads: number;
  /** bfloat16 of the engine tensorflow, float16 of the engine onnx on another provider than the CPU's. */
  precision?: Precision;
  /** Of the engine onnx. */
  provider?: Provider;
}

/**
 * auto: `tensorflow` where it is set up and sees a GPU, else `onnx`, else `wasm`.
 *
 * @throws UserError when the engine asked for cannot run here; `auto` falls back and says why
 */
export async function startEngine(options: StartEngineOptions, reporting: Reporting = {}): Promise<Engine> {
  const { engine, threads, precision = 'auto' } = options;
  if (precision === 'float16') {
    if (engine === 'onnx' && (options.provider ?? 'cpu') !== 'cpu') return startOnnx(options, reporting);
    throw new UserError(
      `precision = "float16" with engine "${engine}", provider "${options.provider ?? 'cpu'}": only the engine "onnx" computes in it, on a GPU; use --engine onnx with provider webgpu or cuda, or precision auto or float32`,
    );
  }
  if (engine === 'tensorflow' || (engine === 'auto' && (await hasLiveGpu(reporting)))) {
    return createTensorflowEngine({ threads, precision });
  }
  if (precision === 'bfloat16') {
    throw new UserError(
      'precision = "bfloat16": only the engine "tensorflow" computes in it; use --engine tensorflow, or precision auto or float32',
    );
  }
  if (engine === 'wasm') return createWasmEngine();
  return startOnnx(options, reporting);
}

/** Tries it in a process of its own: a broken driver would end this one. */
async function hasLiveGpu(reporting: Reporting): Promise<boolean> {
  const installation = currentInstallation();
  if (!installation || installation.kind === 'cpu' || !(await visibleGpu())) return false;
  let reason = 'it sees no GPU';
  try {
    if ((await probe(installation)).gpu) return true;
  } catch (error) {
    reason = (error as Error).message;
  }
  reporting.onMessage?.({
    level: 'warning',
    text: `engine onnx, since TensorFlow does not run on the GPU: ${reason}; npm run setup:gpu sets it up again`,
  });
  return false;
}

const PROVIDER_NEEDS = {
  cuda: 'an NVIDIA driver, CUDA and cuDNN on the library path, and the libraries that `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12` fetches',
  webgpu: 'a Vulkan driver (Debian, Ubuntu: libvulkan1 and the driver of your GPU)',
};

async function startOnnx(
  { engine, threads, provider = 'cpu', precision }: StartEngineOptions,
  reporting: Reporting,
): Promise<Engine> {
  const onnx = createOnnxEngine({ threads, provider, precision: precision === 'float16' ? 'float16' : 'float32' });
  try {
    // the first request loads the native library in the engine's thread
    onnx.release([await onnx.upload({ dtype: 'float32', shape: [1], data: new Float32Array(1) })]);
    // a provider shows only with a graph whether it runs, and whether it has the precision
    if (provider !== 'cpu') await tryProduct(onnx);
    return onnx;
  } catch (error) {
    await onnx.close();
    const reason = error instanceof Error ? error.message : String(error);
    if (provider !== 'cpu') {
      const [how, needs, instead] =
        precision === 'float16'
          ? [' in float16', ', and a GPU that has float16', 'precision=float32, or that and provider=cpu']
          : ['', '', 'provider=cpu'];
      throw new UserError(
        `provider = "${provider}"${how} does not run on this machine: ${reason}; it needs ${PROVIDER_NEEDS[provider]}${needs}; use ${instead}`,
      );
    }
    if (engine === 'onnx')
      throw new UserError(`ONNX Runtime does not load on this machine: ${reason}; use --engine wasm`);
    reporting.onMessage?.({
      level: 'warning',
      text: `engine wasm (slow), since ONNX Runtime does not load: ${reason}`,
    });
    return createWasmEngine();
  }
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
