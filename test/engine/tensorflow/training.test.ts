/** Training on the tensorflow engine: PyTorch's three steps, memory over hundreds of steps, and a whole experiment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../lib/config/config.js';
import { readAdapter } from '../../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../../lib/encoder/encoder.js';
import { createTensorflowEngine } from '../../../lib/engine/tensorflow/engine.js';
import { currentInstallation } from '../../../lib/engine/tensorflow/installation.js';
import { loadNativeBackend } from '../../../lib/engine/tensorflow/native-backend.js';
import { runExperiment } from '../../../lib/experiment/run.js';
import { loadBaseModel } from '../../../lib/models/base-model.js';
import { AdamW } from '../../../lib/training/adamw.js';
import { gradCache } from '../../../lib/training/grad-cache.js';
import { clipGradients } from '../../../lib/training/gradient-clipping.js';
import {
  ADAPTER_FOLDER,
  fixture,
  fixtureBatch,
  fixtureTensors,
  MODEL_FOLDER,
  peftName,
  relativeError,
  WITH_TENSORFLOW,
} from '../../encoder/tiny-models.js';
import { createLoss, expectAfterThreeSteps, expectPyTorchStep } from '../../training/fixture-training.js';

const OPTIONS = { tokenBudget: 4096, activationBudget: 1e9, dropout: { probability: 0, seed: 0, labels: [] } };

/** Training on the batches of the fixture, a step a call. */
async function startTraining(precision: 'float32' | 'bfloat16') {
  const engine = await createTensorflowEngine({ precision });
  const base = await loadBaseModel(MODEL_FOLDER, engine);
  const adapter = await readAdapter(ADAPTER_FOLDER, base.config);
  const initial = new Map([...adapter.tensors].map(([name, { data }]) => [name, data.slice()]));
  const encoder = await createEncoder(base, { adapter });
  const loss = await createLoss(engine, encoder.dimensions, { symmetric: false, temperature: fixture.temperature });
  const optimizer = new AdamW(new Map([...adapter.tensors].map(([name, { data }]) => [name, data])), {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: fixture.optimizer.weight_decay,
  });
  return {
    engine,
    parameters: adapter.tensors,
    initial,
    async step(index: number, learningRate: number) {
      const { titles, abstracts } = fixtureBatch(index % 3);
      const result = await gradCache(encoder, loss, titles, abstracts, OPTIONS);
      const gradients = new Map([...result.gradients].map(([name, values]) => [name, values.slice()]));
      const { norm: gradientNorm } = clipGradients(result.gradients, 1);
      optimizer.step(result.gradients, learningRate);
      await encoder.setAdapter(adapter.tensors);
      return { loss: result.loss, gradientNorm, gradients };
    },
  };
}

describe.skipIf(!WITH_TENSORFLOW)('training on the tensorflow engine', () => {
  const folders: string[] = [];
  const temporary = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'tensorflow-'));
    folders.push(folder);
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('takes the three steps of PyTorch in float32', async () => {
    const { engine, step, parameters } = await startTraining('float32');
    const first = await fixtureTensors('grads');
    for (const [i, recorded] of fixture.optimizer.trajectory.slice(0, 3).entries()) {
      const { loss, gradientNorm, gradients } = await step(i, recorded.lr);
      if (i === 0) {
        for (const [name, values] of gradients) {
          const wanted = first.get(peftName(name))?.data;
          if (wanted) expect(relativeError(values, wanted), name).toBeLessThan(1e-5);
        }
      }
      expectPyTorchStep(i, { loss, gradientNorm }, 1e-5);
    }
    await expectAfterThreeSteps(parameters);
    await engine.close();
  });

  it('takes them nearly in bfloat16, with masters in float32', async () => {
    const { engine, step, parameters, initial } = await startTraining('bfloat16');
    for (const [i, recorded] of fixture.optimizer.trajectory.slice(0, 3).entries()) {
      const { loss, gradientNorm } = await step(i, recorded.lr);
      expectPyTorchStep(i, { loss, gradientNorm }, 0.02);
    }
    const after = await fixtureTensors('after3');
    let moved = 0;
    let apart = 0;
    for (const [name, { data }] of parameters) {
      const expected = after.get(peftName(name))?.data;
      if (!expected) continue;
      const start = initial.get(name) as Float32Array;
      for (let i = 0; i < data.length; i++) {
        moved += (expected[i]! - start[i]!) ** 2;
        apart += (expected[i]! - data[i]!) ** 2;
      }
      // steps of a thousandth of a weight: bfloat16 masters would have kept most weights where they were
      expect(data.some((value) => Math.fround(value) !== bfloat16(value))).toBe(true);
    }
    // AdamW's first steps follow the sign of a gradient, so a small one that turns moves as far as a large one
    expect(Math.sqrt(apart / moved)).toBeLessThan(0.2);
    await engine.close();
  });

  it.each(['float32', 'bfloat16'] as const)(
    'does not grow over 500 steps in %s',
    async (precision) => {
      const { engine, step } = await startTraining(precision);
      const { binding } = loadNativeBackend(currentInstallation()!, { threads: 0, tensorFloat32: true });
      const counts = () => [tf.memory().numTensors, binding.getNumOfTensors(), engine.residentBytes()];
      for (let i = 0; i < 50; i++) await step(i, 1e-4);
      const start = counts();
      const memory = process.memoryUsage.rss();
      for (let i = 50; i < 550; i++) await step(i, 1e-4);
      expect(counts()).toEqual(start);
      // what a tensor a step would add is far more; the heap of JavaScript comes and goes
      expect((process.memoryUsage.rss() - memory) / 2 ** 20).toBeLessThan(60);
      await engine.close();
    },
    300_000,
  );

  it('ends a whole experiment where the onnx engine ends', async () => {
    const scores: Record<string, number> = {};
    for (const [engine, precision] of [
      ['onnx', 'float32'],
      ['tensorflow', 'float32'],
      ['tensorflow', 'bfloat16'],
    ] as const) {
      const folder = temporary();
      const config = resolveConfig({
        preset: 'sample',
        input: { engine, precision, cache: join(folder, 'cache'), evaluation: { systems: ['untuned', 'tuned'] } },
      });
      const report = await runExperiment(config, join(folder, 'run'));
      for (const { name, metrics } of report.systems)
        scores[`${name} ${engine} ${precision}`] = metrics['mrr@10']!.value;
    }
    for (const name of ['untuned', 'tuned']) {
      const expected = scores[`${name} onnx float32`] as number;
      expect(expected).toBeGreaterThan(0.5);
      expect(Math.abs((scores[`${name} tensorflow float32`] as number) - expected)).toBeLessThan(0.01);
      expect(Math.abs((scores[`${name} tensorflow bfloat16`] as number) - expected)).toBeLessThan(0.01);
    }
  }, 1_800_000);
});

function bfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = bits[0]! & 0xffff0000;
  return new Float32Array(bits.buffer)[0] as number;
}
