/**
 * What a kernel sees while a function is traced: tensors have shapes but no numbers; each stands for a value of the
 * graph. A kernel asks for the ONNX names of its inputs, adds nodes, and returns the description of its output.
 *
 * Two things keep the graphs small. Constants stay on this side until a node needs them, and one whose elements are all
 * equal enters the graph as a scalar. And a value may be *narrower* than its tensor: `tf.grads` writes the gradient of a
 * sum as `dy * ones(shape of x)`, which we keep at the shape of dy as long as only element-wise kernels see it, since
 * ONNX broadcasts by itself. `operand` gives such a narrow name, `name` expands it first.
 */
import type { TensorInfo, TypedArray as TfTypedArray } from '@tensorflow/tfjs';
import type { DType } from '../types.js';
import type { Graph } from './graph.js';
import type { QuantizedWeight } from './quantized-products.js';

export type TracedValue =
  /** A value of the graph; its run-time shape may be narrower than the tensor's, but broadcasts to it. */
  | { kind: 'node'; name: string; shape: number[] }
  /** Numbers known while tracing; `uniform` is their one value where all are equal. */
  | { kind: 'constant'; values: TfTypedArray; uniform: number | null };

/** Where the tracing backend keeps the values of tensors. */
export interface ValueStore {
  get(dataId: object): TracedValue;
  create(value: TracedValue): object;
}

/** float16: products with frozen weights are taken in it (half-products.ts). */
export type TracingPrecision = 'float32' | 'float16';

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export class Recorder {
  constructor(
    readonly graph: Graph,
    private readonly store: ValueStore,
    /** Of the products with frozen weights. */
    readonly precision: TracingPrecision,
    /** Names of the inputs that are frozen weights. */
    private readonly frozen: ReadonlySet<string>,
    /** Inputs that are weights in 8 bits. */
    private readonly quantized: ReadonlyMap<string, QuantizedWeight>,
  ) {}

  /** The number that every element has, or null. */
  uniform(tensor: TensorInfo): number | null {
    const value = this.store.get(tensor.dataId);
    return value.kind === 'constant' ? value.uniform : null;
  }

  /** Whether the tensor is a frozen weight as it is, not something made of one. */
  isFrozenWeight(tensor: TensorInfo): boolean {
    const value = this.store.get(tensor.dataId);
    return value.kind === 'node' && this.frozen.has(value.name);
  }

  /** The weight in 8 bits that the tensor is, as it is. */
  quantizedWeight(tensor: TensorInfo): QuantizedWeight | undefined {
    const value = this.store.get(tensor.dataId);
    return value.kind === 'node' ? this.quantized.get(value.name) : undefined;
  }

  /** Whether some weights are in 8 bits: then only ONNX Runtime on the CPU runs the graph. */
  get hasQuantizedWeights(): boolean {
    return this.quantized.size > 0;
  }

  /** The shape of {@link operand} at run time: broadcasts to the tensor's. */
  operandShape(tensor: TensorInfo): number[] {
    const value = this.store.get(tensor.dataId);
    if (value.kind === 'node') return value.shape;
    return value.uniform === null ? tensor.shape : [];
  }

  /** A name for element-wise use, possibly narrower than the tensor. */
  operand(tensor: TensorInfo): string {
    const value = this.store.get(tensor.dataId);
    if (value.kind === 'node') return value.name;
    if (value.uniform === null) return this.literal(tensor, value.values);
    return this.scalar(tensor.dtype as DType, value.uniform);
  }

  /** A name whose run-time shape is the tensor's. */
  name(tensor: TensorInfo): string {
    const operand = this.operand(tensor);
    if (sameShape(this.operandShape(tensor), tensor.shape)) return operand;
    return this.graph.addOne('Expand', [operand, this.graph.shapeVector(tensor.shape)]);
  }

  /** The output of a kernel; `shape` of the value defaults to the tensor's. */
  output(name: string, tensorShape: number[], dtype: string, shape: number[] = tensorShape): TensorInfo {
    const dataId = this.store.create({ kind: 'node', name, shape });
    return { dataId, shape: tensorShape, dtype: dtype as DType };
  }

  /** A tensor whose elements are all `value`, without materializing it. */
  filled(value: number, shape: number[], dtype: string): TensorInfo {
    const array = ARRAYS[dtype as DType];
    const dataId = this.store.create({ kind: 'constant', values: array.from([value]), uniform: value });
    return { dataId, shape, dtype: dtype as DType };
  }

  /** The same value as another tensor's under another shape to which it still broadcasts. */
  alias(tensor: TensorInfo, shape: number[]): TensorInfo {
    let value = this.store.get(tensor.dataId);
    // numbers of a constant are read in the shape of its tensor, which the alias does not have
    if (value.kind === 'constant' && value.uniform === null && !sameShape(tensor.shape, shape)) {
      value = { kind: 'node', name: this.operand(tensor), shape: tensor.shape };
    }
    return { dataId: this.store.create(value), shape, dtype: tensor.dtype };
  }

  scalar(dtype: DType, value: number): string {
    return this.graph.constant(dtype, [], ARRAYS[dtype].from([value]));
  }

  private literal(tensor: TensorInfo, values: TfTypedArray): string {
    if (tensor.shape.some((dimension) => this.graph.symbols.isSymbolic(dimension))) {
      throw new Error(
        `a constant of shape [${tensor.shape}] depends on a symbolic dimension; make it an input of the function`,
      );
    }
    return this.graph.constant(tensor.dtype as DType, tensor.shape, ARRAYS[tensor.dtype as DType].from(values));
  }
}

export function sameShape(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
