/** The tensorflow engine in float32: its kernels, what it leaves behind, and what it does where memory ends. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/errors.js';
import { Random } from '../../../lib/core/random.js';
import { createEncoder } from '../../../lib/encoder/encoder.js';
import { OutOfMemory } from '../../../lib/engine/out-of-memory.js';
import { createTensorflowEngine } from '../../../lib/engine/tensorflow/engine.js';
import { chooseGpu } from '../../../lib/engine/tensorflow/gpu.js';
import { currentInstallation } from '../../../lib/engine/tensorflow/installation.js';
import { loadNativeBackend } from '../../../lib/engine/tensorflow/native-backend.js';
import { probe } from '../../../lib/engine/tensorflow/probe.js';
import type { Engine, TensorData } from '../../../lib/engine/types.js';
import { randomAdapter, randomModel, randomTexts, uploadModel, WITH_TENSORFLOW } from '../../encoder/tiny-models.js';
import { OPERATIONS, randomValues } from '../operations.js';

const LIBRARY = new URL('../../../dist/lib/', import.meta.url);

describe.skipIf(!WITH_TENSORFLOW)('the tensorflow engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTensorflowEngine({ precision: 'float32' });
  });
  afterAll(() => engine.close());
  const handles = (): number =>
    loadNativeBackend(currentInstallation()!, { threads: 0, tensorFloat32: true }).binding.getNumOfTensors();

  for (const operation of OPERATIONS) {
    it(`computes ${operation.name} as the CPU backend does`, async () => {
      const random = new Random(1, operation.name);
      const inputs = Object.fromEntries(
        operation.shapes(random).map((shape, i): [string, TensorData] => {
          return [`x${i}`, { dtype: 'float32', shape, data: randomValues(random, shape, operation.range) }];
        }),
      );
      const apply = (tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> => ({
        y: operation.apply(...Object.keys(inputs).map((name) => tensors[name] as tf.Tensor)),
      });
      const program = await engine.compile(operation.name, apply, inputs);
      const { y } = (await program.run(inputs)).data;
      tf.setBackend('cpu');
      const expected = apply(
        Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)])),
      ).y as tf.Tensor;
      expect(y?.shape).toEqual(expected.shape);
      const values = expected.dataSync();
      y?.data.forEach((value, i) => {
        expect(Math.abs(value - values[i]!)).toBeLessThan(1e-5 * Math.max(1, values[i]!));
      });
    });
  }

  it('leaves no tensor behind, in tfjs or in the library, whatever happens', async () => {
    const failing = await engine.compile(
      'failing',
      // the product fails inside a gradient, after the square has kept its input for the backward pass
      ({ x }) => ({
        y: tf.grad((z) => tf.sum(tf.matMul(tf.square(z) as tf.Tensor2D, tf.ones([3, 3]))))(x as tf.Tensor),
      }),
      { x: { dtype: 'float32', shape: ['n', 'm'] } },
    );
    const matrix = (width: number): TensorData => ({
      dtype: 'float32',
      shape: [2, width],
      data: new Float32Array(2 * width).fill(1),
    });
    await failing.run({ x: matrix(3) });
    const before = [tf.memory().numTensors, handles()];
    await failing.run({ x: matrix(3) });
    await expect(failing.run({ x: matrix(4) })).rejects.toThrow();
    await expect(failing.run({})).rejects.toThrow(/"x"/);
    expect([tf.memory().numTensors, handles()]).toEqual(before);
  });

  it('says that memory ended, and goes on with less', async () => {
    const program = await engine.compile(
      'large',
      ({ x }) => ({ y: tf.tile(tf.square(x as tf.Tensor), [2 ** 22, 2 ** 22]) }),
      { x: { dtype: 'float32', shape: [1, 1] } },
    );
    const before = [tf.memory().numTensors, handles()];
    const one: TensorData = { dtype: 'float32', shape: [1, 1], data: Float32Array.of(1) };
    await expect(program.run({ x: one })).rejects.toThrow(OutOfMemory);
    expect([tf.memory().numTensors, handles()]).toEqual(before);
  });

  it('takes the layerwise plan', async () => {
    const model = randomModel(7);
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base, { adapter: randomAdapter(model.config, 1) });
    expect(encoder.plan.name).toBe('layerwise');
    const batch = encoder.pad(randomTexts(13, [3, 5], model.config.vocabularySize));
    // the library gets a weight when an op first needs it
    await encoder.backward(batch, new Float32Array(2 * encoder.dimensions));
    const before = [tf.memory().numTensors, handles()];
    const { least, most } = encoder.plan.savedBytes(batch.tokenIds.length);
    for (const activationBudget of [least, most]) {
      const resident = engine.residentBytes();
      const { saved } = await encoder.forward(batch, {}, activationBudget);
      expect(saved?.bytes).toBe(activationBudget);
      expect(engine.residentBytes() - resident).toBe(activationBudget);
      await encoder.backward(batch, new Float32Array(2 * encoder.dimensions).fill(1), {}, saved);
      expect([tf.memory().numTensors, handles()]).toEqual(before);
    }
    await encoder.dispose();
    base.dispose();
  });

  it('lets timers run between programs', async () => {
    const program = await engine.compile('square', ({ x }) => ({ y: tf.square(x as tf.Tensor) }), {
      x: { dtype: 'float32', shape: [1] },
    });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    for (let i = 0; i < 200; i++) {
      await program.run({ x: { dtype: 'float32', shape: [1], data: new Float32Array(1) } });
      // longer than the interval
      for (const end = performance.now() + 0.5; performance.now() < end; );
    }
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('is found by a probe, in a process of its own', async () => {
    const result = await probe(currentInstallation()!);
    expect(result.version).toMatch(/^\d+\.\d+\.\d+$/);
    const broken = { ...currentInstallation()!, binding: fileURLToPath(import.meta.url) };
    await expect(probe(broken)).rejects.toThrow(/TensorFlow does not load/);
  });

  it('halves micro-batches in a process whose memory is small, and computes the same', () => {
    // TensorFlow's own allocator, with a limit as a GPU has one
    const run = (limit: string): { gradients: number[]; messages: string[] } => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [fileURLToPath(new URL('./small-memory.mjs', import.meta.url)), LIBRARY.href],
        {
          encoding: 'utf8',
          env: {
            ...process.env,
            TF_CPU_ALLOCATOR_USE_BFC: 'true',
            TF_CPU_BFC_MEM_LIMIT_IN_MB: limit,
            // its products abort the process where memory ends
            TF_ENABLE_ONEDNN_OPTS: '0',
          },
          timeout: 60_000,
        },
      );
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout.trim().split('\n').at(-1) as string);
    };
    const roomy = run('4096');
    const tight = run('300');
    expect(roomy.messages).toEqual([]);
    expect(tight.messages.length).toBeGreaterThan(0);
    expect(tight.messages[0]).toMatch(/does not hold micro-batches of \d+ tokens: continuing with \d+/);
    expect(tight.gradients.length).toBe(roomy.gradients.length);
    const scale = Math.max(...roomy.gradients.map(Math.abs));
    tight.gradients.forEach((value, i) => {
      expect(Math.abs(value - roomy.gradients[i]!)).toBeLessThan(1e-5 * scale);
    });
  });
});

describe('the tensorflow engine where it is not set up', () => {
  it('says how to set it up', async () => {
    const error: unknown = await createTensorflowEngine({ installation: null }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(/npm run setup:gpu/);
    expect(error).not.toBeInstanceOf(OutOfMemory);
  });

  it('takes no folder for a build that is not complete', () => {
    expect(currentInstallation('/nonexistent')).toBeNull();
  });
});

describe('the GPU that CUDA would take', () => {
  const listing = [
    '0, GPU-aaaa-1, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 81000, 9.0',
    '1, GPU-bbbb-2, Tesla T4, 550.54.15, 15360, 15000, 7.5',
    '',
  ].join('\n');

  it('is the first, or the first of CUDA_VISIBLE_DEVICES', () => {
    expect(chooseGpu(listing, undefined)).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      driver: '550.54.15',
      memory: 81559 * 2 ** 20,
      freeMemory: 81000 * 2 ** 20,
      computeCapability: '9.0',
    });
    expect(chooseGpu(listing, '1,0')?.name).toBe('Tesla T4');
    expect(chooseGpu(listing, 'GPU-bbbb-2')?.name).toBe('Tesla T4');
  });

  it('is none where all are hidden or there is none', () => {
    for (const hidden of ['', '-1', '7']) expect(chooseGpu(listing, hidden)).toBeNull();
    expect(chooseGpu('', undefined)).toBeNull();
    expect(chooseGpu('No devices were found', undefined)).toBeNull();
  });
});
