/**
 * Products with a frozen weight in 8 bits (`../quantization.ts`); everything else stays in float32. Rows of activations are
 * quantized as they come, to u8 around 128, each by its own largest magnitude (dynamic quantization, per token). Where a
 * calibration found an input mostly positive, as behind a GELU, it is quantized around a lower level, so that few are idle.
 *
 *   forward    y = r * ((x / r as u8) values^T) * scales          x [N, in], r [N, 1] = max|x| / 127 of each row, y [N, out]
 *   backward  dx = r * ((dy / r as u8) values') * gradientScales   dy [N, out], dx [N, in]
 *
 * Each direction has whole numbers of its own, scaled along the dimension that the product leaves: the kernel applies such
 * scales as it writes, and no pass over a wide matrix of activations is spent on them.
 *
 * Channels of x that are larger than the others would leave these few levels. They are divided by a scale each, which the
 * weight is multiplied with (Xiao et al., 2023, "SmoothQuant", arXiv:2211.10438); the largest are kept apart, in float32
 * (Dettmers et al., 2022, arXiv:2208.07339): x without them in 8 bits, plus x[:, outliers] W[:, outliers]^T.
 *
 * The operator MatMulIntegerToFloat is one of ONNX Runtime's own, on its CPU provider alone.
 */
import { levelsAround, MIDDLE } from '../quantization.js';
import type { Graph } from './graph.js';

/** Keeps a row of zeros from 0 / 0; too small to change another. */
const SMALLEST_STEP = 1e-32;

/** What a program asks of a quantized weight, as inputs named by {@link partName}. */
export type QuantizedPart =
  | 'forward'
  | 'backward'
  | 'scales'
  /** [in] of the gradient of x: one for each column of `backward`. */
  | 'gradientScales'
  | 'outliers'
  | 'outlierWeights'
  /** [in] what x is multiplied with: 1 / scale, 0 for outliers. */
  | 'inputFactors';

const SEPARATOR = '#';

export function partName(weight: string, part: QuantizedPart): string {
  return `${weight}${SEPARATOR}${part}`;
}

/** The weight and the part that an input is of; no part where it is an input as any other. */
export function splitPartName(input: string): { name: string; part: QuantizedPart | undefined } {
  const [name, part] = input.split(SEPARATOR) as [string, QuantizedPart | undefined];
  return { name, part };
}

/** A frozen weight W [out, in] in 8 bits, by the name of its input. */
export interface QuantizedWeight {
  name: string;
  outputs: number;
  inputs: number;
  /** Channels of its input that are kept in float32. */
  outliers: number;
  /**
   * A weight with the same channels, whose are read, so that an input that both share is quantized once; undefined where
   * the input is taken as it is.
   */
  channelsOf: string | undefined;
  /** The level that stands for zero in its input; undefined: {@link MIDDLE}. */
  zeroPoint: number | undefined;
}

/** x W^T. @param x name of the rows [N, in]  @returns the name of the product [N, out], float32 */
export function quantizedForward(graph: Graph, x: string, weight: QuantizedWeight): string {
  const { name, outputs, inputs, outliers, channelsOf, zeroPoint } = weight;
  const values = graph.addInput({ name: partName(name, 'forward'), type: 'int8', shape: [inputs, outputs] });
  const scales = graph.addInput({ name: partName(name, 'scales'), type: 'float32', shape: [outputs] });
  if (channelsOf === undefined) return bytesProduct(graph, x, values, scales, zeroPoint);
  const factors = graph.addInput({ name: partName(channelsOf, 'inputFactors'), type: 'float32', shape: [inputs] });
  const product = bytesProduct(graph, graph.addOne('Mul', [x, factors]), values, scales, zeroPoint);
  if (outliers === 0) return product;
  const columns = graph.addInput({ name: partName(channelsOf, 'outliers'), type: 'int64', shape: [outliers] });
  const weights = graph.addInput({
    name: partName(name, 'outlierWeights'),
    type: 'float32',
    shape: [outliers, outputs],
  });
  const few = graph.addOne('Gather', [x, columns], { axis: 1 });
  graph.narrowProducts.add(few);
  const apart = graph.addOne('MatMul', [few, weights]);
  graph.thinProducts.add(apart);
  return graph.addOne('Add', [product, apart]);
}

/** dy W. @param dy name of the rows [N, out]  @returns the name of the product [N, in], float32 */
export function quantizedBackward(graph: Graph, dy: string, { name, outputs, inputs }: QuantizedWeight): string {
  const values = graph.addInput({ name: partName(name, 'backward'), type: 'int8', shape: [outputs, inputs] });
  const scales = graph.addInput({ name: partName(name, 'gradientScales'), type: 'float32', shape: [inputs] });
  return bytesProduct(graph, dy, values, scales);
}

/** rows [N, K] times values [K, M] times scales of the columns [M]. */
function bytesProduct(graph: Graph, rows: string, values: string, scales: string, zero = MIDDLE): string {
  // two reductions and no array of absolute values, which would cost as much as both
  const range = { axes: [1], keepdims: 1 };
  const [least, most] = [graph.addOne('ReduceMin', [rows], range), graph.addOne('ReduceMax', [rows], range)];
  const { above, below } = levelsAround(zero);
  const [up, down] = [
    graph.addOne('Mul', [most, scalar(graph, 1 / above)]),
    graph.addOne('Mul', [least, scalar(graph, -1 / below)]),
  ];
  const step = graph.addOne('Max', [up, down]);
  const scale = graph.addOne('Max', [step, scalar(graph, SMALLEST_STEP)]);
  // of as many rows as the input has, a number known when the graph runs
  const count = graph.addOne('Shape', [rows], { start: 0, end: 1 });
  const zeros = graph.addOne('Expand', [graph.constant('uint8', [1], Uint8Array.of(zero)), count]);
  const steps = graph.addOne('Reshape', [scale, count]);
  const bytes = graph.addOne('QuantizeLinear', [rows, steps, zeros], { axis: 0 });
  const zeroPoint = graph.constant('uint8', [], Uint8Array.of(zero));
  const product = graph.addOne('MatMulIntegerToFloat', [bytes, values, scalar(graph, 1), scales, zeroPoint]);
  const name = graph.addOne('Mul', [product, scale]);
  const quantizing = [least, most, up, down, step, scale, steps, count, bytes];
  graph.scaledProducts.set(name, { name, product, scale, rows, quantizing });
  return name;
}

function scalar(graph: Graph, value: number): string {
  return graph.constant('float32', [], Float32Array.of(value));
}
