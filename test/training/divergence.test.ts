/** Numbers that are not finite, a loss at chance level, validations that stop improving, and how often a state is saved. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ParameterMap } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { infoNceLoss } from '../../lib/losses/info-nce.js';
import type { LossFactory, LossResult } from '../../lib/losses/loss.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { loadBest, loadCheckpoint, saveCheckpoint } from '../../lib/training/checkpoint.js';
import { CheckpointSchedule } from '../../lib/training/checkpoint-schedule.js';
import { allFinite, ChanceWatch, DivergedError, skippedInARow } from '../../lib/training/divergence.js';
import { isPatienceOver } from '../../lib/training/early-stopping.js';
import { type TrainingOptions, type TrainingStore, train } from '../../lib/training/trainer.js';
import type { Divergence } from '../../lib/training/training-options.js';
import { randomAdapter, uploadModel } from '../encoder/tiny-models.js';
import { bytesOf, type TrainingInput, tinyBatchesOf, tinyConfig, tinyModel, tinyPairs } from './tiny-training.js';

const root = mkdtempSync(join(tmpdir(), 'divergence-'));
let engine: Engine;
let base: BaseModel;
let before: number;
beforeAll(async () => {
  engine = createOnnxEngine({ threads: 1 });
  base = await uploadModel(tinyModel, engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  before = engine.residentBytes();
});
afterEach(() => {
  expect(engine.residentBytes()).toBe(before);
});

const { config: adapter } = randomAdapter(tinyModel.config, 0, { rank: 2, alpha: 4 });

async function run(training: TrainingInput, options: Partial<TrainingOptions> = {}) {
  const tensors = initializeAdapter(adapter, tinyModel.config, 1);
  const encoder = await createEncoder(base, { adapter: { config: adapter, tensors } });
  const messages: string[] = [];
  try {
    const work = train({
      encoder,
      pairs: tinyPairs,
      batchesOf: tinyBatchesOf,
      config: tinyConfig({ epochs: 3, schedule: 'constant', warmupShare: 0, ...training }, 1),
      onMessage: ({ text }) => void messages.push(text),
      ...options,
    });
    return { ...(await work), messages };
  } finally {
    await encoder.dispose();
  }
}

/** InfoNCE that is spoiled at some of its calls, counted from 1 over the whole training. */
function spoiledLoss(spoil: (call: number, result: LossResult) => void, calls = { count: 0 }): LossFactory {
  const inner = infoNceLoss(tinyConfig({}).training);
  return {
    ...inner,
    async create(at, dimensions) {
      const loss = await inner.create(at, dimensions);
      return {
        ...loss,
        async compute(...inputs) {
          const result = await loss.compute(...inputs);
          spoil(++calls.count, result);
          return result;
        },
      };
    },
  };
}

const nanAt = (...at: number[]): LossFactory =>
  spoiledLoss((call, result) => {
    if (at.includes(call)) result.loss = Number.NaN;
  });

function diskStore(name: string): {
  store: TrainingStore;
  divergences: Divergence[];
  reopen(): Promise<TrainingStore>;
} {
  const path = join(root, name);
  const parameters = initializeAdapter(adapter, tinyModel.config, 9);
  let best: ParameterMap | undefined;
  const readBest = async () => best ?? Promise.reject(new Error('nothing is saved'));
  const expected = { configFingerprint: 'f', parameters, readBest };
  const divergences: Divergence[] = [];
  const store: TrainingStore = {
    configFingerprint: 'f',
    saveCheckpoint: (checkpoint) => saveCheckpoint(path, checkpoint),
    saveBest: async (tensors) => {
      best = tensors;
    },
    loadBest: (validation) => loadBest(path, validation, expected),
    saveDivergence: async (divergence) => void divergences.push(divergence),
  };
  return { store, divergences, reopen: async () => ({ ...store, resume: await loadCheckpoint(path, expected) }) };
}

