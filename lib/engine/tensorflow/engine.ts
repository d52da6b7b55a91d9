/**
 * The `tensorflow` engine: the model's ops run one by one in libtensorflow, on an NVIDIA GPU where there is one. It needs
 * `npm run setup:gpu`.
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import { EagerEngine } from '../eager-engine.js';
import { OutOfMemory } from '../out-of-memory.js';
import type { DeviceTensor, Precision } from '../types.js';
import { type Gpu, visibleGpu } from './gpu.js';
import { currentInstallation, type Installation } from './installation.js';
import { installMixedPrecision, type MixedPrecision } from './mixed-precision.js';
import { loadNativeBackend, type NativeBackend, TENSORFLOW_BACKEND } from './native-backend.js';

export interface TensorflowEngineOptions {
  /** Threads of an op on the CPU; 0: all cores. Counts when the first engine of a process starts. */
  threads?: number;
  /** auto: bfloat16 on a GPU, float32 on the CPU. */
  precision?: Exclude<Precision, 'float16'>;
  installation?: Installation | null;
}

/** Share of the GPU's free memory that micro-batches are planned for; the rest is for what the estimate leaves out. */
const USABLE_MEMORY = 0.6;

let mixedPrecision: MixedPrecision | undefined;

/** @throws UserError where TensorFlow is not set up, or does not load */
export async function createTensorflowEngine(options: TensorflowEngineOptions = {}): Promise<EagerEngine> {
  const { threads = 0, precision = 'auto', installation = currentInstallation() } = options;
  if (!installation) {
    throw new UserError(
      'the engine "tensorflow" is not set up: run npm run setup:gpu (npm run setup:gpu -- --cpu without a GPU), or use --engine auto',
    );
  }
  const gpu = installation.kind === 'cpu' ? null : await visibleGpu();
  const bfloat16 = precision === 'bfloat16' || (precision === 'auto' && gpu !== null);
  const backend = loadNativeBackend(installation, { threads, tensorFloat32: bfloat16 });
  const onGpu = backend.binding.isUsingGpuDevice();
  mixedPrecision ??= installMixedPrecision(backend, { exactProducts: onGpu && bfloat16 });
  if (!(await tf.setBackend(TENSORFLOW_BACKEND))) throw new UserError('the tensorflow backend of tfjs does not start');
  return new TensorflowEngine(backend, mixedPrecision, bfloat16, onGpu ? gpu : null);
}

class TensorflowEngine extends EagerEngine {
  readonly precision: 'float32' | 'bfloat16';
  override readonly activationBytes: 2 | 4;
  readonly freeMemory: number | undefined;
  /** Present in bfloat16 only. */
  readonly uploadBfloat16: ((shape: number[], bits: Uint16Array) => Promise<DeviceTensor>) | undefined;

  constructor(
    backend: NativeBackend,
    private readonly mixed: MixedPrecision,
    bfloat16: boolean,
    gpu: Gpu | null,
  ) {
    const type = bfloat16 ? 'bfloat16' : 'float32';
    const place = gpu ? `on ${gpu.name}` : 'on the CPU';
    super('tensorflow', TENSORFLOW_BACKEND, `TensorFlow ${backend.binding.TF_Version} ${place}, eager, in ${type}`);
    this.precision = type;
    this.activationBytes = bfloat16 ? 2 : 4;
    this.freeMemory = gpu ? gpu.freeMemory * USABLE_MEMORY : undefined;
    this.uploadBfloat16 = bfloat16
      ? async (shape, bits) => {
          tf.setBackend(TENSORFLOW_BACKEND);
          return this.guarded(() => this.keep(mixed.fromBits(bits, shape)));
        }
      : undefined;
  }

  protected override bytesOf(tensor: tf.Tensor): number {
    return this.mixed.isBfloat16(tensor) ? 2 * tensor.size : super.bytesOf(tensor);
  }

  protected override explain(error: unknown): unknown {
    const message = error instanceof Error ? error.message : String(error);
    if (!/\bOOM\b|out of memory|RESOURCE_EXHAUSTED|failed to allocate/i.test(message)) return error;
    return new OutOfMemory(`the device has not enough memory: ${message.split('\n')[0]}`, { cause: error });
  }
}
