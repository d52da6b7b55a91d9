/**
 * The engine that runs functions op by op on a backend of tfjs: slower than a compiled graph, and the readable
 * reference that the others are tested against. `wasm` works everywhere; a native backend plugs in the same way.
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import type {
  DeviceTensor,
  DType,
  Engine,
  InputSpec,
  Program,
  ProgramOutputs,
  TensorData,
  TensorFunction,
} from './types.js';

/** tfjs' WebAssembly backend: one thread, 128-bit vectors. */
export async function createWasmEngine(): Promise<Engine> {
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new UserError('the wasm backend of tfjs does not start on this machine');
  await tf.ready();
  return new EagerEngine('wasm', 'wasm', 'tfjs on WebAssembly, eager; slow, the reference of the other engines');
}

export class EagerEngine implements Engine {
  readonly activationBytes: 2 | 4 = 4;
  readonly eager = true;
  private readonly resident = new Map<number, tf.Tensor>();
  private nextTensor = 0;

  /** @param backend name of a registered tfjs backend */
  constructor(
    readonly name: string,
    private readonly backend: string,
    readonly description: string,
  ) {}

  async upload(value: TensorData): Promise<DeviceTensor> {
    tf.setBackend(this.backend);
    return this.guarded(() => this.keep(toTensor(value)));
  }

  async download(tensor: DeviceTensor): Promise<TensorData> {
    tf.setBackend(this.backend);
    return this.guarded(() => toData(this.find(tensor)));
  }

  release(tensors: DeviceTensor[]): void {
    for (const { id } of tensors) {
      this.resident.get(id)?.dispose();
      this.resident.delete(id);
    }
  }

  async compile(_name: string, fn: TensorFunction, inputs: Record<string, InputSpec>): Promise<Program> {
    const names = Object.keys(inputs);
    return {
      run: async (values, keep = []) => {
        // ops block their thread; between two programs, timers, progress and Ctrl-C get their turn
        await new Promise((resolve) => setImmediate(resolve));
        return this.guarded(() => this.run(fn, names, values, keep));
      },
      dispose: async () => undefined,
    };
  }

  residentBytes(): number {
    return [...this.resident.values()].reduce((total, tensor) => total + this.bytesOf(tensor), 0);
  }

  async close(): Promise<void> {
    this.release([...this.resident.keys()].map((id) => ({ id, dtype: 'float32', shape: [] })));
  }

  private run(
    fn: TensorFunction,
    names: string[],
    values: Record<string, TensorData | DeviceTensor>,
    keep: string[],
  ): ProgramOutputs {
    tf.setBackend(this.backend);
    const passing: tf.Tensor[] = [];
    const inputs: Record<string, tf.Tensor> = {};
    try {
      for (const name of names) {
        const value = values[name];
        if (!value) throw new Error(`the program needs the input "${name}"`);
        const tensor = 'data' in value ? toTensor(value) : this.find(value);
        if ('data' in value) passing.push(tensor);
        inputs[name] = tensor;
      }
      const outputs = tf.tidy(() => fn(inputs)) as Record<string, tf.Tensor>;
      const result: ProgramOutputs = { data: {}, kept: {} };
      for (const [name, tensor] of Object.entries(outputs)) {
        // an output may be an input passed through: the engine keeps a tensor of its own
        if (keep.includes(name)) result.kept[name] = this.keep(tensor.clone());
        else result.data[name] = toData(tensor);
      }
      const inputIds = new Set(Object.values(inputs).map((tensor) => tensor.id));
      tf.dispose(Object.values(outputs).filter((tensor) => !inputIds.has(tensor.id)));
      return result;
    } catch (error) {
      discardTape();
      throw error;
    } finally {
      tf.dispose(passing);
    }
  }

  /** Bytes of a tensor on the backend. */
  protected bytesOf(tensor: tf.Tensor): number {
    return tensor.size * (tensor.dtype === 'bool' ? 1 : 4);
  }

  /** What to throw in the place of an error of the backend. */
  protected explain(error: unknown): unknown {
    return error;
  }

  protected guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.explain(error);
    }
  }

  protected keep(tensor: tf.Tensor): DeviceTensor {
    const id = this.nextTensor++;
    this.resident.set(id, tf.keep(tensor));
    return { id, dtype: tensor.dtype as DType, shape: tensor.shape };
  }

  private find(tensor: DeviceTensor): tf.Tensor {
    const found = this.resident.get(tensor.id);
    if (!found) throw new Error(`tensor ${tensor.id} was released`);
    return found;
  }
}

/** Frees what a backward pass that was cut short kept for itself: tfjs does so only at the end of one. */
function discardTape(): void {
  const { state } = tf.engine();
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}

function toTensor({ data, shape, dtype }: TensorData): tf.Tensor {
  return tf.tensor(data, shape, dtype);
}

function toData(tensor: tf.Tensor): TensorData {
  // a copy: the backend may hand out a view of its own memory
  return { dtype: tensor.dtype as DType, shape: tensor.shape, data: tensor.dataSync().slice() as Float32Array };
}
