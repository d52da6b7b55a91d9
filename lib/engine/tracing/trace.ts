/**
 * From a function of named tensors to the bytes of an ONNX model. See backend.ts for the idea and
 * symbolic-dimensions.ts for how one model serves every batch size and sequence length.
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import type { DType, InputSpec, TensorFunction } from '../types.js';
import { DataReadError, TRACING_BACKEND, tracingBackend, UntraceableError, withRecorder } from './backend.js';
import { deferScales } from './deferred-scales.js';
import { Graph } from './graph.js';
import { joinThinProducts } from './joined-products.js';
import { writeModel } from './onnx-writer.js';
import type { QuantizedWeight } from './quantized-products.js';
import type { TracingPrecision } from './recorder.js';
import { SymbolTable } from './symbolic-dimensions.js';

export interface TracedModel {
  /** An ONNX ModelProto. */
  bytes: Uint8Array;
  inputs: string[];
  outputs: string[];
  nodeCount: number;
}

/**
 * Records `fn` as an ONNX model with the given inputs; gradients taken inside `fn` are recorded with it.
 *
 * @param name what the errors call the function
 * @param precision of products with inputs that are frozen weights
 * @param half outputs in float16, as inputs are that say so
 * @throws UserError naming the op or the read, and the line of the model, when `fn` does what a graph cannot;
 *   or when a size that only a run knows has gone into the graph as a number
 */
export function trace(
  name: string,
  fn: TensorFunction,
  inputs: Record<string, InputSpec>,
  precision: TracingPrecision = 'float32',
  half: readonly string[] = [],
): TracedModel {
  const { graph, bytes } = recorded(name, fn, inputs, precision, half);
  return {
    bytes,
    inputs: graph.inputs.map((value) => value.name),
    outputs: graph.outputs.map((value) => value.name),
    nodeCount: graph.nodes.length,
  };
}

/** As {@link trace}, for whoever adds to the graph: its nodes, constants, inputs and outputs. */
export function traceGraph(name: string, fn: TensorFunction, inputs: Record<string, InputSpec>): Graph {
  return recorded(name, fn, inputs, 'float32', []).graph;
}

function recorded(
  name: string,
  fn: TensorFunction,
  inputs: Record<string, InputSpec>,
  precision: TracingPrecision,
  half: readonly string[],
): { graph: Graph; bytes: Uint8Array } {
  const graph = record(name, fn, inputs, precision, half, 0);
  const bytes = writeModel(graph);
  const symbolic = Object.values(inputs).some((spec) => spec.shape.some((dimension) => typeof dimension === 'string'));
  if (symbolic && !Buffer.from(bytes).equals(writeModel(record(name, fn, inputs, precision, half, 1)))) {
    throw new UserError(
      `cannot trace "${name}": a symbolic size went into the graph as a number (a mean over the batch, or batch + 1?); ` +
        'pass what depends on it as an input',
    );
  }
  return { graph, bytes };
}

function record(
  name: string,
  fn: TensorFunction,
  inputs: Record<string, InputSpec>,
  precision: TracingPrecision,
  half: readonly string[],
  variant: 0 | 1,
): Graph {
  const store = tracingBackend();
  const symbols = new SymbolTable(inputs, variant);
  const graph = new Graph(symbols);
  const previous = tf.getBackend();
  const { stackTraceLimit } = Error;
  // between an op and the line that calls it lie a dozen frames of tfjs, more in a gradient
  Error.stackTraceLimit = 100;
  tf.setBackend(TRACING_BACKEND);
  try {
    const frozen = Object.keys(inputs).filter((inputName) => inputs[inputName]?.frozen);
    const quantized = quantizedWeights(inputs);
    for (const weight of quantized.keys()) graph.droppable.add(weight);
    withRecorder(graph, { precision, frozen: new Set(frozen), quantized }, (recorder) => {
      const tensors: Record<string, tf.Tensor> = {};
      for (const [inputName, spec] of Object.entries(inputs)) {
        graph.inputs.push({ name: inputName, type: spec.half ? 'float16' : spec.dtype, shape: spec.shape });
        const shape = spec.shape.map((dimension) => symbols.sizeOf(dimension));
        const value = spec.half ? graph.addOne('Cast', [inputName], { to: FLOAT }) : inputName;
        const dataId = store.create({ kind: 'node', name: value, shape });
        tensors[inputName] = tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: spec.dtype });
      }
      tf.tidy(() => {
        for (const [outputName, tensor] of Object.entries(fn(tensors))) {
          const shape = tensor.shape.map((size) => symbols.describe(size));
          const value = recorder.name(tensor);
          if (half.includes(outputName)) {
            graph.addOutput(inHalf(graph, value), { name: outputName, type: 'float16', shape });
          } else graph.addOutput(value, { name: outputName, type: tensor.dtype as DType, shape });
        }
      });
      tf.dispose(tensors);
    });
    deferScales(graph);
    joinThinProducts(graph);
    graph.finish();
    return graph;
  } catch (error) {
    throw explain(name, error);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (previous) tf.setBackend(previous);
  }
}

/** TensorProto.DataType of ONNX */
const FLOAT = 1;
const FLOAT16 = 10;
const LARGEST_HALF = 65_504;

/** In float16, its largest number where there is none as large. */
function inHalf(graph: Graph, value: string): string {
  const bound = (number: number): string => graph.constant('float32', [], Float32Array.of(number));
  const clipped = graph.addOne('Clip', [value, bound(-LARGEST_HALF), bound(LARGEST_HALF)]);
  return graph.addOne('Cast', [clipped], { to: FLOAT16 });
}

function quantizedWeights(inputs: Record<string, InputSpec>): Map<string, QuantizedWeight> {
  const weights = new Map<string, QuantizedWeight>();
  const firstWith = new Map<number, string>();
  for (const [name, { shape, quantized }] of Object.entries(inputs)) {
    if (!quantized) continue;
    const [outputs, width] = shape as [number, number];
    const { outliers, channels, zeroPoint } = quantized;
    if (channels !== undefined && !firstWith.has(channels)) firstWith.set(channels, name);
    const channelsOf = channels === undefined ? undefined : firstWith.get(channels);
    weights.set(name, { name, outputs, inputs: width, outliers, channelsOf, zeroPoint });
  }
  return weights;
}

/** Names the op and the line of the model; errors that are not about tracing pass unchanged. */
function explain(name: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const line = modelLine(error);
  const missing = /kernel '?(\w+)'? (?:not registered )?for backend/i.exec(error.message)?.[1];
  if (missing) {
    return new UserError(
      `cannot trace "${name}": the op ${missing} at ${line} has no tracing kernel; ` +
        'write it with other ops or add one in lib/engine/tracing/kernels',
    );
  }
  if (error instanceof UntraceableError) {
    return new UserError(`cannot trace "${name}": the op ${error.kernel} at ${line}: ${error.message}`);
  }
  if (error instanceof DataReadError) {
    return new UserError(
      `cannot trace "${name}": the code at ${line} ${error.message}, but a traced function has no data; ` +
        'compute with ops, or pass the numbers as an input',
    );
  }
  return error;
}

/** The first stack frame outside tfjs and this folder: where the model's author has to look. */
function modelLine(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const own = frames.find((frame) => !/node_modules|engine\/tracing|node:internal/.test(frame));
  return own ? own.trim().replace(/^at /, '') : 'an unknown line';
}
