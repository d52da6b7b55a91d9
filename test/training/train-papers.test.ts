import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, type Role, resolveConfig } from '../../lib/config/config.js';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { lossFromFunction } from '../../lib/losses/loss-from-function.js';
import { matryoshkaLoss } from '../../lib/losses/matryoshka.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { batchesOfEpoch, type TrainPapersOptions, trainPapers } from '../../lib/training/train-papers.js';
import { randomAdapter, randomModel, randomTexts, uploadModel } from '../encoder/tiny-models.js';
import { tripletLoss } from '../losses/triplet-loss.js';

const model = randomModel(41, {
  hiddenSize: 8,
  intermediateSize: 10,
  layers: 1,
  attentionHeads: 2,
  keyValueHeads: 1,
  headDimension: 4,
});
const roles: Role[] = ['main', 'main', 'main', 'soft', 'hard'];
const topics: Record<string, string> = { main: 'gr-qc', soft: 'hep-th', hard: 'math-ph' };
const papers: SplitPaper[] = Array.from({ length: 60 }, (_, i) => {
  const role = roles[i % 5] as Role;
  const topic = topics[role] as string;
  return {
    id: `p${i}`,
    title: `title ${i}`,
    abstract: `abstract ${i}`,
    topic,
    role,
    categories: [topic],
    published: null,
    split: i % 6 === 5 ? 'validation' : 'train',
  };
});
const titles = randomTexts(
  1,
  papers.map((_, i) => 2 + (i % 3)),
  model.config.vocabularySize,
);
const abstracts = randomTexts(
  2,
  papers.map((_, i) => 4 + (i % 5)),
  model.config.vocabularySize,
);
const tokens = new Map(
  papers.map(({ id }, i) => [id, { title: titles[i] as Int32Array, abstract: abstracts[i] as Int32Array }]),
);

