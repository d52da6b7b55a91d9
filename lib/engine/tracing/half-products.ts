/**
 * Products with a frozen weight in float16, for devices with units for it; everything else stays in float32.
 *
 *   y = s ((x / s) W)      x [..., rows, in], s [..., rows, 1] the largest magnitude of each row, W [in, out]
 *
 * float16 ends at 65,504 and loses numbers below 6e-8: activations of Qwen2.5 pass the one, gradients the other. Rows
 * scaled to at most 1 do neither, in the forward and in the backward pass.
 */
import type { Graph } from './graph.js';

/** TensorProto.DataType of ONNX */
const FLOAT = 1;
const FLOAT16 = 10;
/** Keeps a row of zeros from 0 / 0; too small to change another. */
const TINY = Float32Array.of(1e-30);

/**
 * @param x name of the rows, not transposed
 * @param weight name of the matrix as [in, out]; where it is part of the session, it is turned to float16 once
 * @returns the name of y, float32
 */
export function halfProduct(graph: Graph, x: string, weight: string): string {
  const largest = graph.addOne('ReduceMax', [graph.addOne('Abs', [x])], { axes: [-1], keepdims: 1 });
  const scale = graph.addOne('Add', [largest, graph.constant('float32', [], TINY)]);
  const half = (name: string): string => graph.addOne('Cast', [name], { to: FLOAT16 });
  const product = graph.addOne('MatMul', [half(graph.addOne('Div', [x, scale])), half(weight)]);
  return graph.addOne('Mul', [graph.addOne('Cast', [product], { to: FLOAT }), scale]);
}
