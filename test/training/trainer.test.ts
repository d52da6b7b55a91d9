/** The training loop: against PyTorch's steps, and what it promises about seeds, stops, checkpoints and the best adapter. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError, WorkError } from '../../lib/core/errors.js';
import { type ParameterMap, readAdapter, writeAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { encoderFlops } from '../../lib/models/flops.js';
import { type Checkpoint, loadBest, loadCheckpoint, saveCheckpoint } from '../../lib/training/checkpoint.js';
import { type GradCacheResult, gradCache } from '../../lib/training/grad-cache.js';
import { type TrainingOptions, type TrainingPair, type TrainingStore, train } from '../../lib/training/trainer.js';
import {
  ADAPTER_FOLDER,
  fixture,
  fixtureBatch,
  MODEL_FOLDER,
  norm,
  randomAdapter,
  relativeError,
  uploadModel,
} from '../encoder/tiny-models.js';
import { createLoss, expectAfterThreeSteps, expectPyTorchStep } from './fixture-training.js';
import { bytesOf, type TrainingInput, tinyBatchesOf, tinyConfig, tinyModel, tinyPairs } from './tiny-training.js';

let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.close());

describe('train on the fixture', () => {
  it('takes the three clipped AdamW steps that PyTorch takes', async () => {
    const base = await loadBaseModel(MODEL_FOLDER, engine);
    const encoder = await createEncoder(base, { adapter: await readAdapter(ADAPTER_FOLDER, base.config) });
    const pairs: TrainingPair[] = [0, 1, 2].flatMap((step) => {
      const { titles, abstracts } = fixtureBatch(step);
      return titles.map((query, i) => ({ query, document: abstracts[i] as Int32Array }));
    });
    const { lr, weight_decay: weightDecay, trajectory } = fixture.optimizer;
    // a schedule of ten steps with a warm-up of two, left after the third
    const stop = new AbortController();
    let left: Checkpoint | undefined;
    const batch = (step: number): number[] => Array.from({ length: 6 }, (_, i) => (step % 3) * 6 + i);
    const training = train({
      encoder,
      pairs,
      batchesOf: () => Array.from({ length: 10 }, (_, step) => batch(step)),
      config: tinyConfig({
        learningRate: lr,
        weightDecay,
        warmupShare: 0.2,
        schedule: 'linear',
        maxGradientNorm: 1,
        temperature: fixture.temperature,
        symmetric: false,
      }),
      signal: stop.signal,
      onStep: ({ step }) => step === 3 && stop.abort(),
      store: {
        configFingerprint: '',
        saveCheckpoint: async (checkpoint) => {
          left = checkpoint;
        },
        saveBest: async () => undefined,
        loadBest: async () => new Map(),
      },
    });
    await expect(training).rejects.toThrow(Interrupted);
    const { state, parameters, optimizer } = left as unknown as Checkpoint;
    expect(state.step).toBe(3);
    expect(optimizer.step).toBe(3);
    state.history.steps.forEach((step, i) => {
      expectPyTorchStep(i, step, 1e-4);
      expect(step.learningRate).toBeCloseTo(trajectory[i]!.lr, 12);
    });
    await expectAfterThreeSteps(parameters);
    await encoder.dispose();
    base.dispose();
  });
});

describe('train', () => {
  const model = tinyModel;
  const pairs = tinyPairs;
  const batchesOf = tinyBatchesOf;
  const bytes = bytesOf;

  const folder = mkdtempSync(join(tmpdir(), 'trainer-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let base: BaseModel;
  let before: number;
  beforeAll(async () => {
    base = await uploadModel(model, engine);
  });
  beforeEach(() => {
    before = engine.residentBytes();
  });
  afterEach(() => {
    // no tensor stays with the engine, however the training ended
    expect(engine.residentBytes()).toBe(before);
  });

  interface Run extends Partial<Omit<TrainingOptions, 'config'>> {
    training?: TrainingInput;
    seed?: number;
    dropout?: number;
    plan?: 'whole-graph' | 'layerwise';
  }

  /** Trains from the adapter that the seed gives. */
  async function run({ training = {}, seed = 1, dropout = 0, plan, ...options }: Run = {}) {
    const { config } = randomAdapter(model.config, 0, { rank: 2, alpha: 4, dropout });
    const tensors = initializeAdapter(config, model.config, seed);
    const encoder = await createEncoder(base, { adapter: { config, tensors }, plan });
    try {
      const result = await train({ encoder, pairs, batchesOf, config: tinyConfig(training, seed), ...options });
      return { ...result, encoderAdapter: encoder.adapter?.tensors, initial: tensors };
    } finally {
      await encoder.dispose();
    }
  }

  /** A store in a folder of its own; what it has saved is read again for the next sitting. */
  function diskStore(name: string): { store: TrainingStore; reopen(): Promise<TrainingStore>; bestBytes(): Buffer } {
    const path = join(folder, name);
    const { config } = randomAdapter(model.config, 0, { rank: 2, alpha: 4 });
    const readBest = async () => (await readAdapter(join(path, 'adapter'), model.config)).tensors;
    const store: TrainingStore = {
      configFingerprint: 'f',
      saveCheckpoint: (checkpoint) => saveCheckpoint(path, checkpoint),
      saveBest: (tensors) => writeAdapter(join(path, 'adapter'), { config, tensors, baseModel: 'tiny' }),
      loadBest: (best) => loadBest(path, best, { parameters: initializeAdapter(config, model.config, 99), readBest }),
    };
    return {
      store,
      async reopen() {
        const parameters = initializeAdapter(config, model.config, 99);
        return { ...store, resume: await loadCheckpoint(path, { configFingerprint: 'f', parameters, readBest }) };
      },
      bestBytes: () => readFileSync(join(path, 'adapter', 'adapter_model.safetensors')),
    };
  }

  it('lowers the loss', async () => {
    const { history } = await run({ training: { epochs: 10, learningRate: 1e-2 } });
    const mean = (steps: typeof history.steps) => steps.reduce((sum, { loss }) => sum + loss, 0) / steps.length;
    expect(history.steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(mean(history.steps.slice(-4))).toBeLessThan(0.7 * mean(history.steps.slice(0, 4)));
    expect(history.steps.every(({ tokensPerSecond }) => tokensPerSecond > 0)).toBe(true);
  });

  it('tells where the time of its steps went', async () => {
    const { profile, history } = await run({ training: { epochs: 2 } });
    expect(profile.steps).toBe(history.steps.length);
    // every pair once an epoch
    const lengths = pairs.flatMap(({ query, document }) => [query.length, document.length]);
    expect(profile.tokens).toBe(2 * lengths.reduce((sum, length) => sum + length, 0));
    const adapter = randomAdapter(model.config, 0, { rank: 2, alpha: 4 }).config;
    const { forward, backward } = encoderFlops(model.config, lengths, adapter);
    expect(profile.gigaflopsPerStep * profile.steps).toBeCloseTo((2 * (forward + backward)) / 1e9, 9);
    const seconds = Object.fromEntries(profile.parts.map((part) => [part.name, part.seconds]));
    for (const part of ['first pass', 'loss', 'second pass', 'optimizer']) expect(seconds[part]).toBeGreaterThan(0);
    expect(seconds.validation).toBe(0);
  });

  it('tells the latest validation with each step, that of the step itself too', async () => {
    const told: string[] = [];
    let validations = 0;
    await run({
      training: { epochs: 2, validateEvery: 3 },
      validate: async () => Float64Array.of(++validations / 10),
      onProgress: ({ task, done, note }) => {
        if (task === 'training') told.push(`${done}: ${note?.replace(/^loss [\d.]+(, )?/, '')}`);
      },
    });
    const score = (mrr: string): string => `validation MRR@10 ${mrr}`;
    expect(told).toEqual([
      // the first is of the untuned encoder
      ...[`1: ${score('.100')}`, `2: ${score('.100')}`],
      ...[`3: ${score('.200')}`, `4: ${score('.200')}`, `5: ${score('.200')}`],
      ...[`6: ${score('.300')}`, `7: ${score('.300')}`, `8: ${score('.400')}`],
    ]);
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const options = { dropout: 0.2, training: { epochs: 2 } };
    const first = await run({ ...options, seed: 1 });
    const again = await run({ ...options, seed: 1 });
    expect(bytes(again.best)).toBe(bytes(first.best));
    expect(again.history.steps.map(({ loss }) => loss)).toEqual(first.history.steps.map(({ loss }) => loss));
    const other = await run({ ...options, seed: 2 });
    expect(bytes(other.best)).not.toBe(bytes(first.best));
  });

  it('trains a copy: the adapter it began with stays as it was', async () => {
    const { initial, best, encoderAdapter } = await run();
    const { config } = randomAdapter(model.config, 0, { rank: 2, alpha: 4 });
    expect(bytes(initial)).toBe(bytes(initializeAdapter(config, model.config, 1)));
    expect(bytes(best)).not.toBe(bytes(initial));
    expect(encoderAdapter).toBe(best);
  });

  describe('stopped and resumed', () => {
    const training = { epochs: 3, validateEvery: 4 };
    const scores = new Map([
      [0, 0.1],
      [4, 0.3],
      [8, 0.7],
      [12, 0.5],
    ]);
    /** A validation whose score is that of the step under way, and which can be stopped. */
    function scripted(signal?: AbortSignal) {
      let step = 0;
      return {
        onStep: (record: { step: number }): void => {
          step = record.step;
        },
        validate: async () => {
          if (signal?.aborted) throw new Interrupted('stopped');
          return Float64Array.of(scores.get(step)!);
        },
      };
    }
    let whole: Awaited<ReturnType<typeof run>>;
    let wholeBest: Buffer;
    beforeAll(async () => {
      const { store, bestBytes } = diskStore('whole');
      whole = await run({ training, dropout: 0.1, store, ...scripted() });
      wholeBest = bestBytes();
    });

    it('keeps the adapter of the best validation, not the last', async () => {
      expect(whole.bestScore).toBe(0.7);
      expect(whole.history.validations).toEqual([...scores].map(([step, mrr]) => ({ step, mrr })));
      expect(bytes(whole.encoderAdapter as ParameterMap)).toBe(bytes(whole.best));
      // a constant rate knows nothing of the length of the run: its step 8 is the step 8 of the longer one
      const constant: TrainingInput = { ...training, schedule: 'constant', warmupShare: 0 };
      const long = await run({ training: constant, dropout: 0.1, ...scripted() });
      const short = await run({ training: { ...constant, maxSteps: 8 }, dropout: 0.1, ...scripted() });
      expect(long.history.steps.length).toBe(12);
      expect(bytes(long.best)).toBe(bytes(short.best));
    });

    it('goes on to the same bytes after any step', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 3 }),
          async (unsorted) => {
            const stops = unsorted.sort((a, b) => a - b);
            const { store, reopen, bestBytes } = diskStore(`stopped-${stops.join('-')}`);
            let sitting = store;
            for (const at of stops) {
              const stop = new AbortController();
              if (at === 0) stop.abort();
              const script = scripted();
              const onStep = (record: { step: number }): void => {
                script.onStep(record);
                if (record.step === at) stop.abort();
              };
              const work = run({ training, dropout: 0.1, store: sitting, ...script, onStep, signal: stop.signal });
              await expect(work).rejects.toThrow(new RegExp(`after step ${at} of 12.*--resume`));
              sitting = await reopen();
              expect(sitting.resume?.state.step).toBe(at);
            }
            const resumed = await run({ training, dropout: 0.1, store: sitting, ...scripted() });
            expect(bytes(resumed.best)).toBe(bytes(whole.best));
            expect(bestBytes().equals(wholeBest)).toBe(true);
            expect(resumed.bestScore).toBe(whole.bestScore);
            expect(resumed.history.validations).toEqual(whole.history.validations);
            expect(resumed.history.steps.map(({ loss }) => loss)).toEqual(whole.history.steps.map(({ loss }) => loss));
          },
        ),
        { numRuns: 4, seed: 2, examples: [[[0]], [[8]], [[9]]] },
      );
    });

    it('makes up for a validation that the stop fell into', async () => {
      for (const at of [8, 12]) {
        const { store, reopen, bestBytes } = diskStore(`validation-${at}`);
        const stop = new AbortController();
        const script = scripted(stop.signal);
        const onStep = (record: { step: number }): void => {
          script.onStep(record);
          if (record.step === at) stop.abort();
        };
        const work = run({ training, dropout: 0.1, store, ...script, onStep, signal: stop.signal });
        await expect(work).rejects.toThrow(`stopped after step ${at} of 12`);
        // in a new sitting no step comes first that would tell the script where it is
        const second = scripted();
        second.onStep({ step: at });
        const resumed = await run({ training, dropout: 0.1, store: await reopen(), ...second });
        expect(resumed.history.validations).toEqual(whole.history.validations);
        expect(bytes(resumed.best)).toBe(bytes(whole.best));
        expect(bestBytes().equals(wholeBest)).toBe(true);
      }
    });

    it('goes on from the last checkpoint after a kill', async () => {
      // the process ends where the score is asked for at step 12: what is on disk is the state after step 12, unvalidated
      const { store, reopen } = diskStore('killed');
      const script = scripted();
      const validate = async (): Promise<Float64Array> => {
        const score = await script.validate();
        if (score[0] === 0.5) throw new Error('killed');
        return score;
      };
      await expect(run({ training, dropout: 0.1, store, ...script, validate })).rejects.toThrow('killed');
      const second = scripted();
      second.onStep({ step: 12 });
      const resumed = await run({ training, dropout: 0.1, store: await reopen(), ...second });
      expect(bytes(resumed.best)).toBe(bytes(whole.best));
      expect(resumed.history.validations).toEqual(whole.history.validations);
    });

    it('does nothing more when the run was complete', async () => {
      const { store, reopen, bestBytes } = diskStore('complete');
      await run({ training, dropout: 0.1, store, ...scripted() });
      const again = await run({
        training,
        dropout: 0.1,
        store: await reopen(),
        onStep: () => expect.fail('there is no step left'),
        validate: () => expect.fail('the last step was validated'),
      });
      expect(bytes(again.best)).toBe(bytes(whole.best));
      expect(bytes(again.encoderAdapter as ParameterMap)).toBe(bytes(whole.best));
      expect(bestBytes().equals(wholeBest)).toBe(true);
    });
  });

  it('keeps the last adapter where nothing is validated, and writes it at the end', async () => {
    const { store, reopen, bestBytes } = diskStore('unvalidated');
    const whole = await run({ store });
    expect(whole.bestScore).toBeNull();
    const saved = bestBytes();
    expect(bytes((await readAdapter(join(folder, 'unvalidated', 'adapter'), model.config)).tensors)).toBe(
      bytes(whole.best),
    );
    const again = await run({ store: await reopen() });
    expect(bytes(again.best)).toBe(bytes(whole.best));
    expect(bestBytes().equals(saved)).toBe(true);
  });

  it('says that nothing is kept where it is stopped without a store', async () => {
    await expect(run({ signal: AbortSignal.abort() })).rejects.toThrow(/stopped after step 0 of 4; nothing is kept/);
  });

  it('averages the gradients of the batches of a step', async () => {
    const training = { accumulationSteps: 2, maxSteps: 1, warmupShare: 0, maxGradientNorm: 1e9 };
    const { config } = randomAdapter(model.config, 0, { rank: 2, alpha: 4 });
    const encoder = await createEncoder(base, {
      adapter: { config, tensors: randomAdapter(model.config, 3, { rank: 2 }).tensors },
    });
    const loss = await createLoss(engine, 8, { symmetric: true });
    const results: GradCacheResult[] = [];
    for (const batch of batchesOf(0).slice(0, 2)) {
      const options = { tokenBudget: 64, activationBudget: 0, dropout: { probability: 0, seed: 0, labels: [] } };
      const members = batch.map((i) => pairs[i] as TrainingPair);
      results.push(
        await gradCache(
          encoder,
          loss,
          members.map((p) => p.query),
          members.map((p) => p.document),
          options,
        ),
      );
    }
    const means = new Map(
      [...results[0]!.gradients].map(([name, a]) => [
        name,
        a.map((v, i) => (v + results[1]!.gradients.get(name)![i]!) / 2),
      ]),
    );
    let left: Checkpoint | undefined;
    const store: TrainingStore = {
      configFingerprint: '',
      saveCheckpoint: async (checkpoint) => {
        left = checkpoint;
      },
      saveBest: async () => undefined,
      loadBest: async () => new Map(),
    };
    const { history } = await train({ encoder, pairs, batchesOf, config: tinyConfig(training), store });
    expect(history.steps[0]!.loss).toBeCloseTo((results[0]!.loss + results[1]!.loss) / 2, 5);
    expect(history.steps[0]!.gradientNorm).toBeCloseTo(Math.hypot(...[...means.values()].map(norm)), 3);
    // after one step the first moment is (1 - beta1) times the gradient
    for (const [name, mean] of means) {
      const moment = (left as unknown as Checkpoint).optimizer.firstMoments.get(name)!;
      expect(
        relativeError(
          moment,
          mean.map((value) => 0.1 * value),
        ),
      ).toBeLessThan(1e-5);
    }
    await loss.dispose();
    await encoder.dispose();
  });

  it('takes as many steps as epochs, batches and maxSteps give', async () => {
    const plan = async (training: TrainingInput) => {
      const asked: number[] = [];
      const watched = (epoch: number): number[][] => {
        asked.push(epoch);
        return batchesOf(epoch);
      };
      const { history, totalSteps, batches } = await run({ training, batchesOf: watched });
      expect(history.steps.length).toBe(totalSteps);
      return { steps: totalSteps, batches, asked };
    };
    const [first, second] = [batchesOf(0), batchesOf(1)];
    expect(await plan({})).toEqual({ steps: 4, batches: first, asked: [0] });
    expect(await plan({ epochs: 1.5 })).toEqual({
      steps: 6,
      batches: [...first, ...second.slice(0, 2)],
      asked: [0, 1],
    });
    expect(await plan({ epochs: 0.5 })).toMatchObject({ steps: 2, batches: first.slice(0, 2) });
    expect(await plan({ epochs: 5, maxSteps: 3 })).toEqual({ steps: 3, batches: first.slice(0, 3), asked: [0] });
    // an odd batch out is a step of its own; the next epoch begins with its first batch
    const three = await plan({ epochs: 2, accumulationSteps: 3, maxSteps: 3 });
    expect(three).toMatchObject({ steps: 3, batches: [...first, ...second.slice(0, 3)] });
  });

  it('refuses to train nothing', async () => {
    await expect(run({ batchesOf: () => [] })).rejects.toThrow(UserError);
    await expect(run({ batchesOf: () => [] })).rejects.toThrow(
      /nothing to train on: 12 pairs and 1 epoch give no step/,
    );
    await expect(run({ training: { epochs: 0.01 } })).rejects.toThrow(/nothing to train on/);
    const bare = await createEncoder(base);
    await expect(train({ encoder: bare, pairs, batchesOf, config: tinyConfig({}) })).rejects.toThrow(/no adapter/);
    await bare.dispose();
  });

  it('ends with an error that names the cause when it diverges, and keeps the best so far', async () => {
    const saved: string[] = [];
    const store: TrainingStore = {
      configFingerprint: '',
      saveCheckpoint: async () => undefined,
      saveBest: async (tensors) => void saved.push(bytes(tensors)),
      loadBest: async () => new Map(),
    };
    const training = {
      epochs: 4,
      learningRate: 1,
      weightDecay: 0,
      warmupShare: 0,
      maxGradientNorm: 1e30,
      validateEvery: 1,
    };
    const { config } = randomAdapter(model.config, 0, { rank: 2, alpha: 1e38 });
    const encoder = await createEncoder(base, {
      adapter: { config, tensors: initializeAdapter(config, model.config, 1) },
    });
    const work = train({
      encoder,
      pairs,
      batchesOf,
      config: tinyConfig(training),
      store,
      validate: async () => Float64Array.of(0.5),
    });
    await expect(work).rejects.toThrow(WorkError);
    await expect(work).rejects.toThrow(/training diverged; lower training\.learningRate/);
    expect(saved.length).toBeLessThanOrEqual(1);
    await encoder.dispose();
  });

  it.each(['whole-graph', 'layerwise'] as const)('does not grow over 1,000 steps, with the %s plan', async (plan) => {
    const resident = new Set<number>();
    const heap: number[] = [];
    const { history } = await run({
      plan,
      training: { epochs: 250 },
      onStep: ({ step }) => {
        resident.add(engine.residentBytes());
        if (step % 250 === 0) heap.push(process.memoryUsage().rss);
      },
    });
    expect(history.steps.length).toBe(1000);
    expect(resident.size).toBe(1);
    expect((heap.at(-1) as number) - (heap[1] as number)).toBeLessThan(60e6);
  });
});
