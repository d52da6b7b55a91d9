/**
 * What every engine offers: compile a function of named tensors, written once in tfjs ops, and run it on data.
 * Nothing above this interface knows which engine runs.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

export type DType = 'float32' | 'int32' | 'bool';
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Numbers on the caller's side, in row-major order. */
export interface TensorData {
  dtype: DType;
  shape: number[];
  data: TypedArray;
}

/** A value that stays with the engine between runs (weights, activations); dispose it through the engine. */
export interface DeviceTensor {
  readonly id: number;
  readonly dtype: DType;
  readonly shape: number[];
  /** Of a weight in 8 bits. */
  readonly quantized?: QuantizedInput;
}

/** What programs have to know of the input of a weight in 8 bits. */
export interface QuantizedInput {
  /** How many of its channels stay in float32. */
  readonly outliers: number;
  /**
   * The same for weights with the same {@link InputChannels}: an input that they share is quantized once. Absent where it
   * is taken as it is.
   */
  readonly channels?: number;
  /** As in {@link InputChannels}. */
  readonly zeroPoint?: number;
}

/** How the channels of an input of a weight in 8 bits are made fit for it. */
export interface InputChannels {
  /** Divides each channel of the input, and multiplies the weight [in]: 1 for outliers. Absent: it is taken as it is. */
  scales?: Float32Array;
  /** Channels that stay in float32, since they are far larger than the others; none without scales. */
  outliers: readonly number[];
  /** The level, a whole number of 2 to 254, that stands for zero: a low one where negative values are small. Absent: 128. */
  zeroPoint?: number;
}

/** A dimension of an input: a number, or a name ("batch", "sequence") or product of names whose size each run decides. */
export type Dimension = number | string;

export interface InputSpec {
  dtype: DType;
  shape: Dimension[];
  /** A weight that training does not change: worth preparing for, since the program runs with it again and again. */
  frozen?: boolean;
  /** A frozen weight [out, in] in 8 bits, as {@link Engine.uploadQuantized} gives it: only products can use it. */
  quantized?: QuantizedInput;
  /** A value that another program keeps in 16 bits: see {@link Engine.compile}. */
  half?: boolean;
  /** A frozen weight that all runs of the program have the same of: worth its preparation where a program is run often. */
  constant?: boolean;
}

/** A pure function of named tensors; may use `tf.grads` and the like inside. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>;

export interface Program {
  /**
   * Runs the function. Outputs named in `keep` stay with the engine as {@link DeviceTensor}; the others come back as data.
   * Inputs given as data are copied and remain the caller's.
   */
  run(inputs: Record<string, TensorData | DeviceTensor>, keep?: string[]): Promise<ProgramOutputs>;
  dispose(): Promise<void>;
}

export interface ProgramOutputs {
  data: Record<string, TensorData>;
  kept: Record<string, DeviceTensor>;
}

/**
 * Of activations and frozen weights in bfloat16, of products with frozen weights alone in float16 or int8; auto: what suits
 * the device.
 * Losses, adapters and their optimizer stay in float32.
 */
export type Precision = 'auto' | 'float32' | 'bfloat16' | 'float16' | 'int8';

/** What an engine is asked to be. */
export interface EngineRequest {
  /** 0: as many as the machine has cores. */
  threads: number;
  precision: Precision;
  /** Execution provider of ONNX Runtime; other engines have none. */
  provider: 'cpu' | 'cuda' | 'webgpu';
}

export interface Engine {
  /** For people; what it can do is told by the properties below. */
  readonly name: string;
  /** One line for people: what runs where, with how many threads. */
  readonly description: string;
  /** Absent: float32. */
  readonly precision?: Exclude<Precision, 'auto'>;
  /** Bytes of a number of an activation: 2 where activations are in bfloat16. */
  readonly activationBytes: 2 | 4;
  /**
   * Whether it runs a program's ops one by one instead of a compiled graph. Every intermediate result then stays to the
   * program's end, so that a large program takes more memory than its parts.
   */
  readonly eager: boolean;
  /** Bytes of a GPU's memory that may be planned with; absent where the engine computes in the machine's memory. */
  readonly freeMemory?: number;
  /** Whether outputs can be kept in 16 bits, where as few are lost in the products anyway. Absent: no. */
  readonly halfOutputs?: boolean;
  /** Moves data to the engine once, for many runs. The array must not be used afterwards: it may be transferred. */
  upload(tensor: TensorData): Promise<DeviceTensor>;
  /**
   * Uploads a frozen weight as the bits of bfloat16 numbers; what is computed with it is bfloat16 too. For programs it is
   * a float32 tensor. Present where `precision` is bfloat16.
   */
  readonly uploadBfloat16?: (shape: number[], bits: Uint16Array) => Promise<DeviceTensor>;
  /**
   * Uploads a frozen weight [out, in] as 8 bits, of which only products are taken. Present where `precision` is int8.
   *
   * @param channels of its input; weights that are given the same object share the work on it
   */
  readonly uploadQuantized?: (shape: number[], weight: Float32Array, channels?: InputChannels) => Promise<DeviceTensor>;
  download(tensor: DeviceTensor): Promise<TensorData>;
  release(tensors: DeviceTensor[]): void;
  /** @param half outputs that runs keep in 16 bits, for inputs of other programs with `half` alone; where {@link halfOutputs} */
  compile(
    name: string,
    fn: TensorFunction,
    inputs: Record<string, InputSpec>,
    half?: readonly string[],
  ): Promise<Program>;
  /** Bytes of the tensors that stay with the engine. */
  residentBytes(): number;
  close(): Promise<void>;
}
