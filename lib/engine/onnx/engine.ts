/**
 * The `onnx` engine: functions are traced into ONNX graphs and run by ONNX Runtime in a thread of its own.
 */

import { availableParallelism } from 'node:os';
import { quantity } from '../../core/quantity.js';
import { MIDDLE, type WeightLevels } from '../quantization.js';
import { splitPartName } from '../tracing/quantized-products.js';
import type { TracingPrecision } from '../tracing/recorder.js';
import { trace } from '../tracing/trace.js';
import type {
  DeviceTensor,
  Engine,
  InputChannels,
  InputSpec,
  Program,
  ProgramOutputs,
  TensorData,
  TensorFunction,
} from '../types.js';
import { Connection } from './connection.js';
import type { Feed } from './messages.js';

export interface OnnxEngineOptions {
  /** Threads of a matrix product; 0 takes the machine's cores. */
  threads?: number;
  /** Execution provider of ONNX Runtime; what another than the CPU's cannot run is left to the CPU. */
  provider?: Provider;
  /** Of the products with frozen weights; float16 is for GPUs with units for it, on the CPU it only costs. */
  precision?: TracingPrecision | 'int8';
  /** Of weights in 8 bits: see quantization.ts. */
  weightLevels?: WeightLevels;
}

export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** Starts the engine; close it to end its thread. */
export function createOnnxEngine(options: OnnxEngineOptions = {}): Engine {
  const { threads = 0, provider = 'cpu', precision = 'float32', weightLevels = 127 } = options;
  const providers = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  return new OnnxEngine(threads || availableParallelism(), providers, precision, weightLevels);
}

class OnnxEngine implements Engine {
  readonly name = 'onnx';
  readonly description: string;
  readonly activationBytes = 4;
  readonly eager = false;
  private readonly connection = new Connection();
  private readonly resident = new Map<number, number>();
  private readonly channelsIds = new WeakMap<InputChannels, number>();
  private nextChannels = 0;
  private nextTensor = 0;
  private nextProgram = 0;

  constructor(
    private readonly threads: number,
    private readonly providers: string[],
    readonly precision: TracingPrecision | 'int8',
    private readonly weightLevels: WeightLevels,
  ) {
    const products = precision === 'float32' ? '' : `, products with frozen weights in ${precision}`;
    if (precision === 'int8') this.uploadQuantized = (...weight) => this.quantize(...weight);
    this.description = `ONNX Runtime on ${providers.join(', ')}, ${threads} thread${threads === 1 ? '' : 's'}${products}`;
  }

  async upload(value: TensorData): Promise<DeviceTensor> {
    checkSize('the tensor', value);
    const tensor = this.register(value.dtype, value.shape);
    try {
      await this.connection.request({ kind: 'upload', tensor: tensor.id, value }, transferable(value.data));
    } catch (error) {
      this.resident.delete(tensor.id);
      throw error;
    }
    return tensor;
  }

  readonly uploadQuantized?: Engine['uploadQuantized'];

  get halfOutputs(): boolean {
    return this.precision === 'int8';
  }

  private async quantize(shape: number[], values: Float32Array, channels?: InputChannels): Promise<DeviceTensor> {
    checkSize('the weight', { dtype: 'float32', shape, data: values });
    checkZeroPoint(channels?.zeroPoint);
    const tensor: DeviceTensor = {
      ...this.register('float32', shape),
      quantized: {
        outliers: 0,
        ...(channels?.scales && { outliers: channels.outliers.length, channels: this.channelsId(channels) }),
        ...(channels?.zeroPoint !== undefined && { zeroPoint: channels.zeroPoint }),
      },
    };
    this.resident.set(tensor.id, elementsOf(shape));
    const weight = { shape: shape as [number, number], values, levels: this.weightLevels, channels };
    try {
      await this.connection.request({ kind: 'upload quantized', tensor: tensor.id, weight }, transferable(values));
    } catch (error) {
      this.resident.delete(tensor.id);
      throw error;
    }
    return tensor;
  }

  private channelsId(channels: InputChannels): number {
    const known = this.channelsIds.get(channels);
    if (known !== undefined) return known;
    this.channelsIds.set(channels, this.nextChannels);
    return this.nextChannels++;
  }

