/**
 * The weights in 8 bits that the thread of ONNX Runtime holds, each as the parts that programs read. A product wants the
 * matrix the one way round in the forward and the other in the backward pass, with scales of its own: the second is made
 * when it is first asked for, so that who only encodes holds one byte per weight, and who trains two.
 */
import * as ort from 'onnxruntime-node';
import { quantizeColumns, quantizeRows, transposeBytes, type WeightLevels } from '../quantization.js';
import type { QuantizedPart } from '../tracing/quantized-products.js';
import type { WeightToQuantize } from './messages.js';

interface Weight {
  outputs: number;
  inputs: number;
  levels: WeightLevels;
  /** What the values are multiplied with beside their scales [in]. */
  scales: Float32Array | undefined;
  parts: Parts;
}

type Parts = Partial<Record<QuantizedPart, ort.Tensor>>;

export class QuantizedWeights {
  private readonly weights = new Map<number, Weight>();

  /** @throws Error for a weight that is not finite */
  add(id: number, { shape: [outputs, inputs], values, levels, channels }: WeightToQuantize): void {
    // before the scales change the values
    const scales = channels?.scales;
    const ofChannels = scales && channelParts(values, outputs, inputs, scales, channels.outliers);
    if (scales) scaleColumns(values, inputs, scales);
    const rows = quantizeRows(values, outputs, inputs, levels);
    const parts: Parts = {
      ...ofChannels,
      // as the forward pass wants it
      forward: new ort.Tensor('int8', transposeBytes(rows.values, outputs, inputs), [inputs, outputs]),
      scales: new ort.Tensor('float32', rows.scales, [outputs]),
    };
    this.weights.set(id, { outputs, inputs, levels, scales, parts });
  }

  has(id: number): boolean {
    return this.weights.has(id);
  }

  part(id: number, part: QuantizedPart): ort.Tensor | undefined {
    const weight = this.weights.get(id);
    if (!weight) return undefined;
    if ((part === 'backward' || part === 'gradientScales') && !weight.parts[part]) makeBackward(weight);
    return weight.parts[part];
  }

  release(id: number): void {
    this.weights.delete(id);
  }
}

function makeBackward({ outputs, inputs, levels, scales, parts }: Weight): void {
  const forward = parts.forward?.data as Int8Array;
  const columns = quantizeColumns(forward, parts.scales?.data as Float32Array, inputs, levels);
  if (scales) for (let input = 0; input < inputs; input++) columns.scales[input]! /= scales[input]!;
  parts.backward = new ort.Tensor('int8', columns.values, [outputs, inputs]);
  parts.gradientScales = new ort.Tensor('float32', columns.scales, [inputs]);
}

/** What programs read of the channels: their factors, which stay in float32, and what those are multiplied with. */
function channelParts(
  values: Float32Array,
  outputs: number,
  inputs: number,
  scales: Float32Array,
  outliers: readonly number[],
): Parts {
  const inputFactors = scales.map((scale) => 1 / scale);
  const weights = new Float32Array(outliers.length * outputs);
  outliers.forEach((channel, row) => {
    inputFactors[channel] = 0;
    for (let output = 0; output < outputs; output++)
      weights[row * outputs + output] = values[output * inputs + channel]!;
  });
  return {
    outliers: new ort.Tensor('int64', BigInt64Array.from(outliers, BigInt), [outliers.length]),
    outlierWeights: new ort.Tensor('float32', weights, [outliers.length, outputs]),
    inputFactors: new ort.Tensor('float32', inputFactors, [inputs]),
  };
}

function scaleColumns(values: Float32Array, columns: number, scales: Float32Array): void {
  for (let start = 0; start < values.length; start += columns) {
    for (let column = 0; column < columns; column++) values[start + column]! *= scales[column]!;
  }
}