describe('a step whose numbers are not finite', () => {
  it('is skipped, counted and told; the parameters stay', async () => {
    const two = await run({ maxSteps: 2 });
    const three = await run({ maxSteps: 3 }, { loss: nanAt(3) });
    expect(bytesOf(three.best)).toBe(bytesOf(two.best));
    expect(three.skipped).toEqual([{ step: 3, reason: 'the loss is NaN' }]);
    expect(three.totalSteps).toBe(3);
    expect(three.history.steps.map(({ step }) => step)).toEqual([1, 2]);
    expect(three.messages).toEqual(['step 3 is skipped: the loss is NaN']);
  });

  it('is one with a gradient that is not, too', async () => {
    const loss = spoiledLoss((call, { queryGradient }) => {
      if (call === 2) queryGradient[0] = Number.POSITIVE_INFINITY;
    });
    const { skipped, history } = await run({ maxSteps: 4 }, { loss });
    expect(skipped.map(({ step }) => step)).toEqual([2]);
    expect(skipped[0]!.reason).toMatch(/the gradient of layers\.0.* holds (NaN|Infinity|-Infinity)/);
    expect(history.steps.map(({ step }) => step)).toEqual([1, 3, 4]);
  });

  it('ends the training after several in a row, with the batch on record and the last good state kept', async () => {
    const { store, divergences, reopen } = diskStore('diverged');
    const checkpoints = { keep: 2, everyMinutes: 1, everySteps: 1 };
    const bad = { loss: nanAt(2, 6, 7, 8), store };
    const work = run({ maxSkippedSteps: 3, checkpoints }, bad);
    await expect(work).rejects.toThrow(DivergedError);
    await expect(work).rejects.toThrow(/the loss is NaN at step 8, the last of 3 in a row: training diverged; lower/);
    expect(divergences).toHaveLength(1);
    const { step, epoch, batches, skipped } = divergences[0]!;
    expect({ step, epoch, batches }).toEqual({ step: 8, epoch: 1, batches: [tinyBatchesOf(1)[3]] });
    expect(skipped.map((one) => one.step)).toEqual([2, 6, 7, 8]);
    const { resume } = await reopen();
    expect(resume!.state.step).toBeLessThan(8);
    for (const { data } of resume!.parameters.values()) expect(allFinite(data)).toBe(true);
  });

  it('is remembered by a resumed training', async () => {
    const calls = { count: 0 };
    const third = spoiledLoss((call, result) => {
      if (call === 3) result.loss = Number.NaN;
    }, calls);
    const whole = await run({ maxSteps: 6 }, { loss: nanAt(3) });
    const { store, reopen } = diskStore('resumed');
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step === 4) stop.abort();
    };
    await expect(run({ maxSteps: 6 }, { loss: third, store, signal: stop.signal, onStep })).rejects.toThrow(
      /step 4 of 6/,
    );
    const resumed = await run({ maxSteps: 6 }, { loss: third, store: await reopen() });
    expect(resumed.skipped).toEqual(whole.skipped);
    expect(bytesOf(resumed.best)).toBe(bytesOf(whole.best));
  });

  it('counts a row only without a gap', () => {
    const skipped = [2, 3, 5, 6].map((step) => ({ step, reason: '' }));
    expect(skippedInARow(skipped, 6)).toBe(2);
    expect(skippedInARow(skipped, 7)).toBe(0);
    expect(skippedInARow([], 1)).toBe(0);
    expect([allFinite(Float32Array.of(1, -3e38)), allFinite(Float32Array.of(1, Infinity, -Infinity))]).toEqual([
      true,
      false,
    ]);
  });
});

