/** Weights in 8 bits: what quantization keeps, products against a slow reference in whole numbers, and the self-test. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { exactWeightLevels, type ProductInBytes, TRIAL_WIDTH } from '../../lib/engine/onnx/exact-products.js';
import { quantizeColumns, quantizeRows, transposeBytes } from '../../lib/engine/quantization.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import type { DeviceTensor, InputChannels, TensorData } from '../../lib/engine/types.js';

const waves = (rows: number, columns: number, phase: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 0.7 + phase) * (1 + (i % 5)));
const matrix = (rows: number, columns: number, data: Float32Array): TensorData => ({
  dtype: 'float32',
  shape: [rows, columns],
  data: data.slice(),
});

describe('quantizeRows', () => {
  it.each([127, 63] as const)('is within half a step of %i levels, of each row', (levels) => {
    const weight = waves(7, 33, 1);
    weight.fill(0, 0, 33);
    const { values, scales } = quantizeRows(weight, 7, 33, levels);
    weight.forEach((value, i) => {
      const scale = scales[Math.floor(i / 33)]!;
      expect(Math.abs(values[i]!)).toBeLessThanOrEqual(levels);
      expect(Math.abs(values[i]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
    });
    expect([...values.subarray(0, 33)]).toEqual(new Array(33).fill(0));
  });

  it('has a scale for each column instead, within half a step of what it was', () => {
    const [rows, columns] = [70, 130];
    const { values, scales } = quantizeRows(waves(rows, columns, 1), rows, columns, 127);
    const turned = transposeBytes(values, rows, columns);
    turned.fill(0, 0, rows);
    const ofColumns = quantizeColumns(turned, scales, columns, 127);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const value = turned[column * rows + row]! * scales[row]!;
        const scale = ofColumns.scales[column]!;
        expect(Math.abs(ofColumns.values[row * columns + column]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
      }
    }
  });

  it('names a row that is not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => quantizeRows(Float32Array.of(1, 2, 3, bad), 2, 2, 127)).toThrow('row 1 of a weight holds');
    }
  });

  it('turns a matrix round, of any shape', () => {
    const values = Int8Array.from({ length: 70 * 130 }, (_, i) => i % 251);
    const turned = transposeBytes(values, 70, 130);
    expect(turned[129 * 70 + 69]).toBe(values[69 * 130 + 129]);
    expect(transposeBytes(turned, 130, 70)).toEqual(values);
  });
});

describe('products with a weight in 8 bits', () => {
  const engine = createOnnxEngine({ threads: 1, precision: 'int8' });
  afterAll(() => engine.close());
  const [rows, inputs, outputs] = [5, 40, 24];

  /** x W^T and dy W, the weight an input of the session or a part of it. */
  async function products(x: Float32Array, weight: Float32Array, constant: boolean, channels?: InputChannels) {
    const tensor = (await engine.uploadQuantized?.([outputs, inputs], weight.slice(), channels)) as DeviceTensor;
    const program = await engine.compile(
      'products',
      ({ x, weight, dy }) => {
        const product = (x: tf.Tensor): tf.Tensor => tf.matMul(x, weight as tf.Tensor, false, true);
        return { y: product(x as tf.Tensor), dx: tf.grad(product)(x as tf.Tensor, dy as tf.Tensor) };
      },
      {
        x: { dtype: 'float32', shape: ['rows', inputs] },
        dy: { dtype: 'float32', shape: ['rows', outputs] },
        weight: {
          dtype: 'float32',
          shape: [outputs, inputs],
          frozen: true,
          constant,
          quantized: tensor.quantized ?? { outliers: 0 },
        },
      },
    );
    const dy = waves(rows, outputs, 3);
    const { data } = await program.run({ x: matrix(rows, inputs, x), dy: matrix(rows, outputs, dy), weight: tensor });
    await program.dispose();
    engine.release([tensor]);
    return { y: data.y?.data as Float32Array, dx: data.dx?.data as Float32Array, dy };
  }

  /** The same in whole numbers, one product of two numbers after the other. */
  function reference(x: Float32Array, weight: Float32Array, dy: Float32Array) {
    const { values, scales } = quantizeRows(weight, outputs, inputs, 127);
    const columns = quantizeColumns(transposeBytes(values, outputs, inputs), scales, inputs, 127);
    const ofX = quantizeRows(x, rows, inputs, 127);
    const ofDy = quantizeRows(dy, rows, outputs, 127);
    const y = new Float64Array(rows * outputs);
    const dx = new Float64Array(rows * inputs);
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          const w = values[o * inputs + i]!;
          y[r * outputs + o]! += ofX.values[r * inputs + i]! * w * ofX.scales[r]! * scales[o]!;
          dx[r * inputs + i]! +=
            ofDy.values[r * outputs + o]! * columns.values[o * inputs + i]! * ofDy.scales[r]! * columns.scales[i]!;
        }
      }
    }
    return { y, dx };
  }
  const expectNear = (actual: Float32Array, expected: ArrayLike<number>, tolerance: number): void => {
    const largest = Math.max(...Array.from(expected, Math.abs));
    const furthest = Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i]! - value)));
    expect(furthest).toBeLessThanOrEqual(tolerance * largest);
  };

  it.each([false, true])('are those of the whole numbers (weight a part of the session: %s)', async (constant) => {
    const [x, weight] = [waves(rows, inputs, 0), waves(outputs, inputs, 2)];
    x.fill(0, 0, inputs);
    const { y, dx, dy } = await products(x, weight, constant);
    const expected = reference(x, weight, dy);
    expectNear(y, expected.y, 1e-6);
    expectNear(dx, expected.dx, 1e-6);
  });

  it('have nearly all levels for positive values around a low one', async () => {
    const [x, weight] = [waves(rows, inputs, 0).map((value) => Math.max(value, -0.1)), waves(outputs, inputs, 2)];
    x.fill(0, 0, inputs);
    const { values, scales } = quantizeRows(weight, outputs, inputs, 127);
    const zeroPoint = 16;
    const expected = new Float64Array(rows * outputs);
    for (let r = 0; r < rows; r++) {
      const row = x.subarray(r * inputs, (r + 1) * inputs);
      const step = Math.max(Math.max(...row) / 239, -Math.min(...row) / 15, 1e-32);
      for (let o = 0; o < outputs; o++) {
        row.forEach((value, i) => {
          expected[r * outputs + o]! += Math.round(value / step) * step * values[o * inputs + i]! * scales[o]!;
        });
      }
    }
    const around = await products(x, weight, false, { outliers: [], zeroPoint });
    expectNear(around.y, expected, 1e-6);
    // gradients have either sign, and keep the middle
    expect(around.dx).toEqual((await products(x, weight, false)).dx);
  });

  it.each([0, 1, 255, 16.5])('are refused around a level of %d', async (zeroPoint) => {
    const weight = waves(outputs, inputs, 2);
    await expect(engine.uploadQuantized?.([outputs, inputs], weight, { outliers: [], zeroPoint })).rejects.toThrow(
      `zeroPoint ${zeroPoint} of a weight in 8 bits: expected a whole number of 2 to 254`,
    );
  });

  it('keep large channels apart, and scale the others', async () => {
    const [x, weight] = [waves(rows, inputs, 0), waves(outputs, inputs, 2)];
    // without help, everything but channel 7 would round to nothing
    for (let r = 0; r < rows; r++) x[r * inputs + 7] = 5000 + r;
    const scales = Float32Array.from({ length: inputs }, (_, i) => (i === 7 ? 1 : 0.8 + (i % 3) / 5));
    const { y, dx, dy } = await products(x, weight, false, { scales, outliers: [7] });
    const exact = new Float64Array(rows * outputs);
    const exactGradient = new Float64Array(rows * inputs);
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          exact[r * outputs + o]! += x[r * inputs + i]! * weight[o * inputs + i]!;
          exactGradient[r * inputs + i]! += dy[r * outputs + o]! * weight[o * inputs + i]!;
        }
      }
    }
    // of what the other channels give, which is what is interesting
    const others = exact.map(
      (value, i) => value - x[Math.floor(i / outputs) * inputs + 7]! * weight[(i % outputs) * inputs + 7]!,
    );
    const actual = y.map(
      (value, i) => value - x[Math.floor(i / outputs) * inputs + 7]! * weight[(i % outputs) * inputs + 7]!,
    );
    expectNear(actual, others, 0.04);
    expectNear(dx, exactGradient, 0.04);
    const without = await products(x, weight, false);
    const lost = without.y.map(
      (value, i) => value - x[Math.floor(i / outputs) * inputs + 7]! * weight[(i % outputs) * inputs + 7]!,
    );
    expect(() => expectNear(lost, others, 0.04)).toThrow();
  });

  it('scale the channels without keeping any apart, or take them as they are', async () => {
    const weight = waves(outputs, inputs, 2);
    // powers of two: dividing by them, and multiplying the weight with them, rounds nothing
    const scales = Float32Array.from({ length: inputs }, (_, i) => 2 ** (i % 5));
    const x = waves(rows, inputs, 0).map((value, i) => value * scales[i % inputs]!);
    const scaled = await products(x, weight, false, { scales, outliers: [] });
    const expected = reference(
      x.map((value, i) => value / scales[i % inputs]!),
      weight.map((value, i) => value * scales[i % inputs]!),
      scaled.dy,
    );
    expectNear(scaled.y, expected.y, 1e-6);
    const plain = await products(x, weight, false, { outliers: [] });
    expectNear(plain.y, reference(x, weight, plain.dy).y, 1e-6);
    expect(plain.y).not.toEqual(scaled.y);
  });

  it('are all that can be taken of it', async () => {
    const tensor = (await engine.uploadQuantized?.([2, 2], Float32Array.of(1, 2, 3, 4))) as DeviceTensor;
    const program = await engine.compile('sum', ({ weight }) => ({ y: tf.sum(weight as tf.Tensor) }), {
      weight: { dtype: 'float32', shape: [2, 2], frozen: true, quantized: { outliers: 0 } },
    });
    await expect(program.run({ weight: tensor })).rejects.toThrow('of which only products can be taken');
  });
});

