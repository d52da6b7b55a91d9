/**
 * The `onnx` engine: functions are traced into ONNX graphs and run by ONNX Runtime in a thread of its own.
 */
import { availableParallelism } from 'node:os';
import type { TracingPrecision } from '../tracing/recorder.js';
import { trace } from '../tracing/trace.js';
import type { DeviceTensor, Engine, InputSpec, Program, ProgramOutputs, TensorData, TensorFunction } from '../types.js';
import { Connection } from './connection.js';
import type { Feed } from './messages.js';

export interface OnnxEngineOptions {
  /** Threads of a matrix product; 0 takes the machine's cores. */
  threads?: number;
  /** Execution provider of ONNX Runtime; what another than the CPU's cannot run is left to the CPU. */
  provider?: Provider;
  /** Of the products with frozen weights; float16 is for GPUs with units for it, on the CPU it only costs. */
  precision?: TracingPrecision;
}

export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** Starts the engine; close it to end its thread. */
export function createOnnxEngine(options: OnnxEngineOptions = {}): Engine {
  const { threads = 0, provider = 'cpu', precision = 'float32' } = options;
  const providers = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  return new OnnxEngine(threads || availableParallelism(), providers, precision);
}

class OnnxEngine implements Engine {
  readonly name = 'onnx';
  readonly description: string;
  readonly activationBytes = 4;
  readonly eager = false;
  private readonly connection = new Connection();
  private readonly resident = new Map<number, number>();
  private nextTensor = 0;
  private nextProgram = 0;

  constructor(
    private readonly threads: number,
    private readonly providers: string[],
    readonly precision: TracingPrecision,
  ) {
    const half = precision === 'float16' ? ', products in float16' : '';
    this.description = `ONNX Runtime on ${providers.join(', ')}, ${threads} thread${threads === 1 ? '' : 's'}${half}`;
  }

  async upload(value: TensorData): Promise<DeviceTensor> {
    checkSize('the tensor', value);
    const tensor = this.register(value.dtype, value.shape);
    const { buffer, byteOffset, byteLength } = value.data;
    // a view of a larger buffer is copied, since a transfer would take the rest along
    const whole = byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
    try {
      await this.connection.request({ kind: 'upload', tensor: tensor.id, value }, whole ? [buffer] : []);
    } catch (error) {
      this.resident.delete(tensor.id);
      throw error;
    }
    return tensor;
  }

  async download(tensor: DeviceTensor): Promise<TensorData> {
    const { data } = await this.connection.request({ kind: 'download', tensor: tensor.id });
    return data?.value as TensorData;
  }

  release(tensors: DeviceTensor[]): void {
    const ids = tensors.filter((tensor) => this.resident.delete(tensor.id)).map((tensor) => tensor.id);
    if (ids.length > 0) this.connection.request({ kind: 'release', tensors: ids }).catch(() => undefined);
  }

  async compile(name: string, fn: TensorFunction, inputs: Record<string, InputSpec>): Promise<Program> {
    const model = trace(name, fn, inputs, this.precision);
    const program = this.nextProgram++;
    const settings = { threads: this.threads, providers: this.providers };
    // on the CPU inputs cost nothing, and sessions share them
    const isFrozen = (input: string): boolean => this.providers[0] !== 'cpu' && inputs[input]?.frozen === true;
    await this.connection.request({ kind: 'compile', program, model: model.bytes, settings });
    return {
      run: (values, keep = []) => this.run(program, name, model.inputs, isFrozen, values, keep),
      dispose: async () => {
        await this.connection.request({ kind: 'dispose', program });
      },
    };
  }

  residentBytes(): number {
    return [...this.resident.values()].reduce((total, bytes) => total + bytes, 0);
  }

  async close(): Promise<void> {
    this.resident.clear();
    await this.connection.close();
  }

  private async run(
    program: number,
    name: string,
    inputNames: string[],
    isFrozen: (input: string) => boolean,
    values: Record<string, TensorData | DeviceTensor>,
    keep: string[],
  ): Promise<ProgramOutputs> {
    const feeds: Record<string, Feed> = {};
    for (const inputName of inputNames) {
      const value = values[inputName];
      if (!value) throw new Error(`program "${name}" needs the input "${inputName}"`);
      if ('data' in value) checkSize(`input "${inputName}"`, value);
      feeds[inputName] = 'data' in value ? value : { resident: value.id, frozen: isFrozen(inputName) };
    }
    const ids = Object.fromEntries(keep.map((output) => [output, this.nextTensor++]));
    const { data = {}, kept = {} } = await this.connection.request({ kind: 'run', program, feeds, keep: ids });
    const tensors: Record<string, DeviceTensor> = {};
    for (const [output, { dtype, shape }] of Object.entries(kept)) {
      tensors[output] = this.register(dtype, shape, ids[output]);
    }
    return { data, kept: tensors };
  }

  private register(dtype: DeviceTensor['dtype'], shape: number[], id: number = this.nextTensor++): DeviceTensor {
    this.resident.set(id, elementsOf(shape) * (dtype === 'bool' ? 1 : 4));
    return { id, dtype, shape };
  }
}

function elementsOf(shape: number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** An array that was transferred is empty, and a message with it would get lost without an error. */
function checkSize(what: string, { data, shape }: TensorData): void {
  if (data.length !== elementsOf(shape)) {
    throw new Error(
      `${what} has ${data.length} values, its shape [${shape}] ${elementsOf(shape)} (an uploaded array is empty afterwards)`,
    );
  }
}
