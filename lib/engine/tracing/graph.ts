/**
 * An ONNX graph under construction: nodes, constants and their names. Every node is recorded once: asking again for the
 * same operator on the same inputs with the same attributes gives the outputs of the first (common-subexpression
 * elimination), which matters because a gradient asks for many shapes and transposes again.
 */
import type { SymbolTable } from './symbolic-dimensions.js';

/** Element types of the ONNX tensors that traced graphs use. */
export type OnnxType = 'float32' | 'float16' | 'int32' | 'int64' | 'int8' | 'uint8' | 'bool';

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, number | number[]>;
}

export interface OnnxConstant {
  name: string;
  type: OnnxType;
  shape: number[];
  /** Of 16-bit floats their bits. */
  data: Float32Array | Uint16Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;
  /** Where the values lie instead: bytes of a file beside that of the model. */
  external?: { location: string; offset: number; length: number };
}

/** An input or output of the graph; a dimension is a number or the name of a symbol. */
export interface OnnxValueInfo {
  name: string;
  type: OnnxType;
  shape: (number | string)[];
}

/** A product in bytes: `name` = `scale` x `product`, of the quantized `rows`. */
export interface ScaledProduct {
  name: string;
  product: string;
  /** [N, 1] */
  scale: string;
  rows: string;
  /** What was computed to quantize the rows, beside their scale. */
  quantizing: readonly string[];
}

export class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  readonly inputs: OnnxValueInfo[] = [];
  readonly outputs: OnnxValueInfo[] = [];
  /** Inputs that are dropped where no output needs them; the others stay, needed or not. */
  readonly droppable = new Set<string>();
  /** Products of few inner columns in graphs with weights in 8 bits: see joined-products.ts. */
  readonly thinProducts = new Set<string>();
  /** Products that have few rows or columns, and columns that stay in float32, in the same graphs. */
  readonly narrowProducts = new Set<string>();
  /** Products in bytes by their names, in the order that they were recorded: see deferred-scales.ts. */
  readonly scaledProducts = new Map<string, ScaledProduct>();
  /** Values of the outputs, by their names while the graph is built. */
  readonly outputValues: string[] = [];
  private readonly known = new Map<string, string[]>();
  private counter = 0;

  constructor(readonly symbols: SymbolTable) {}

  /** Records a node, or finds the equal one recorded before; returns the names of its outputs. */
  add(operator: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, outputCount = 1): string[] {
    const key = JSON.stringify([operator, inputs, attributes, outputCount]);
    let outputs = this.known.get(key);
    if (!outputs) {
      outputs = Array.from({ length: outputCount }, () => `v${this.counter++}`);
      this.nodes.push({ operator, inputs, outputs, attributes });
      this.known.set(key, outputs);
    }
    return outputs;
  }

  /** As {@link add}, for the many operators with one output. */
  addOne(operator: string, inputs: string[], attributes: OnnxNode['attributes'] = {}): string {
    return this.add(operator, inputs, attributes)[0] as string;
  }

  /** Declares an input, the first time; returns its name. */
  addInput(input: OnnxValueInfo): string {
    if (!this.inputs.some(({ name }) => name === input.name)) this.inputs.push(input);
    return input.name;
  }

  /** The name of a constant with these values. */
  constant(type: OnnxType, shape: number[], data: OnnxConstant['data']): string {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const key = `constant ${type} ${shape} ${bytes}`;
    let name = this.known.get(key)?.[0];
    if (name === undefined) {
      name = `c${this.counter++}`;
      this.constants.push({ name, type, shape, data });
      this.known.set(key, [name]);
    }
    return name;
  }

  integers(values: number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** The name of an int64 vector that holds the shape at run time, symbolic dimensions included. */
  shapeVector(shape: number[]): string {
    if (!shape.some((dimension) => this.symbols.isSymbolic(dimension))) return this.integers(shape);
    return this.addOne(
      'Concat',
      shape.map((dimension) => this.dimension(dimension)),
      { axis: 0 },
    );
  }

  /** Makes a value an output of the graph under a name of its own, once the graph is {@link finish}ed. */
  addOutput(value: string, output: OnnxValueInfo): void {
    this.outputs.push(output);
    this.outputValues.push(value);
  }

  /** Names the outputs and removes what none of them needs. Nothing can be added afterwards. */
  finish(): void {
    this.nameOutputs();
    const needed = new Set(this.outputs.map(({ name }) => name));
    // ONNX Runtime computes every node, and a gradient leaves some that only led to the value of the function
    const nodes: OnnxNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) needed.add(input);
      nodes.push(node);
    }
    this.nodes.splice(0, this.nodes.length, ...nodes.reverse());
    // of a weight in 8 bits programs read the parts, not the weight
    const inputs = this.inputs.filter(({ name }) => needed.has(name) || !this.droppable.has(name));
    this.inputs.splice(0, this.inputs.length, ...inputs);
    const constants = this.constants.filter(({ name }) => needed.has(name));
    this.constants.splice(0, this.constants.length, ...constants);
  }

  /** The node that computes an output writes it under its name; inputs, constants and second names are copies. */
  private nameOutputs(): void {
    const computed = new Set(this.nodes.flatMap(({ outputs }) => outputs));
    const renamed = new Map<string, string>();
    this.outputs.forEach(({ name }, i) => {
      const value = this.outputValues[i] as string;
      if (computed.has(value) && !renamed.has(value)) renamed.set(value, name);
      else this.nodes.push({ operator: 'Identity', inputs: [value], outputs: [name], attributes: {} });
    });
    const rename = (name: string): string => renamed.get(name) ?? name;
    for (const node of this.nodes) {
      node.inputs = node.inputs.map(rename);
      node.outputs = node.outputs.map(rename);
    }
  }

  /** A one-element int64 vector that holds the dimension at run time: coefficient x product of symbols. */
  private dimension(size: number): string {
    const { coefficient, symbols } = this.symbols.factor(size);
    let product: string | undefined;
    for (const symbol of symbols) {
      const { input, axis } = this.symbols.source(symbol);
      const length = this.addOne('Shape', [input], { start: axis, end: axis + 1 });
      product = product === undefined ? length : this.addOne('Mul', [product, length]);
    }
    if (product === undefined) return this.integers([coefficient]);
    return coefficient === 1 ? product : this.addOne('Mul', [product, this.integers([coefficient])]);
  }
}
