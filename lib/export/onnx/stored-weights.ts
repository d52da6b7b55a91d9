/**
 * How weights lie in an ONNX file, and the nodes that make float32 of them. Products are taken in float32 in every
 * precision: activations of some models pass what float16 can hold, and a CPU gains nothing from it.
 *
 *   f32    as they are
 *   f16    matrices in half the bytes; ONNX Runtime widens them once, when it loads the file
 *   int8   matrices of linear modules and the token table in a quarter of the bytes, a scale for 32 numbers of a row
 *
 * Of the token table only the rows that are looked up are widened.
 */
import { UserError } from '../../core/errors.js';
import { quantizeRows } from '../../engine/quantization.js';
import type { Graph, OnnxConstant, OnnxNode } from '../../engine/tracing/graph.js';
import { float32ToFloat16 } from '../../files/float-formats.js';
import type { ModelConfig } from '../../models/architecture.js';
import { layerPrefix, linearModules, tokenTableName } from '../../models/parameters.js';
import type { EncoderTensor } from '../../models/weights.js';

export const ONNX_PRECISIONS = ['f32', 'f16', 'int8'] as const;
export type OnnxPrecision = (typeof ONNX_PRECISIONS)[number];

/** ONNX' number of float32. */
const FLOAT = 1;
const LARGEST_FLOAT16 = 65504;
/** All of 8 bits: what multiplies is float32, and saturates nowhere. */
const LEVELS = 127;
/** Numbers of a row that share a scale, where rows are a multiple of so many. */
const BLOCK = 32;

/** A weight as a file has it. */
export interface StoredWeight {
  constants: OnnxConstant[];
  /** Make float32 of the constants: the weight under its name; of the token table, `rows` for `flat_ids`. */
  nodes: OnnxNode[];
}

/** Turns each weight into what a file of this precision has in its place. */
export function weightStorage(config: ModelConfig, precision: OnnxPrecision): (weight: EncoderTensor) => StoredWeight {
  const table = tokenTableName(config);
  const quantized = new Set([table, ...linearWeights(config)]);
  return (weight) => {
    const isTable = weight.name === table;
    if (precision === 'f16' && fitsFloat16(weight)) return half(weight, isTable);
    if (precision === 'int8' && quantized.has(weight.name)) return bytes(weight, isTable);
    const { name, shape, data } = weight;
    const constant: OnnxConstant = { name, type: 'float32', shape, data };
    return { constants: [constant], nodes: isTable ? [node('Gather', [name, 'flat_ids'], 'rows')] : [] };
  };
}

/** Puts the nodes of weights where the values that they take are computed before them. */
export function addWeightNodes(graph: Graph, nodes: readonly OnnxNode[]): void {
  const ids = graph.nodes.findIndex(({ outputs }) => outputs.includes('flat_ids'));
  graph.nodes.splice(ids + 1, 0, ...nodes);
}

function linearWeights(config: ModelConfig): string[] {
  const modules = linearModules(config);
  return Array.from({ length: config.layers }, (_, layer) =>
    modules.map(({ path }) => `${layerPrefix(config, layer)}${path}.weight`),
  ).flat();
}

/** Vectors are small, and norms feel what rounding does. */
function fitsFloat16({ shape, data }: EncoderTensor): boolean {
  return shape.length > 1 && data.every((value) => Math.abs(value) <= LARGEST_FLOAT16);
}

function half({ name, shape, data }: EncoderTensor, isTable: boolean): StoredWeight {
  const stored = `${name}.f16`;
  return {
    constants: [{ name: stored, type: 'float16', shape, data: float32ToFloat16(data) }],
    nodes: isTable
      ? [node('Gather', [stored, 'flat_ids'], 'rows.f16'), cast('rows.f16', 'rows')]
      : [cast(stored, name)],
  };
}

/** Rows in blocks with a scale each: a channel of large numbers then costs its neighbours their bits, and no others. */
function bytes({ name, shape, data }: EncoderTensor, isTable: boolean): StoredWeight {
  const [rows = 1, columns = 1] = shape;
  const blocks = columns % BLOCK === 0 ? columns / BLOCK : 1;
  if (!data.every(Number.isFinite)) {
    throw new UserError(`${name} holds numbers that are none (NaN or infinite): take a checkpoint that is whole`);
  }
  const { values, scales } = quantizeRows(data, rows * blocks, columns / blocks, LEVELS);
  const [stored, scale, size] = [`${name}.int8`, `${name}.scale`, `${name}.columns`];
  const constants: OnnxConstant[] = [
    { name: stored, type: 'int8', shape: [rows, blocks, columns / blocks], data: values },
    { name: scale, type: 'float32', shape: [rows, blocks, 1], data: scales },
    { name: size, type: 'int64', shape: [2], data: BigInt64Array.of(-1n, BigInt(columns)) },
  ];
  const widened = (from: string, by: string, to: string): OnnxNode[] => [
    cast(from, `${to}.wide`),
    node('Mul', [`${to}.wide`, by], `${to}.blocks`),
    node('Reshape', [`${to}.blocks`, size], to),
  ];
  if (!isTable) return { constants, nodes: widened(stored, scale, name) };
  return {
    constants,
    nodes: [
      node('Gather', [stored, 'flat_ids'], 'rows.int8'),
      node('Gather', [scale, 'flat_ids'], 'rows.scale'),
      ...widened('rows.int8', 'rows.scale', 'rows'),
    ],
  };
}

function node(operator: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): OnnxNode {
  return { operator, inputs, outputs: [output], attributes };
}

function cast(from: string, to: string): OnnxNode {
  return node('Cast', [from], to, { to: FLOAT });
}
