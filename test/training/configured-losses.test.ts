/** Every loss of `training.loss` in training: on both plans, in micro-batches, stopped and resumed, and learning. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { LOSS_NAMES, type LossName } from '../../lib/config/losses.js';
import { Interrupted } from '../../lib/core/errors.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { configuredLoss } from '../../lib/losses/configured-loss.js';
import type { LossBatch } from '../../lib/losses/loss.js';
import type { Teacher } from '../../lib/losses/teacher.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { referenceMatmul } from '../../lib/retrieval/index/matmul-candidates.js';
import { systemTeacher } from '../../lib/retrieval/teacher.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { trainPapers } from '../../lib/training/train-papers.js';
import { randomAdapter, randomTexts, relativeError, uploadModel } from '../encoder/tiny-models.js';
import { tinyModel } from './tiny-training.js';

const WIDTH = tinyModel.config.hiddenSize;
const COUNT = 12;
const papers: SplitPaper[] = Array.from({ length: COUNT }, (_, i) => ({
  id: `p${i}`,
  title: `title ${i}`,
  abstract: `abstract ${i}`,
  topic: 'gr-qc',
  role: 'main',
  categories: ['gr-qc'],
  published: null,
  split: 'train',
}));
const texts = (seed: number, length: number) =>
  randomTexts(
    seed,
    papers.map((_, i) => length + (i % 3)),
    tinyModel.config.vocabularySize,
  );
const [titles, abstracts] = [texts(1, 2), texts(2, 5)];
const tokens = new Map(papers.map(({ id }, i) => [id, { title: titles[i]!, abstract: abstracts[i]! }]));

/** Vectors that depend on the text alone. */
const embed = async (all: string[]): Promise<Float32Array> =>
  Float32Array.from(
    all.flatMap((text) => Array.from({ length: WIDTH }, (_, k) => Math.sin((1 + Number(/\d+/.exec(text))) * (k + 1)))),
  );

