/**
 * Products with weights in float16, as GPU providers compute them. ONNX Runtime's CPU drops the rounding, so that here the
 * scaling shows; onnx' own evaluator, in Python, rounds every number: LLM_EMBEDDING_ONNX_PYTHON names a Python with it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { Engine, Program, TensorData } from '../../lib/engine/types.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { expectNearPyTorch } from '../encoder/near-pytorch.js';
import { MODEL_FOLDER, PROVIDERS } from '../encoder/tiny-models.js';

const matrix = (rows: number[][]): TensorData => ({
  dtype: 'float32',
  shape: [rows.length, rows[0]!.length],
  data: Float32Array.from(rows.flat()),
});

describe.each(['cpu', ...PROVIDERS] as const)('products in float16 on %s', (provider) => {
  const withEngine = async (use: (engine: Engine) => Promise<void>): Promise<void> => {
    const engine = createOnnxEngine({ threads: 1, provider, precision: 'float16' });
    try {
      await use(engine);
    } finally {
      await engine.close();
    }
  };
  /** x W and its gradient of x, for W [2, 2]. */
  async function productAndGradient(engine: Engine, x: number[][], weight: number[][]): Promise<number[][]> {
    const frozen = await engine.upload(matrix(weight));
    const program = await engine.compile(
      'product',
      ({ x, weight }) => {
        const product = (x: tf.Tensor): tf.Tensor => tf.matMul(x, weight as tf.Tensor, false, true);
        return { y: product(x as tf.Tensor), dx: tf.grad(product)(x as tf.Tensor, tf.mul(x as tf.Tensor, 1)) };
      },
      { x: { dtype: 'float32', shape: ['rows', 2] }, weight: { dtype: 'float32', shape: [2, 2], frozen: true } },
    );
    const { data } = await program.run({ x: matrix(x), weight: frozen });
    await program.dispose();
    engine.release([frozen]);
    return [[...data.y!.data], [...data.dx!.data]];
  }

  it('keep rows that float16 has no numbers for', () =>
    withEngine(async (engine) => {
      const rows = [
        [1e6, -2e6],
        [1e-12, 2e-12],
        [0, 0],
      ];
      const [y, dx] = (await productAndGradient(engine, rows, [
        [1, 2],
        [0.5, 0.25],
      ])) as [number[], number[]];
      const expected = [1e6 - 4e6, 0.5e6 - 0.5e6, 5e-12, 1e-12, 0, 0];
      expected.forEach((value, i) => {
        const size = [2e6, 2e-12, 0][i >> 1]!;
        expect(Math.abs(y[i]! - value)).toBeLessThanOrEqual(2e-3 * size);
      });
      [1e6 - 1e6, 2e6 - 0.5e6, 2e-12, 2.5e-12, 0, 0].forEach((value, i) => {
        const size = [2e6, 2e-12, 0][i >> 1]!;
        expect(Math.abs(dx[i]! - value)).toBeLessThanOrEqual(2e-3 * size);
      });
    }));

  it.each(['whole-graph', 'layerwise'] as const)(
    'give embeddings and gradients near those of PyTorch in float32, %s',
    (plan) =>
      withEngine(async (engine) =>
        expectNearPyTorch(await loadBaseModel(MODEL_FOLDER, engine), { plan, rounds: provider !== 'cpu' }),
      ),
  );
});

it('only products with frozen weights are in float16', () => {
  const nodes = (frozen: boolean): number =>
    trace(
      'product',
      ({ x, weight }) => ({ y: tf.matMul(x as tf.Tensor, weight as tf.Tensor) }),
      { x: { dtype: 'float32', shape: ['n', 4] }, weight: { dtype: 'float32', shape: [4, 3], frozen } },
      'float16',
    ).nodeCount;
  // the product; with the largest of each row, its scale, and three casts
  expect([nodes(false), nodes(true)]).toEqual([1, 9]);
});

const python = process.env.LLM_EMBEDDING_ONNX_PYTHON;

it.skipIf(!python)('with every number rounded embeddings and gradients stay near those of float32', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'half-products-'));
  const engine = recording(createOnnxEngine({ threads: 1, precision: 'float16' }), folder);
  const base = await loadBaseModel(MODEL_FOLDER, engine);
  await expectNearPyTorch(base, { plan: 'whole-graph', rounds: false });
  await engine.close();
  const script = fileURLToPath(new URL('half_products.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python as string, [script, folder], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const cosines = JSON.parse(stdout) as { program: string; output: string; cosine: number }[];
  expect(cosines.filter(({ program }) => program === 'encoder gradients').length).toBeGreaterThan(20);
  for (const { program, output, cosine } of cosines) {
    if (program === 'InfoNCE') continue;
    expect(cosine, `${program}: ${output}`).toBeGreaterThan(output === 'embeddings' ? 0.9995 : 0.999);
    expect(cosine, `${program}: ${output}`).toBeLessThan(1 - 1e-9);
  }
  rmSync(folder, { recursive: true });
});

/** Writes the model of every program, with what each run of it is given and gives, to files 0.onnx, 0.json and so on. */
function recording(engine: Engine, folder: string): Engine {
  let runs = 0;
  const text = ({ dtype, shape, data }: TensorData) => ({
    dtype,
    shape,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  });
  const compile: Engine['compile'] = async (name, fn, inputs) => {
    const { bytes } = trace(name, fn, inputs, 'float16');
    const program = await engine.compile(name, fn, inputs);
    const run: Program['run'] = async (values, keep) => {
      const feeds: Record<string, object> = {};
      for (const input of Object.keys(inputs)) {
        const value = values[input];
        if (value) feeds[input] = text('data' in value ? value : await engine.download(value));
      }
      const result = await program.run(values, keep);
      const outputs = Object.fromEntries(Object.entries(result.data).map(([output, value]) => [output, text(value)]));
      writeFileSync(join(folder, `${runs}.onnx`), bytes);
      writeFileSync(join(folder, `${runs++}.json`), JSON.stringify({ name, feeds, outputs }));
      return result;
    };
    return { run, dispose: program.dispose };
  };
  return new Proxy(engine, {
    get: (target, property) => {
      if (property === 'compile') return compile;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

it('the fingerprint of embeddings names the precision', async () => {
  const [half, single] = [createOnnxEngine({ precision: 'float16' }), createOnnxEngine()];
  const fingerprints = [];
  for (const engine of [half, single]) {
    fingerprints.push((await createEncoder(await loadBaseModel(MODEL_FOLDER, engine))).fingerprint());
    await engine.close();
  }
  expect(fingerprints[0]).not.toBe(fingerprints[1]);
});
