/** Scales of rows are left out where something later takes them in, and nothing changes but the last digits. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { traceGraph } from '../../lib/engine/tracing/trace.js';
import type { DeviceTensor, InputChannels, InputSpec, TensorData, TensorFunction } from '../../lib/engine/types.js';

// beyond what is narrow
const [rows, width, inner, rank] = [6, 80, 96, 4];
const waves = (count: number, columns: number, phase: number): TensorData => ({
  dtype: 'float32',
  shape: [count, columns],
  data: Float32Array.from({ length: count * columns }, (_, i) => Math.sin(i * 0.7 + phase)),
});

type Change = (value: tf.Tensor) => tf.Tensor;

/** A gated feed-forward block with adapters; `through` is what its hidden activations pass. */
const block =
  (through: Change): TensorFunction =>
  ({ x, wg, wu, wd, ag, bg, au, bu, ad, bd, dy }) => {
    const adapted = (x: tf.Tensor, w: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.add(tf.matMul(x, w, false, true), tf.mul(tf.matMul(tf.matMul(x, a, false, true), b, false, true), 2));
    const forward = (...[x, au, bu, ad, bd]: tf.Tensor[]): tf.Tensor => {
      const gate = adapted(x as tf.Tensor, wg as tf.Tensor, ag as tf.Tensor, bg as tf.Tensor);
      const up = adapted(x as tf.Tensor, wu as tf.Tensor, au as tf.Tensor, bu as tf.Tensor);
      const hidden = through(tf.mul(tf.sigmoid(gate), up));
      return adapted(hidden, wd as tf.Tensor, ad as tf.Tensor, bd as tf.Tensor);
    };
    const of = [x, au, bu, ad, bd] as tf.Tensor[];
    const gradients = tf.grads(forward)(of, dy as tf.Tensor);
    return { y: forward(...of), ...Object.fromEntries(gradients.map((gradient, i) => [`gradient ${i}`, gradient])) };
  };
const deferred = block((hidden) => hidden);
/** Nothing knows what to make of a negative of a negative without its scale. */
const multiplied = block((hidden) => tf.neg(tf.neg(hidden)));

const SHAPES: Record<string, [number, number]> = {
  ag: [rank, width],
  bg: [inner, rank],
  au: [rank, width],
  bu: [inner, rank],
  ad: [rank, inner],
  bd: [width, rank],
};
const WEIGHTS: Record<string, [number, number]> = { wg: [inner, width], wu: [inner, width], wd: [width, inner] };
const specs = (quantized: Record<string, InputSpec['quantized']>): Record<string, InputSpec> => ({
  x: { dtype: 'float32', shape: ['rows', width] },
  dy: { dtype: 'float32', shape: ['rows', width] },
  ...Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, { dtype: 'float32' as const, shape }])),
  ...Object.fromEntries(
    Object.entries(WEIGHTS).map(([name, shape]) => [
      name,
      { dtype: 'float32' as const, shape, frozen: true, quantized: quantized[name] ?? { outliers: 0 } },
    ]),
  ),
});

const apart = (columns: number): InputChannels => ({
  scales: Float32Array.from({ length: columns }, (_, i) => 1 + (i % 3) / 4),
  outliers: [3, 17],
});

function expectSame(actual: Record<string, TensorData>, expected: Record<string, TensorData>): void {
  for (const name of Object.keys(expected)) {
    const [ours, theirs] = [actual[name]?.data as Float32Array, expected[name]?.data as Float32Array];
    expect(ours).toHaveLength(theirs.length);
    const largest = Math.max(...theirs.map(Math.abs));
    const furthest = Math.max(...theirs.map((value, i) => Math.abs(value - ours[i]!)));
    expect(largest, name).toBeGreaterThan(0);
    // a byte that rounds the other way is more than the last digits
    expect(furthest, name).toBeLessThan(5e-3 * largest);
  }
}

