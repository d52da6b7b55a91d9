/** Thin products that are added up become one, and change nothing but the last digits. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { traceGraph } from '../../lib/engine/tracing/trace.js';
import type { DeviceTensor, InputChannels, InputSpec, TensorData, TensorFunction } from '../../lib/engine/types.js';

const [rows, inputs, outputs, rank] = [6, 40, 24, 4];
const waves = (count: number, width: number, phase: number): TensorData => ({
  dtype: 'float32',
  shape: [count, width],
  data: Float32Array.from({ length: count * width }, (_, i) => Math.sin(i * 0.7 + phase)),
});
const channels: InputChannels = {
  scales: Float32Array.from({ length: inputs }, (_, i) => 1 + (i % 3) / 4),
  outliers: [3, 17],
};
const quantized = { outliers: 2, channels: 0 };

/** Two linear layers of one input with adapters, and the gradient of their input. */
const layers: TensorFunction = ({ x, w1, w2, a1, b1, a2, b2, dy }) => {
  const adapted = (x: tf.Tensor, w: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    tf.add(tf.matMul(x, w, false, true), tf.mul(tf.matMul(tf.matMul(x, a, false, true), b, false, true), 2));
  const both = (x: tf.Tensor): tf.Tensor =>
    tf.mul(
      adapted(x, w1 as tf.Tensor, a1 as tf.Tensor, b1 as tf.Tensor),
      adapted(x, w2 as tf.Tensor, a2 as tf.Tensor, b2 as tf.Tensor),
    );
  return { y: both(x as tf.Tensor), dx: tf.grad(both)(x as tf.Tensor, dy as tf.Tensor) };
};
const specs = (ofWeights: Partial<InputSpec>): Record<string, InputSpec> => ({
  x: { dtype: 'float32', shape: ['rows', inputs] },
  dy: { dtype: 'float32', shape: ['rows', outputs] },
  w1: { dtype: 'float32', shape: [outputs, inputs], frozen: true, ...ofWeights },
  w2: { dtype: 'float32', shape: [outputs, inputs], frozen: true, ...ofWeights },
  a1: { dtype: 'float32', shape: [rank, inputs] },
  b1: { dtype: 'float32', shape: [outputs, rank] },
  a2: { dtype: 'float32', shape: [rank, inputs] },
  b2: { dtype: 'float32', shape: [outputs, rank] },
});

describe('thin products that are added up', () => {
  const engine = createOnnxEngine({ threads: 1, precision: 'int8' });
  afterAll(() => engine.close());

  const count = (graph: ReturnType<typeof traceGraph>, operator: string): number =>
    graph.nodes.filter((node) => node.operator === operator).length;

  it('are one: of each output the channels in float32 and the adapter, of the gradient both adapters', () => {
    const graph = traceGraph('layers', layers, specs({ quantized }));
    const joined = graph.nodes.filter(({ operator }) => operator === 'FusedMatMul');
    expect(joined).toHaveLength(3);
    // down and up of two adapters, and their gradient up
    expect(count(graph, 'MatMul')).toBe(4);
    // an input that two weights share is quantized once, and each output's gradient
    expect(count(graph, 'QuantizeLinear')).toBe(3);
    expect(count(graph, 'MatMulIntegerToFloat')).toBe(4);
  });

  it('stay as they are without weights in 8 bits', () => {
    const graph = traceGraph('layers', layers, specs({}));
    expect(count(graph, 'FusedMatMul')).toBe(0);
    expect(count(graph, 'MatMul')).toBe(12);
  });

  it('give what they gave', async () => {
    const values = {
      x: waves(rows, inputs, 0),
      dy: waves(rows, outputs, 1),
      a1: waves(rank, inputs, 2),
      b1: waves(outputs, rank, 3),
      a2: waves(rank, inputs, 4),
      b2: waves(outputs, rank, 5),
    };
    const weights = [6, 7].map((phase) => waves(outputs, inputs, phase).data as Float32Array);
    const run = async (precision: 'int8' | 'float32') => {
      const here = precision === 'int8' ? engine : createOnnxEngine({ threads: 1 });
      const [w1, w2] = await Promise.all(
        weights.map(async (weight): Promise<DeviceTensor> => {
          const upload = here.uploadQuantized?.([outputs, inputs], weight.slice(), channels);
          return upload ?? here.upload({ dtype: 'float32', shape: [outputs, inputs], data: weight.slice() });
        }),
      );
      const spec = precision === 'int8' ? { quantized: w1?.quantized ?? quantized } : {};
      const program = await here.compile('layers', layers, specs(spec));
      const { data } = await program.run({ ...values, w1: w1 as DeviceTensor, w2: w2 as DeviceTensor });
      await program.dispose();
      if (here !== engine) await here.close();
      return data;
    };
    const [bytes, float] = [await run('int8'), await run('float32')];
    for (const name of ['y', 'dx']) {
      const [actual, expected] = [bytes[name]?.data as Float32Array, float[name]?.data as Float32Array];
      const largest = Math.max(...expected.map(Math.abs));
      const furthest = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
      // what the bytes round, of which products joined wrongly would be far
      expect(furthest, name).toBeLessThan(0.04 * largest);
    }
  });
});
