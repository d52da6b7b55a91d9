/** A training over ranks is the training of one process: the same losses and parameters, the same bits each time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { Communicator } from '../../lib/distributed/communicator.js';
import { ONE_PROCESS } from '../../lib/distributed/communicator.js';
import type { ParameterMap } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import type { TeacherBatch } from '../../lib/losses/teacher.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import type { Checkpoint } from '../../lib/training/checkpoint.js';
import type { PatientStore } from '../../lib/training/patient-store.js';
import { checkSameTraining, sharedStore } from '../../lib/training/shared-store.js';
import { type TrainingOptions, train } from '../../lib/training/trainer.js';
import { reciprocalRanks } from '../../lib/training/validation.js';
import { onLocalRanks } from '../distributed/local-ranks.js';
import { randomAdapter, uploadModel } from '../encoder/tiny-models.js';
import { bytesOf, tinyBatchesOf, tinyConfig, tinyModel, tinyPairs } from './tiny-training.js';

let engine: Engine;
let base: BaseModel;
beforeAll(async () => {
  engine = createOnnxEngine({ threads: 1 });
  base = await uploadModel(tinyModel, engine);
});
afterAll(() => engine.close());

interface Training extends Partial<Omit<TrainingOptions, 'config' | 'store'>> {
  full?: boolean;
  dropout?: number;
  /** Tokens that the cache of the processor has room for, with products in 8 bits. */
  cached?: number;
  settings?: Parameters<typeof tinyConfig>[0];
  storeOf?: (communicator: Communicator) => PatientStore | undefined;
}

async function run(
  communicator: Communicator,
  { full, dropout = 0, cached, settings = {}, storeOf, ...options }: Training,
) {
  const { config } = randomAdapter(tinyModel.config, 0, { rank: 2, alpha: 4, dropout });
  const start = full ? copyOf(tinyModel.parameters) : initializeAdapter(config, tinyModel.config, 1);
  const whole = await createEncoder(base, full ? { full: start } : { adapter: { config, tensors: start } });
  const encoder = cached === undefined ? whole : withCacheFor(whole, cached);
  try {
    const store = await sharedStore(communicator, storeOf?.(communicator), start);
    return await train({
      encoder,
      pairs: tinyPairs,
      batchesOf: tinyBatchesOf,
      config: tinyConfig({ learningRate: 1e-2, validateEvery: 2, ...settings }),
      validate: () =>
        reciprocalRanks(
          encoder,
          tinyPairs.map(({ query }) => query),
          tinyPairs.map(({ document }) => document),
          { tokenBudget: 64, communicator },
        ),
      communicator,
      ...(store ? { store } : {}),
      ...options,
    });
  } finally {
    await encoder.dispose();
  }
}