describe('scales of rows', () => {
  const engine = createOnnxEngine({ threads: 1, precision: 'int8' });
  afterAll(() => engine.close());

  it('are multiplied in where something needs them, and nowhere else', () => {
    const passes = (fn: TensorFunction): number => {
      const { nodes } = traceGraph('block', fn, specs({}));
      const products = new Set(
        nodes.filter(({ operator }) => operator === 'MatMulIntegerToFloat').map((node) => node.outputs[0]),
      );
      expect(products.size).toBe(6);
      return nodes.filter(({ operator, inputs }) => operator === 'Mul' && inputs.some((input) => products.has(input)))
        .length;
    };
    // not of the hidden activations' second factor, and of their gradient
    expect(passes(multiplied)).toBe(6);
    expect(passes(deferred)).toBe(4);
  });

  const inputs: [name: string, channels: Record<'x' | 'hidden', InputChannels | undefined>][] = [
    ['plain inputs', { x: undefined, hidden: undefined }],
    ['channels in float32', { x: apart(width), hidden: apart(inner) }],
    ['levels around a low zero', { x: { outliers: [], zeroPoint: 64 }, hidden: { ...apart(inner), zeroPoint: 100 } }],
  ];
  it.each(inputs)('give the same later: %s, and a row of zeros', async (_, channels) => {
    const values: Record<string, TensorData> = { x: waves(rows, width, 0), dy: waves(rows, width, 1) };
    values.x?.data.fill(0, width, 2 * width);
    values.dy?.data.fill(0, 3 * width, 4 * width);
    Object.entries(SHAPES).forEach(([name, shape], i) => {
      values[name] = waves(...shape, i + 2);
    });
    const weights: Record<string, DeviceTensor> = {};
    for (const [name, shape] of Object.entries(WEIGHTS)) {
      const data = waves(...shape, 9).data as Float32Array;
      const ofInput = name === 'wd' ? channels.hidden : channels.x;
      weights[name] = (await engine.uploadQuantized?.([...shape], data, ofInput)) as DeviceTensor;
    }
    const quantized = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight.quantized]));
    const run = async (fn: TensorFunction) => {
      const program = await engine.compile('block', fn, specs(quantized));
      const { data } = await program.run({ ...values, ...weights });
      await program.dispose();
      return data;
    };
    const [actual, expected] = [await run(deferred), await run(multiplied)];
    expectSame(actual, expected);
  });

  /** Functions of rows and three weights with an adapter; `through` blocks the rewrite. */
  const cases: [name: string, fn: (through: Change) => TensorFunction][] = [
    [
      'of three products one after the other',
      (through) =>
        ({ x, w1, w2, w3, a1, b1, a2, b2 }) => {
          const linear = (x: tf.Tensor, w?: tf.Tensor, a?: tf.Tensor, b?: tf.Tensor): tf.Tensor =>
            tf.add(
              tf.matMul(x, w as tf.Tensor, false, true),
              tf.matMul(tf.matMul(x, a as tf.Tensor, false, true), b as tf.Tensor, false, true),
            );
          const second = linear(through(linear(x as tf.Tensor, w1, a1, b1)), w2, a2, b2);
          return { y: linear(through(second), w3, a1, b1) };
        },
    ],
    [
      'whose transpose is an output',
      (through) =>
        ({ x, w1 }) => ({ y: tf.transpose(through(tf.matMul(x as tf.Tensor, w1 as tf.Tensor, false, true))) }),
    ],
    [
      'some of which are picked',
      (through) =>
        ({ x, w1, places }) => ({
          y: tf.gather(through(tf.matMul(x as tf.Tensor, w1 as tf.Tensor, false, true)), places as tf.Tensor1D, 0),
        }),
    ],
    [
      'that are quantized, and whose largest number is an output',
      (through) =>
        ({ x, w1, w2 }) => {
          const first = through(tf.matMul(x as tf.Tensor, w1 as tf.Tensor, false, true));
          return { m: tf.max(first, 1, true), y: tf.matMul(first, w2 as tf.Tensor, false, true) };
        },
    ],
  ];
  it.each(cases)('of rows %s come to the same', async (_, fn) => {
    const values: Record<string, TensorData> = {
      x: waves(rows, width, 0),
      places: { dtype: 'int32', shape: [3], data: Int32Array.of(5, 0, 2) },
      a1: waves(rank, width, 1),
      b1: waves(inner, rank, 2),
      a2: waves(rank, inner, 3),
      b2: waves(width, rank, 4),
    };
    values.x?.data.fill(0, width, 2 * width);
    const weights: Record<string, DeviceTensor> = {};
    for (const [name, outputs, inputs] of [
      ['w1', inner, width],
      ['w2', width, inner],
      ['w3', inner, width],
    ] as const) {
      const data = waves(outputs, inputs, 7).data as Float32Array;
      weights[name] = (await engine.uploadQuantized?.([outputs, inputs], data, { outliers: [] })) as DeviceTensor;
    }
    const specsOf: Record<string, InputSpec> = {
      ...Object.fromEntries(Object.entries(values).map(([name, { dtype, shape }]) => [name, { dtype, shape }])),
      x: { dtype: 'float32', shape: ['rows', width] },
      ...Object.fromEntries(
        Object.entries(weights).map(([name, { shape }]) => [
          name,
          { dtype: 'float32' as const, shape, frozen: true, quantized: { outliers: 0 } },
        ]),
      ),
    };
    const run = async (through: Change) => {
      const program = await engine.compile('rows', fn(through), specsOf);
      const { data } = await program.run({ ...values, ...weights });
      await program.dispose();
      return data;
    };
    const [actual, expected] = [await run((value) => value), await run((value) => tf.neg(tf.neg(value)))];
    expectSame(actual, expected);
  });
});