const root = mkdtempSync(join(tmpdir(), 'configured-losses-'));
let engine: Engine;
let base: BaseModel;
let teacher: Teacher;
beforeAll(async () => {
  engine = createOnnxEngine({ threads: 1 });
  base = await uploadModel(tinyModel, engine);
  const model = { name: 'sines', kind: 'custom', dimensions: WIDTH, fingerprint: 'sines', embed } as const;
  const system = {
    name: 'sines',
    kind: 'custom',
    model,
    retrieve: () => Promise.reject(new Error('not asked')),
  } as const;
  const known = { queries: papers.map(({ title }) => title), documents: papers.map(({ abstract }) => abstract) };
  teacher = await systemTeacher(system, known, { matmul: referenceMatmul });
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

const configOf = (loss: LossName, training: NonNullable<ConfigInput['training']> = {}) =>
  resolveConfig({
    input: {
      batches: { pairs: 4, tokenBudget: 24 },
      training: { epochs: 2, validateEvery: null, loss, learningRate: 1e-2, ...training },
    },
  });

const newEncoder = (plan: 'whole-graph' | 'layerwise') => {
  const { config } = randomAdapter(tinyModel.config, 0, { rank: 2, alpha: 4 });
  return createEncoder(base, { plan, adapter: { config, tensors: initializeAdapter(config, tinyModel.config, 42) } });
};

describe.each(LOSS_NAMES)('%s', (name) => {
  it('has the same gradient on both plans, whole or in micro-batches', async () => {
    const pairs = [0, 1, 2, 3, 4];
    const lossBatch: LossBatch = {
      epoch: 0,
      pairs,
      scores: Float32Array.from([0.9, 0.1, 0.5, 0.5, 0.3]),
      teacher: await teacher.batch(
        pairs.map((i) => papers[i]!.title),
        [...pairs, 7, 8].map((i) => papers[i]!.abstract),
      ),
    };
    const loss = await configuredLoss(configOf(name).training).create(engine, WIDTH);
    const results = [];
    for (const plan of ['whole-graph', 'layerwise'] as const) {
      const encoder = await newEncoder(plan);
      for (const tokenBudget of [4096, 16]) {
        results.push(
          await gradCache(
            encoder,
            loss,
            pairs.map((i) => titles[i]!),
            [...pairs, 7, 8].map((i) => abstracts[i]!),
            { tokenBudget, activationBudget: 0, dropout: { probability: 0, seed: 0, labels: [] }, lossBatch },
          ),
        );
      }
      await encoder.dispose();
    }
    await loss.dispose();
    const [first, ...others] = results;
    let moved = 0;
    for (const other of others) {
      expect(other.loss).toBeCloseTo(first!.loss, 4);
      for (const [key, values] of first!.gradients) {
        moved = Math.max(moved, ...values.map(Math.abs));
        // an adapter starts with B = 0, so that the gradient of A is zero
        if (values.every((value) => value === 0)) continue;
        expect(relativeError(other.gradients.get(key)!, values), key).toBeLessThan(1e-3);
      }
    }
    expect(moved).toBeGreaterThan(0);
  });
});

const isScored = (name: LossName): boolean => name === 'cosent' || name === 'angle';
const isTaught = (name: LossName): boolean => name !== 'infonce' && !isScored(name);

/** The same papers as pairs of somebody's own, of which every third is a good one. */
const scoredPapers = papers.map((paper, i): SplitPaper => {
  const score = i % 3 === 0 ? 0.9 : 0.1;
  const ids = { query: `q${i}`, document: `d${i}` };
  return { ...paper, pair: { ...ids, score, relevant: score > 0.5, negatives: [] } };
});

describe.each(LOSS_NAMES)('a training with %s', (name) => {
  const train = async (options: Partial<Parameters<typeof trainPapers>[0]>) => {
    const config = configOf(name, isTaught(name) ? { teacher: 'sines' } : {});
    const encoder = await newEncoder('whole-graph');
    const data = { papers: isScored(name) ? scoredPapers : papers, tokens, ...(isTaught(name) && { teacher }) };
    try {
      return await trainPapers({ config, encoder, ...data, ...options });
    } finally {
      await encoder.dispose();
    }
  };
  const bytes = (folder: string): string => readFileSync(join(folder, 'adapter/adapter_model.safetensors'), 'hex');
  const into = (folder: string) => ({ run: folder, best: join(folder, 'adapter') });

  it('is resumed to the same bytes, and with the same teacher alone', async () => {
    const [whole, stopped] = [join(root, `${name}-whole`), join(root, `${name}-stopped`)];
    await train({ folders: into(whole) });
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step === 3) stop.abort();
    };
    await expect(train({ folders: into(stopped), signal: stop.signal, onStep })).rejects.toThrow(Interrupted);
    if (isTaught(name)) {
      const other = { ...teacher, fingerprint: 'another' };
      await expect(train({ folders: into(stopped), resume: true, teacher: other })).rejects.toThrow(/other settings/);
    }
    await train({ folders: into(stopped), resume: true });
    expect(bytes(stopped)).toBe(bytes(whole));
  });

  it('lowers its loss', async () => {
    const settings = { epochs: 10, learningRate: 3e-2, ...(isTaught(name) && { teacher: 'sines' }) };
    const { history } = await train({ config: configOf(name, settings) });
    const losses = history.steps.map(({ loss }) => loss);
    const mean = (part: number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
    expect(mean(losses.slice(-6))).toBeLessThan(0.95 * mean(losses.slice(0, 6)));
  });
});

describe.each(['cosent', 'angle'] as const)('a training with %s', (name) => {
  it('is refused for data without scores', async () => {
    const encoder = await newEncoder('whole-graph');
    const work = trainPapers({ config: configOf(name), papers, tokens, encoder });
    await expect(work).rejects.toThrow(/learns from the scores of pairs, and the data have none/);
    await encoder.dispose();
  });
});