/** The encoder as one whose micro-batches are bounded by what a cache has room for: see cached-tokens.ts. */
function withCacheFor(encoder: Encoder, tokens: number): Encoder {
  const engine = new Proxy(base.engine, {
    get(target, property) {
      const value: unknown = property === 'precision' ? 'int8' : Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const config = { ...base.config, intermediateSize: Math.floor(10e6 / (4 * tokens)) };
  return Object.create(encoder, { base: { value: { ...base, engine, config } } }) as Encoder;
}

/** A guide that has scores alone. */
const WITHOUT_VECTORS = resolveConfig({
  input: { training: { gist: { contrastQueries: false, contrastDocuments: false } } },
}).training.gist;

const CASES: [name: string, training: Training][] = [
  ['an adapter', {}],
  ['an adapter with dropout', { dropout: 0.3 }],
  ['dropout in micro-batches as large as a cache', { dropout: 0.3, cached: 12 }],
  [
    'dropped tokens and batches that are averaged',
    {
      settings: { tokenDropout: { title: 0.2, abstract: 0.3 }, accumulationSteps: 2 },
    },
  ],
  ['all weights', { full: true }],
  [
    'hard negatives of each query',
    { negativesOf: (batch) => ({ documents: others(batch), negatives: rowsBehind(batch) }) },
  ],
  [
    'pairs whose documents answer other queries too',
    {
      negativesOf: (batch) => ({
        documents: others(batch),
        alsoRelevant: batch.map((_, q) => (q === 0 ? [1, 3] : [])),
      }),
    },
  ],
  [
    'scores of a teacher',
    { settings: { loss: 'distill-scores', teacher: 'bm25' }, teacherOf: (batch) => teacherOf(batch) },
  ],
  [
    'a guide that masks false negatives, beside hard ones',
    {
      settings: { loss: 'gist', teacher: 'bm25', gist: WITHOUT_VECTORS },
      negativesOf: (batch) => ({ documents: others(batch), negatives: rowsBehind(batch) }),
      teacherOf: (batch) => teacherOf([...batch, ...batch], batch.length),
    },
  ],
];

/** The documents of other pairs, to stand behind those of a batch. */
function others(batch: readonly number[]): Int32Array[] {
  return batch.map((i) => (tinyPairs[(i + 5) % tinyPairs.length] as (typeof tinyPairs)[0]).document);
}

/** The place of one document behind those of the batch, for each query. */
function rowsBehind(batch: readonly number[]): number[][] {
  return batch.map((_, q) => [batch.length + q]);
}

/** Scores that depend on query and document alone. */
async function teacherOf(documents: readonly number[], queries = documents.length): Promise<TeacherBatch> {
  const scores = documents.slice(0, queries).flatMap((q) => documents.map((d) => Math.cos(3 * q + d)));
  return { name: 'bm25', scores: Float32Array.from(scores) };
}

it.each(CASES)('%s: 2 and 4 ranks as one process', async (_, training) => {
  const one = await run(ONE_PROCESS, training);
  expect(one.ranks).toBeNull();
  for (const size of [2, 4]) {
    const results = await onLocalRanks(size, (communicator) => run(communicator, training));
    const again = await onLocalRanks(size, (communicator) => run(communicator, training));
    for (const result of [...results, ...again]) {
      expect(bytesOf(result.best)).toBe(bytesOf((results[0] as typeof one).best));
      expect(result.history.steps.map(({ loss }) => loss)).toEqual(results[0]?.history.steps.map(({ loss }) => loss));
    }
    const [first] = results as [typeof one];
    first.history.steps.forEach(({ loss, gradientNorm }, i) => {
      expect(Math.abs(loss - (one.history.steps[i]?.loss as number))).toBeLessThan(1e-5);
      expect(gradientNorm / (one.history.steps[i]?.gradientNorm as number)).toBeCloseTo(1, 5);
    });
    expect(largestDifference(first.best, one.best)).toBeLessThan(1e-5);
    expect(first.ranks?.ranks).toBe(size);
    expect(first.ranks?.tokenShares.reduce((total, share) => total + share, 0)).toBeCloseTo(1, 12);
  }
});

it('stops all ranks after the same step when one of them is told to, and resumes to the same bits', async () => {
  const whole = await onLocalRanks(2, (communicator) => run(communicator, {}));
  let saved: Checkpoint | undefined;
  const storeOf = ({ rank }: Communicator): PatientStore | undefined =>
    rank > 0 ? undefined : { ...memoryStore((state) => (saved = state)), ...(saved ? { resume: saved } : {}) };
  const stop = new AbortController();
  const steps = [0, 0];
  const stopped = await onLocalRanks(2, async (communicator) => {
    const { rank } = communicator;
    const own = rank === 1 ? { signal: stop.signal } : {};
    const onStep = (): void => {
      steps[rank] = (steps[rank] as number) + 1;
      if (rank === 1 && steps[1] === 2) stop.abort();
    };
    return run(communicator, { storeOf, onStep, ...own }).catch((error: unknown) => error);
  });
  for (const error of stopped) expect(error).toBeInstanceOf(Interrupted);
  expect(steps).toEqual([2, 2]);
  expect(saved?.state.step).toBe(2);
  const stoppedAt = structuredClone(saved);
  const resumed = await onLocalRanks(2, (communicator) => run(communicator, { storeOf }));
  for (const result of resumed) expect(bytesOf(result.best)).toBe(bytesOf((whole[0] as (typeof resumed)[0]).best));
  // as many ranks as one likes resume from there, to other bits
  for (const size of [1, 3]) {
    saved = structuredClone(stoppedAt);
    const [result] = await onLocalRanks(size, (communicator) => run(communicator, { storeOf }));
    const [expected] = whole as [Awaited<ReturnType<typeof run>>];
    expect(largestDifference((result as typeof expected).best, expected.best)).toBeLessThan(1e-5);
  }
});

it('ends on a rank that would train something else', async () => {
  const work = onLocalRanks(2, (communicator) => checkSameTraining(communicator, `data ${communicator.rank}`));
  await expect(work).rejects.toThrow(UserError);
  await expect(work).rejects.toThrow(/^rank 1 would train with other settings/);
});

/** Keeps the last state, and the best parameters, in memory. */
function memoryStore(onSave: (state: Checkpoint) => void): PatientStore {
  const bests = new Map<number, ParameterMap>();
  return {
    configFingerprint: 'f',
    async saveCheckpoint(checkpoint) {
      const state = structuredClone(checkpoint);
      bests.set(state.state.step, state.parameters);
      onSave(state);
    },
    saveBest: async () => undefined,
    loadBest: async ({ step }) => bests.get(step) as ParameterMap,
    unsaved: () => null,
    finish: async () => null,
  };
}

function copyOf(parameters: ParameterMap): ParameterMap {
  return structuredClone(parameters);
}

function largestDifference(a: ParameterMap, b: ParameterMap): number {
  return Math.max(
    ...[...a].map(([name, { data }]) =>
      data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.get(name)?.data[i] as number))), 0),
    ),
  );
}
