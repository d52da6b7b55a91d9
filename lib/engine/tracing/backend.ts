/**
 * The tracing backend: a tfjs backend that computes nothing. Registered under the name "tracing", it keeps for every
 * tensor what the graph under construction knows of it, and answers a request for numbers with an error, because
 * numbers exist only when the graph runs.
 *
 * How a trace works: tfjs does not care what a backend does with a kernel call, as long as the output has the right
 * shape. So the model, written in ordinary tfjs ops, runs once on this backend; each kernel call becomes an ONNX node.
 * `tf.grads` works as always, since the gradient of an op is written in ops as well: the backward pass is recorded too.
 * What remains is one ONNX graph for the forward and backward pass, which ONNX Runtime optimizes and runs many times.
 */
import {
  type BackendValues,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs';
import type { Graph } from './graph.js';
import { KERNELS } from './kernels/index.js';
import type { QuantizedWeight } from './quantized-products.js';
import { Recorder, type TracedValue, type TracingPrecision, type ValueStore } from './recorder.js';

export const TRACING_BACKEND = 'tracing';

/** Raised where traced code asks for the numbers of a tensor. */
export class DataReadError extends Error {}

/** Raised where a kernel cannot record what it is asked for. */
export class UntraceableError extends Error {
  constructor(
    readonly kernel: string,
    message: string,
  ) {
    super(message);
  }
}

class TracingBackend extends KernelBackend implements ValueStore {
  private readonly values = new DataStorage<TracedValue>(this, engine());

  get(dataId: object): TracedValue {
    return this.values.get(dataId);
  }

  create(value: TracedValue): object {
    const dataId = {};
    this.values.set(dataId, value);
    return dataId;
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: object, values: BackendValues, _shape: number[], dtype: DataType): void {
    if (!isNumeric(values)) throw new Error(`traced functions take float32, int32 and bool constants, got ${dtype}`);
    this.values.set(dataId, { kind: 'constant', values, uniform: uniformValue(values) });
  }

  override readSync(dataId: object): BackendValues {
    const value = this.values.get(dataId);
    if (value.kind === 'constant') return value.values;
    throw new DataReadError('reads the data of a tensor');
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: object): boolean {
    this.values.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.values.numDataIds();
  }

  // Values are descriptions of a few bytes, so nothing is shared or counted.
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  decRef(): void {}
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override epsilon(): number {
    return 1e-7;
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
}

function isNumeric(values: BackendValues): values is Float32Array | Int32Array | Uint8Array {
  return values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
}

function uniformValue(values: Float32Array | Int32Array | Uint8Array): number | null {
  const first = values[0];
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

let backend: TracingBackend | undefined;
let recorder: Recorder | undefined;

/** Registers the backend and its kernels with tfjs, once. */
export function tracingBackend(): ValueStore {
  if (!backend) {
    const created = new TracingBackend();
    backend = created;
    registerBackend(TRACING_BACKEND, () => created, 0);
    for (const [kernelName, kernel] of Object.entries(KERNELS)) {
      registerKernel({
        kernelName,
        backendName: TRACING_BACKEND,
        kernelFunc: ({ inputs, attrs }) => {
          if (!recorder) throw new Error(`the ${TRACING_BACKEND} backend computes only inside trace()`);
          try {
            return kernel(recorder, inputs as Parameters<typeof kernel>[1], attrs ?? {});
          } catch (error) {
            throw new UntraceableError(kernelName, (error as Error).message);
          }
        },
      });
    }
  }
  return backend;
}

/** What the recorder has to know of the weights among the inputs. */
interface Weights {
  precision: TracingPrecision;
  frozen: ReadonlySet<string>;
  quantized: ReadonlyMap<string, QuantizedWeight>;
}

/** Sends what `fn` computes to the graph. Synchronous, so traces cannot interleave. */
export function withRecorder<T>(
  graph: Graph,
  { precision, frozen, quantized }: Weights,
  fn: (recorder: Recorder) => T,
): T {
  const previous = recorder;
  recorder = new Recorder(graph, tracingBackend(), precision, frozen, quantized);
  try {
    return fn(recorder);
  } finally {
    recorder = previous;
  }
}