describe('the self-test of a processor', () => {
  /** u8 x s8 as a processor does it that adds pairs of products in so few bits. */
  const saturatingAt =
    (bound: number): ProductInBytes =>
    async (x, weight, levels) => {
      const count = x.length / TRIAL_WIDTH;
      const a = quantizeRows(x, count, TRIAL_WIDTH, 127);
      const b = quantizeRows(weight, count, TRIAL_WIDTH, levels);
      return Float32Array.from({ length: count * count }, (_, at) => {
        const [r, c] = [Math.floor(at / count), at % count];
        let [sum, ofWeights] = [0, 0];
        for (let k = 0; k < TRIAL_WIDTH; k += 2) {
          const pair = [k, k + 1].map((i) => (a.values[r * TRIAL_WIDTH + i]! + 128) * b.values[c * TRIAL_WIDTH + i]!);
          sum += Math.max(-bound - 1, Math.min(bound, pair[0]! + pair[1]!));
          ofWeights += b.values[c * TRIAL_WIDTH + k]! + b.values[c * TRIAL_WIDTH + k + 1]!;
        }
        return (sum - 128 * ofWeights) * a.scales[r]! * b.scales[c]!;
      });
    };

  it('takes all levels where products are exact, fewer where pairs saturate, and none where those do too', async () => {
    expect(await exactWeightLevels(saturatingAt(2 ** 30))).toBe(127);
    expect(await exactWeightLevels(saturatingAt(2 ** 15 - 1))).toBe(63);
    expect(await exactWeightLevels(saturatingAt(2 ** 14 - 1))).toBeUndefined();
  });

  it('starts the engine here, or refuses by name', async () => {
    const engine = await startEngine({ engine: 'onnx', threads: 1, precision: 'int8' }).catch((error) => error);
    if (engine instanceof Error) expect(engine.message).toContain('precision=float32');
    else {
      expect(engine.precision).toBe('int8');
      await engine.close();
    }
  });

  it.each(['tensorflow', 'wasm'] as const)(
    'the engine %s does not compute in int8, and says who does',
    async (name) => {
      await expect(startEngine({ engine: name, threads: 1, precision: 'int8' })).rejects.toThrow(
        '--engine onnx with provider cpu',
      );
    },
  );
});
