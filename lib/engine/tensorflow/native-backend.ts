/**
 * Loads the backend of tfjs-node-gpu with a binding of our choice: the package itself would look for one that was
 * built at its installation. What is used of the backend, which is not in its public types, is declared here.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type KernelBackend, registerBackend, type Tensor } from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import { bindingPackage, type Installation } from './installation.js';

/** Numbers of libtensorflow's types (tensorflow/c/tf_datatype.h). */
export const FLOAT32 = 1;
export const FLOAT64 = 2;
export const UINT8 = 4;
export const BFLOAT16 = 14;
/** Kind of an attribute that names a type. */
export type Attribute = { name: string; type: number; value: unknown };

export interface NativeTensor {
  id: number;
  shape: number[];
  dtype: number;
}

/** The native module: tensors are numbers that it hands out. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): NativeTensor[];
  /** Tensors that exist, for tests. */
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  TF_ATTR_TYPE: number;
  TF_ATTR_BOOL: number;
  TF_Version: string;
}

/** A tensor as the backend keeps it; `values` until an op first needs it. */
export interface TensorEntry {
  id: number;
  shape: number[];
  dtype: number;
  values: ArrayLike<number> | null;
  refCount: number;
}

/** The backend, with the methods that every one of its kernels goes through. */
export interface NativeBackend extends KernelBackend {
  binding: Binding;
  tensorMap: { get(dataId: object): TensorEntry; set(dataId: object, entry: TensorEntry): void };
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(output: NativeTensor): Tensor;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

export const TENSORFLOW_BACKEND = 'tensorflow';

export interface NativeOptions {
  /** Threads of one op on the CPU; 0: as many as the machine has cores. */
  threads: number;
  /** Whether products of float32 matrices on the GPU may round their operands to 10 bits (TF32). */
  tensorFloat32: boolean;
}

let loaded: { backend: NativeBackend; binding: string } | undefined;

/**
 * Registers the backend with tfjs, once a process: libtensorflow cannot be unloaded.
 *
 * @throws UserError where the package or the binding does not load
 */
export function loadNativeBackend(installation: Installation, options: NativeOptions): NativeBackend {
  if (loaded) {
    if (loaded.binding === installation.binding) return loaded.backend;
    throw new UserError(`this process already runs ${loaded.binding}: start another one for ${installation.binding}`);
  }
  const folder = bindingPackage();
  if (!folder) {
    throw new UserError(
      'the package @tensorflow/tfjs-node-gpu is not installed: install the packages again with npm ci, without --omit=optional',
    );
  }
  setEnvironment(options);
  const require = createRequire(join(folder, 'package.json'));
  restoreRemovedUtilities(require('node:util') as Record<string, unknown>);
  let backend: NativeBackend;
  try {
    require('./dist/register_all_kernels.js');
    const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as {
      NodeJSKernelBackend: new (binding: Binding, packageName: string) => NativeBackend;
    };
    backend = new NodeJSKernelBackend(require(installation.binding) as Binding, '@tensorflow/tfjs-node-gpu');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UserError(`TensorFlow does not load: ${reason}; run npm run setup:gpu`);
  }
  registerBackend(TENSORFLOW_BACKEND, () => backend);
  loaded = { backend, binding: installation.binding };
  return backend;
}

/** libtensorflow reads these when it is loaded; what the user has set stays. */
function setEnvironment({ threads, tensorFloat32 }: NativeOptions): void {
  const defaults: Record<string, string> = {
    // errors only: a machine without a GPU is not worth a page of messages
    TF_CPP_MIN_LOG_LEVEL: '3',
    // the memory of the GPU is taken as it is needed, and others can use the rest
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
  if (threads > 0) defaults.TF_NUM_INTRAOP_THREADS = String(threads);
  if (!tensorFloat32) defaults.NVIDIA_TF32_OVERRIDE = '0';
  for (const [name, value] of Object.entries(defaults)) process.env[name] ??= value;
}

/** tfjs-node calls two helpers that Node.js 23 removed. */
function restoreRemovedUtilities(util: Record<string, unknown>): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
