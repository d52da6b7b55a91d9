/** The tensorflow engine in bfloat16: which ops run in which type, and how near all of it stays to float32. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../../lib/encoder/encoder.js';
import { createTensorflowEngine } from '../../../lib/engine/tensorflow/engine.js';
import type { DeviceTensor, Engine, TensorData } from '../../../lib/engine/types.js';
import { float32ToBfloat16 } from '../../../lib/files/float-formats.js';
import { type BaseModel, loadBaseModel } from '../../../lib/models/base-model.js';
import { cosine, expectNearPyTorch } from '../../encoder/near-pytorch.js';
import { referenceEmbedding } from '../../encoder/reference-encoder.js';
import { MODEL_FOLDER, randomModel, randomTexts, uploadModel, WITH_TENSORFLOW } from '../../encoder/tiny-models.js';

const vector = (...values: number[]): TensorData => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

describe.skipIf(!WITH_TENSORFLOW)('the tensorflow engine in bfloat16', () => {
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    engine = await createTensorflowEngine({ precision: 'bfloat16' });
    base = await loadBaseModel(MODEL_FOLDER, engine);
  });
  afterAll(() => engine.close());

  const frozen = (values: number[], shape: number[]): Promise<DeviceTensor> =>
    (engine.uploadBfloat16 as NonNullable<Engine['uploadBfloat16']>)(
      shape,
      float32ToBfloat16(Float32Array.from(values)),
    );

  async function compute(
    fn: (frozen: tf.Tensor, other: tf.Tensor) => tf.Tensor,
    weight: DeviceTensor,
    other: TensorData,
  ): Promise<number[]> {
    const program = await engine.compile('test', ({ w, x }) => ({ y: fn(w as tf.Tensor, x as tf.Tensor) }), {
      w: { dtype: 'float32', shape: weight.shape },
      x: { dtype: 'float32', shape: other.shape },
    });
    const { data } = await program.run({ w: weight, x: other });
    return [...(data.y as TensorData).data];
  }

  it('keeps the bits of a weight, in two bytes a number', async () => {
    const before = engine.residentBytes();
    const values = [1, -2.5, 3.140625, 1e30, -1e-30, 0];
    const weight = await frozen(values, [2, 3]);
    expect(engine.residentBytes() - before).toBe(12);
    const { data, shape, dtype } = await engine.download(weight);
    expect([shape, dtype]).toEqual([[2, 3], 'float32']);
    expect([...float32ToBfloat16(data as Float32Array)]).toEqual([...float32ToBfloat16(Float32Array.from(values))]);
    const scalar = await frozen([7], []);
    expect([...(await engine.download(scalar)).data]).toEqual([7]);
    engine.release([weight, scalar]);
    expect(engine.residentBytes()).toBe(before);
  });

  it('rounds what meets a weight, and accumulates in float32', async () => {
    // 257 has nine significant bits, bfloat16 eight: it becomes 256
    const ones = await frozen([1, 1, 1, 1], [4]);
    expect(await compute((w, x) => tf.mul(w, x), ones, vector(257, 1, 1, 1))).toEqual([256, 1, 1, 1]);
    // 256 + 1 + 1 + 1: in bfloat16 every sum would stay at 256
    const sums = await compute((w, x) => tf.sum(tf.mul(w, x)), ones, vector(256, 1, 1, 1));
    expect(sums).toEqual([259]);
    const means = await compute((w, x) => tf.mean(tf.mul(w, x), -1, true), ones, vector(256, 1, 1, 1));
    expect(means).toEqual([259 / 4]);
    // 17 * 17 = 289, which bfloat16 would round to 288
    expect(await compute((w, x) => tf.square(tf.mul(w, x)), ones, vector(17, 1, 1, 1))).toEqual([289, 1, 1, 1]);
    engine.release([ones]);
  });

  it('computes scores of attention in float32, and linear layers in bfloat16', async () => {
    const row = await frozen([256, 1], [1, 1, 2]);
    const column: TensorData = { dtype: 'float32', shape: [1, 2, 1], data: Float32Array.of(1, 1) };
    expect(await compute((w, x) => tf.matMul(w, x), row, column)).toEqual([257]);
    const flat = await frozen([256, 1], [1, 2]);
    const flatColumn: TensorData = { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, 1) };
    expect(await compute((w, x) => tf.matMul(w as tf.Tensor2D, x as tf.Tensor2D), flat, flatColumn)).toEqual([256]);
    engine.release([row, flat]);
  });

  it('leaves to float32 what has no weight in it', async () => {
    const ones = await frozen([1], [1]);
    expect(await compute((_, x) => tf.mul(x, 3), ones, vector(257, 1001))).toEqual([771, 3003]);
    engine.release([ones]);
  });

  it('gives embeddings and gradients near those of PyTorch in float32', () =>
    expectNearPyTorch(base, { rounds: true }));

  it('keeps attention right where keys have the large biases of Qwen2', async () => {
    const model = randomModel(5);
    for (const [name, { shape, data }] of model.parameters) {
      if (/[qk]_proj\.bias$/.test(name)) model.parameters.set(name, { shape, data: data.map((value) => value * 20) });
      // the checkpoint's numbers, as bfloat16 has them
      const bits = float32ToBfloat16(model.parameters.get(name)!.data);
      model.parameters.get(name)!.data = new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
    }
    const uploaded = await uploadModel(model, engine);
    for (const [name, { shape, data }] of model.parameters) {
      if (name === 'embed_tokens.weight') continue;
      engine.release([uploaded.weights.get(name) as DeviceTensor]);
      uploaded.weights.set(name, await frozen([...data], shape));
    }
    const encoder = await createEncoder(uploaded);
    const texts = randomTexts(6, [3, 9, 5, 7], model.config.vocabularySize);
    const rows = await encoder.embed(texts);
    texts.forEach((text, i) => {
      const row = rows.subarray(i * encoder.dimensions, (i + 1) * encoder.dimensions);
      expect(cosine(row, referenceEmbedding(model, text))).toBeGreaterThan(0.999);
    });
    await encoder.dispose();
    uploaded.dispose();
  });

  it('names its precision in the fingerprint of embeddings', async () => {
    const narrow = await createEncoder(base);
    const other = await createTensorflowEngine({ precision: 'float32' });
    const wide = await createEncoder(await loadBaseModel(MODEL_FOLDER, other));
    expect(narrow.fingerprint()).not.toBe(wide.fingerprint());
    expect(narrow.base.fingerprint).toBe(wide.base.fingerprint);
    await other.close();
  });
});