  async download(tensor: DeviceTensor): Promise<TensorData> {
    const { data } = await this.connection.request({ kind: 'download', tensor: tensor.id });
    return data?.value as TensorData;
  }

  release(tensors: DeviceTensor[]): void {
    const ids = tensors.filter((tensor) => this.resident.delete(tensor.id)).map((tensor) => tensor.id);
    if (ids.length > 0) this.connection.request({ kind: 'release', tensors: ids }).catch(() => undefined);
  }

  async compile(
    name: string,
    fn: TensorFunction,
    inputs: Record<string, InputSpec>,
    half: readonly string[] = [],
  ): Promise<Program> {
    const model = trace(name, fn, inputs, this.precision === 'float16' ? 'float16' : 'float32', half);
    const program = this.nextProgram++;
    // on the CPU inputs cost nothing, and sessions share them; but products in 8 bits repack a matrix that is an input
    const onCpu = this.providers[0] === 'cpu';
    const isFrozen = (input: string): boolean => {
      const { name: weight, part } = splitPartName(input);
      const spec = inputs[weight];
      return spec?.frozen === true && (!onCpu || (spec.constant === true && part !== undefined));
    };
    const settings = {
      threads: this.threads,
      providers: this.providers,
      waitsForWeights: model.inputs.some(isFrozen),
    };
    await this.connection.request({ kind: 'compile', program, model: model.bytes, settings });
    return {
      run: (values, keep = []) => this.run(program, name, model.inputs, isFrozen, half, values, keep),
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
    half: readonly string[],
    values: Record<string, TensorData | DeviceTensor>,
    keep: string[],
  ): Promise<ProgramOutputs> {
    const feeds: Record<string, Feed> = {};
    for (const inputName of inputNames) {
      const { name: valueName, part } = splitPartName(inputName);
      const value = values[valueName];
      if (!value) throw new Error(`program "${name}" needs the input "${inputName}"`);
      if ('data' in value) checkSize(`input "${inputName}"`, value);
      feeds[inputName] =
        'data' in value ? value : { resident: value.id, frozen: isFrozen(inputName), ...(part && { part }) };
    }
    const ids = Object.fromEntries(keep.map((output) => [output, this.nextTensor++]));
    const { data = {}, kept = {} } = await this.connection.request({ kind: 'run', program, feeds, keep: ids });
    const tensors: Record<string, DeviceTensor> = {};
    for (const [output, { dtype, shape }] of Object.entries(kept)) {
      const inHalf = half.includes(output);
      tensors[output] = this.register(inHalf ? 'float32' : dtype, shape, ids[output], inHalf ? 2 : undefined);
    }
    return { data, kept: tensors };
  }

  private register(
    dtype: DeviceTensor['dtype'],
    shape: number[],
    id: number = this.nextTensor++,
    bytes: number = dtype === 'bool' ? 1 : 4,
  ): DeviceTensor {
    this.resident.set(id, elementsOf(shape) * bytes);
    return { id, dtype, shape };
  }
}

/** What of an array moves to the other thread: nothing of a view of a larger buffer, since a transfer would take all of it. */
function transferable({ buffer, byteOffset, byteLength }: TensorData['data']): ArrayBuffer[] {
  return byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer ? [buffer] : [];
}

function elementsOf(shape: number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Around a level at either end, one side would have no levels. */
function checkZeroPoint(zeroPoint = MIDDLE): void {
  if (!Number.isInteger(zeroPoint) || zeroPoint < 2 || zeroPoint > 254) {
    throw new Error(`zeroPoint ${zeroPoint} of a weight in 8 bits: expected a whole number of 2 to 254`);
  }
}

/** An array that was transferred is empty, and a message with it would get lost without an error. */
function checkSize(what: string, { data, shape }: TensorData): void {
  if (data.length !== elementsOf(shape)) {
    throw new Error(
      `${what} has ${quantity(data.length, 'values')}, its shape [${shape}] ${elementsOf(shape)} (an uploaded array is empty afterwards)`,
    );
  }
}