describe('a loss at chance level', () => {
  it('is said once, after a while, and only where the loss knows its chance', () => {
    const watch = new ChanceWatch();
    const chance = Math.log(64);
    const told = Array.from({ length: 60 }, (_, i) => watch.add(i + 1, chance * (i === 5 ? 0.9 : 1.001), chance));
    expect(told.map((text, i) => (text ? i + 1 : 0)).filter(Boolean)).toEqual([26]);
    expect(told[25]).toMatch(
      /at chance level for 20 steps \(4\.163 at step 26, 4\.159 by chance\): nothing is being learned/,
    );
    const other = new ChanceWatch();
    for (let step = 1; step < 100; step++) expect(other.add(step, 5, undefined)).toBeUndefined();
  });

  it('is ln of the documents for InfoNCE', async () => {
    const loss = await infoNceLoss({ temperature: 0.05, symmetric: false, falseNegativeMargin: null }).create(
      engine,
      2,
    );
    const same = (count: number): Float32Array => new Float32Array(2 * count).fill(1);
    const result = await loss.compute(same(3), same(5));
    expect(result.loss).toBeCloseTo(result.chance!, 5);
    expect(result.chance).toBeCloseTo(Math.log(5), 12);
    await loss.dispose();
  });
});

describe('patience', () => {
  const scored = (scores: number[]) => {
    let step = 0;
    return {
      onStep: (record: { step: number }): void => {
        step = record.step;
      },
      validate: async () => Float64Array.of(step === 0 ? 0.1 : scores[step - 1]!),
    };
  };

  it('ends training when validations have stopped improving, with the best kept; resuming adds nothing', async () => {
    const training = { validateEvery: 1, patience: 2 };
    const scores = [0.3, 0.7, 0.5, 0.7, 0.9, 0.9];
    const { store, reopen } = diskStore('patience');
    const early = await run(training, { ...scored(scores), store });
    expect(early).toMatchObject({ totalSteps: 4, stoppedEarly: true, bestScore: 0.7 });
    expect(early.batches).toHaveLength(4);
    const two = await run({ maxSteps: 2 });
    expect(bytesOf(early.best)).toBe(bytesOf(two.best));
    const again = await reopen();
    expect(again.resume!.state).toMatchObject({ step: 4, totalSteps: 4 });
    const resumed = await run(training, {
      store: again,
      onStep: () => expect.fail('it was over'),
      validate: async () => Float64Array.of(1),
    });
    expect(bytesOf(resumed.best)).toBe(bytesOf(two.best));
    expect(resumed).toMatchObject({ totalSteps: 4, stoppedEarly: true });
  });

  it('counts from the best, and is endless by default', () => {
    const points = (...scores: number[]) => scores.map((mrr, i) => ({ step: i, mrr }));
    expect(isPatienceOver(points(0.1, 0.2, 0.3), 1)).toBe(false);
    expect(isPatienceOver(points(0.3, 0.2), 1)).toBe(true);
    expect(isPatienceOver(points(0.3, 0.2, 0.4), 2)).toBe(false);
    expect(isPatienceOver(points(0.3, 0.3, 0.3), 2)).toBe(true);
    expect(isPatienceOver([], 1)).toBe(false);
    expect(isPatienceOver(points(0.3, 0.2, 0.1, 0), null)).toBe(false);
  });
});

describe('CheckpointSchedule', () => {
  it('saves after so many minutes or steps', () => {
    let now = 0;
    const schedule = new CheckpointSchedule({ everyMinutes: 2, everySteps: 10 }, 5, () => now);
    expect([schedule.isDue(6), schedule.isDue(14), schedule.isDue(15)]).toEqual([false, false, true]);
    now = 120_000;
    expect(schedule.isDue(6)).toBe(true);
  });

  it('never stalls training by more than a twentieth, however slow the disk', () => {
    for (const cost of [10, 1000, 60_000]) {
      let now = 0;
      let saving = 0;
      const schedule = new CheckpointSchedule({ everyMinutes: 0.01, everySteps: 1 }, 0, () => now);
      for (let step = 1; step <= 20_000; step++) {
        now += 500;
        if (!schedule.isDue(step)) continue;
        now += cost;
        saving += cost;
        schedule.saved(step, cost);
      }
      expect(saving).toBeGreaterThan(0);
      // the first save comes before its cost is known
      expect((saving - cost) / now).toBeLessThan(0.0501);
    }
  });
});
