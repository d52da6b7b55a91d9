/** What every engine promises: the same interface, the same numbers, nothing left behind. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmEngine } from '../../lib/engine/eager-engine.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine, TensorData, TensorFunction } from '../../lib/engine/types.js';

const matrix = (rows: number, columns: number): TensorData => ({
  dtype: 'float32',
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, i) => Math.cos(i)),
});
const product: TensorFunction = ({ a, b }) => ({
  c: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
  twice: tf.mul(a as tf.Tensor, 2),
});
const specs = {
  a: { dtype: 'float32', shape: ['rows', 3] },
  b: { dtype: 'float32', shape: [3, 2] },
} as const;

describe.each([
  ['onnx', async () => createOnnxEngine({ threads: 1 })],
  ['wasm', createWasmEngine],
] as const)('engine %s', (name, create) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => engine.close());
  const compile = () =>
    engine.compile('product', product, {
      a: { ...specs.a, shape: [...specs.a.shape] },
      b: { ...specs.b, shape: [...specs.b.shape] },
    });

  it('says who it is', () => {
    expect(engine.name).toBe(name);
    expect(engine.description.length).toBeGreaterThan(10);
  });

  it('multiplies matrices', async () => {
    const program = await compile();
    const { data } = await program.run({ a: matrix(2, 3), b: matrix(3, 2) });
    const a = matrix(2, 3).data;
    const b = matrix(3, 2).data;
    const expected = [0, 1].flatMap((i) =>
      [0, 1].map((j) => [0, 1, 2].reduce((sum, k) => sum + (a[i * 3 + k] as number) * (b[k * 2 + j] as number), 0)),
    );
    [...(data.c as TensorData).data].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 5);
    });
  });

  it('keeps tensors between runs until they are released', async () => {
    const program = await compile();
    const before = engine.residentBytes();
    const b = await engine.upload(matrix(3, 2));
    const { kept, data } = await program.run({ a: matrix(4, 3), b }, ['twice']);
    expect(Object.keys(data)).toEqual(['c']);
    expect(engine.residentBytes() - before).toBe(4 * (6 + 12));
    const doubled = await engine.download(kept.twice!);
    expect(doubled.shape).toEqual([4, 3]);
    expect(doubled.data[1]).toBeCloseTo(2 * Math.cos(1), 5);
    const again = await program.run({ a: kept.twice!, b });
    expect(again.data.c?.shape).toEqual([4, 2]);
    engine.release([b, kept.twice!]);
    expect(engine.residentBytes()).toBe(before);
    await expect(program.run({ a: matrix(4, 3), b })).rejects.toThrow(/released/);
  });

  it('leaves the data of the caller alone', async () => {
    const program = await compile();
    const a = matrix(2, 3);
    await program.run({ a, b: matrix(3, 2) });
    expect(a.data.length).toBe(6);
  });

  it('names a missing input', async () => {
    const program = await compile();
    await expect(program.run({ a: matrix(2, 3) })).rejects.toThrow(/"b"/);
  });
});

it('the onnx engine leaves the event loop free while it computes', async () => {
  const engine = createOnnxEngine({ threads: 1 });
  const size = 700;
  const program = await engine.compile(
    'powers',
    ({ a }) => {
      let x = a as tf.Tensor2D;
      for (let i = 0; i < 6; i++) x = tf.matMul(x, a as tf.Tensor2D);
      return { x };
    },
    { a: { dtype: 'float32', shape: [size, size] } },
  );
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await program.run({ a: matrix(size, size) });
  clearInterval(timer);
  await engine.close();
  expect(ticks).toBeGreaterThan(3);
});