const root = mkdtempSync(join(tmpdir(), 'train-papers-'));
let engine: Engine;
let base: BaseModel;
beforeAll(async () => {
  engine = createOnnxEngine({ threads: 1 });
  base = await uploadModel(model, engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

const configOf = (input: ConfigInput = {}) =>
  resolveConfig({
    input: {
      ...input,
      batches: { pairs: 10, tokenBudget: 64 },
      training: { epochs: 2, validateEvery: 4, ...input.training },
    },
  });

/** Where a training in a folder writes. */
const into = (folder: string) => ({ run: folder, best: join(folder, 'adapter') });

async function run(options: Partial<TrainPapersOptions> & { input?: ConfigInput; folder?: string } = {}) {
  const { input = {}, folder, ...rest } = options;
  const config = configOf(input);
  const before = engine.residentBytes();
  const { config: adapter } = randomAdapter(model.config, 0, { rank: 2, alpha: 4 });
  const encoder = await createEncoder(base, {
    adapter: { config: adapter, tensors: initializeAdapter(adapter, model.config, config.seed) },
  });
  try {
    return await trainPapers({
      config,
      papers,
      tokens,
      encoder,
      ...(folder ? { folders: into(folder) } : {}),
      ...rest,
    });
  } finally {
    await encoder.dispose();
    expect(engine.residentBytes()).toBe(before);
  }
}
const adapterBytes = (folder: string): string =>
  readFileSync(join(folder, 'adapter', 'adapter_model.safetensors'), 'hex');

describe('trainPapers', () => {
  const whole = join(root, 'whole');
  let result: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    result = await run({ folder: whole });
  });

  it('trains on every training paper once an epoch and tells which batches it took', () => {
    const training = papers.filter(({ split }) => split === 'train');
    expect(result.trained).toEqual(training);
    expect(result.batches.length).toBe(10);
    expect(result.totalSteps).toBe(10);
    for (const epoch of [result.batches.slice(0, 5), result.batches.slice(5)]) {
      expect(epoch.flat().sort((a, b) => a - b)).toEqual(training.map((_, i) => i));
    }
  });

  it('leaves the best adapter, the state and the curves in the run folder', async () => {
    expect(readdirSync(whole).sort()).toEqual(['adapter', 'tensorboard', 'training-state']);
    const stored = await readAdapter(join(whole, 'adapter'), model.config);
    expect(stored.tensors).toEqual(new Map([...stored.tensors.keys()].map((name) => [name, result.best.get(name)])));
    expect(result.history.validations.map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    expect(result.bestScore).toBe(Math.max(...result.history.validations.slice(1).map(({ mrr }) => mrr)));
    expect(readdirSync(join(whole, 'tensorboard')).length).toBe(1);
  });

  it('writes the same bytes for the same seed, and others for another', async () => {
    await run({ folder: join(root, 'same') });
    expect(adapterBytes(join(root, 'same'))).toBe(adapterBytes(whole));
    await run({ folder: join(root, 'other'), input: { seed: 43 } });
    expect(adapterBytes(join(root, 'other'))).not.toBe(adapterBytes(whole));
  });

  it('writes the same bytes when it was stopped and resumed', async () => {
    const folder = join(root, 'stopped');
    for (const at of [3, 8]) {
      const stop = new AbortController();
      const onStep = ({ step }: { step: number }): void => {
        if (step === at) stop.abort();
      };
      await expect(run({ folder, resume: 'if-present', signal: stop.signal, onStep })).rejects.toThrow(Interrupted);
    }
    const resumed = await run({ folder, resume: true });
    expect(adapterBytes(folder)).toBe(adapterBytes(whole));
    expect(resumed.history.validations).toEqual(result.history.validations);
    expect(resumed.batches).toEqual(result.batches);
    expect(readdirSync(join(folder, 'tensorboard')).length).toBe(3);
  });

  it("trains with a loss of one's own, nested by Matryoshka, and resumes with no other", async () => {
    const folder = join(root, 'own-loss');
    const loss = matryoshkaLoss(tripletLoss, [4]);
    const own = await run({ folder, loss, input: { training: { epochs: 6, learningRate: 1e-2 } } });
    const mean = (steps: typeof own.history.steps) => steps.reduce((sum, step) => sum + step.loss, 0) / steps.length;
    expect(mean(own.history.steps.slice(-5))).toBeLessThan(0.9 * mean(own.history.steps.slice(0, 5)));
    expect(own.best).not.toEqual(result.best);
    const input = { training: { epochs: 6, learningRate: 1e-2 } };
    const other = lossFromFunction('triplet margin', (queries, _, tf) => tf.sum(queries));
    await expect(run({ folder, resume: true, input, loss: other })).rejects.toThrow(/saved with other settings/);
    await expect(run({ folder, resume: true, input })).rejects.toThrow(/saved with other settings/);
    expect((await run({ folder, resume: true, input, loss })).best).toEqual(own.best);
  });

  it('refuses to resume where there is nothing, and starts anew where that is allowed', async () => {
    const folder = join(root, 'nothing');
    await expect(run({ folder, resume: true })).rejects.toThrow(/nothing to resume/);
    expect(existsSync(folder)).toBe(false);
    await run({ folder, resume: 'if-present' });
    expect(adapterBytes(folder)).toBe(adapterBytes(whole));
  });

  it('refuses to resume with other settings', async () => {
    const work = run({ folder: whole, resume: true, input: { training: { learningRate: 1e-3 } } });
    await expect(work).rejects.toThrow(/saved with other settings/);
    await expect(work).rejects.toThrow(UserError);
  });

  it('writes nothing without a folder, and gives the same adapter', async () => {
    const before = readdirSync(root);
    const { best } = await run();
    expect(best).toEqual(result.best);
    expect(readdirSync(root)).toEqual(before);
  });

  it('tells the batches it took where accumulation does not divide the epoch', async () => {
    const { batches, totalSteps, history } = await run({ input: { training: { accumulationSteps: 3, maxSteps: 3 } } });
    expect([totalSteps, history.steps.length]).toEqual([3, 3]);
    // three and two batches of the first epoch, three of the second
    expect(batches).toEqual(result.batches.slice(0, 8));
  });

  it('takes only the batches on target where asked to', async () => {
    const onTarget = await run({ input: { training: { batches: 'on-target' } } });
    const share = { main: 0, soft: 0, hard: 0 } as Record<Role, number>;
    expect(onTarget.batches.length).toBeGreaterThan(0);
    expect(onTarget.batches.length).toBeLessThan(10);
    for (const i of onTarget.batches.flat()) share[onTarget.trained[i]!.role] += 1 / onTarget.batches.flat().length;
    // 0.5, 0.2 and 0.15 renormalised
    expect(Math.abs(share.main - 0.588)).toBeLessThan(0.06);
    expect(Math.abs(share.soft - 0.235)).toBeLessThan(0.06);
    const few = papers.filter(({ role }, i) => role === 'main' || i === 3);
    const impossible = configOf({ training: { batches: 'on-target' } });
    expect(() => batchesOfEpoch(few, impossible, 0)).toThrow(/no batch of 10 pairs can have every role at its share/);
  });

  it('does without a validation side', async () => {
    const training = papers.filter(({ split }) => split === 'train');
    const folder = join(root, 'unvalidated');
    const { bestScore, history } = await run({ papers: training, folder });
    expect(bestScore).toBeNull();
    expect(history.validations).toEqual([]);
    expect(existsSync(join(folder, 'adapter', 'adapter_config.json'))).toBe(true);
  });

  it('refuses to train on nothing, and without an adapter', async () => {
    await expect(run({ papers: papers.slice(0, 1) })).rejects.toThrow(
      /training split has 1 paper: expected at least 2/,
    );
    const bare = await createEncoder(base);
    const options = { config: configOf(), papers, tokens, encoder: bare };
    await expect(trainPapers(options)).rejects.toThrow(UserError);
    await expect(trainPapers({ ...options, folders: into(join(root, 'bare')) })).rejects.toThrow(/no adapter/);
    expect(existsSync(join(root, 'bare'))).toBe(false);
    await bare.dispose();
  });
});
