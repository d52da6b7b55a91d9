import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { Interrupted } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { lockRunFolder } from '../../lib/pipeline/run-lock.js';
import { openSession } from '../../lib/pipeline/session.js';
import type { TrainingHistory, TrainingStep } from '../../lib/training/trainer.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-stepwise-'));
const steps = openSession({ runs: join(scratch, 'runs') });
afterAll(async () => {
  await steps.close();
  rmSync(scratch, { recursive: true, force: true });
});

function configOf(changes: ConfigInput = {}) {
  const { training, evaluation, ...others } = changes;
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 25 },
      tokens: { maxAbstractTokens: 48 },
      batches: { pairs: 16 },
      training: { maxSteps: 4, validateEvery: 2, ...training },
      evaluation: { queries: 'main', systems: ['untuned', 'tuned', 'bm25'], bootstrapSamples: 100, ...evaluation },
      ...others,
    },
  });
}

describe('steps', () => {
  it('give the same object until a setting that they depend on changes', async () => {
    const config = configOf();
    const other = configOf({ training: { learningRate: 1e-4 } });
    expect(await steps.dataset(other)).toBe(await steps.dataset(config));
    expect(await steps.tokens(other)).toBe(await steps.tokens(config));
    expect(await steps.model(other)).toBe(await steps.model(config));
    expect(await steps.encoder(other)).toBe(await steps.encoder(config));
    const encoder = await steps.encoder(config);
    expect(await steps.encoder(configOf({ encoder: { lora: { rank: 4 } } }))).not.toBe(encoder);
    const tokens = await steps.tokens(config);
    const shorter = await steps.tokens(configOf({ tokens: { maxAbstractTokens: 32 } }));
    expect(shorter).not.toBe(tokens);
    const { papers } = await steps.dataset(config);
    for (const { id } of papers) expect(shorter.tokens.get(id)!.abstract.length).toBeLessThanOrEqual(32);
  });

  it('train into a folder of their own for every setting of the training, and not of the evaluation', async () => {
    const folder = await steps.runFolder(configOf());
    const same = await steps.runFolder(configOf({ evaluation: { systems: ['bm25'], metrics: ['mrr@5'] }, threads: 1 }));
    expect(same).toBe(folder);
    for (const change of [
      { seed: 3 },
      { training: { epochs: 2 } },
      { batches: { pairs: 8 } },
      { evaluation: { queries: 'all' } },
    ] as const) {
      expect(await steps.runFolder(configOf(change)), JSON.stringify(change)).not.toBe(folder);
    }
  });
});

describe('training step by step', () => {
  it('stops, goes on with the next step, and is found again when it has ended', async () => {
    const config = configOf();
    const controller = new AbortController();
    const seen: number[] = [];
    const onStep = ({ step }: TrainingStep): void => {
      seen.push(step);
      if (step === 3) controller.abort();
    };
    await expect(steps.train(config, { signal: controller.signal, onStep })).rejects.toThrow(Interrupted);
    const starts: { totalSteps: number; history: TrainingHistory }[] = [];
    const onStart = (start: (typeof starts)[number]): void => {
      starts.push(structuredClone(start));
    };
    const run = await steps.train(config, { onStart, onStep: ({ step }) => seen.push(step) });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(starts[0]?.totalSteps).toBe(4);
    expect(starts[0]?.history.steps.map(({ step }) => step)).toEqual([1, 2, 3]);
    const events = join(run.folder, 'tensorboard');
    const changed = statSync(events).mtimeMs;
    const again = await steps.train(config, { onStep: ({ step }) => seen.push(step) });
    expect(seen).toHaveLength(4);
    expect(again.history).toEqual(run.history);
    expect(again.bestScore).toBe(run.bestScore);
    // a training that had ended writes no more events
    expect(statSync(events).mtimeMs).toBe(changed);
  });

  it('refuses a folder that is in training elsewhere', async () => {
    const config = configOf({ seed: 99 });
    const folder = await steps.runFolder(config);
    const release = await lockRunFolder(folder);
    await expect(steps.train(config)).rejects.toThrow(/is in use by another process \(\d+/);
    await release();
  });
});

describe('evaluating step by step', () => {
  it('encodes once, whatever is asked of the result', async () => {
    const config = configOf();
    const { folder: run } = await steps.train(config);
    const first = await steps.evaluate(config, { run });
    expect(first.run).toMatchObject({ state: 'finished', step: 4, totalSteps: 4 });
    expect(first.systems.map(({ name }) => name)).toEqual(['untuned', 'tuned', 'bm25']);
    expect(first.training?.steps).toHaveLength(4);
    const tasks: ProgressEvent[] = [];
    const options = { run, onProgress: (event: ProgressEvent) => void tasks.push(event) };
    const evaluation = { systems: ['tuned', 'bm25'], metrics: ['recall@5'], queries: 'all' as const };
    const second = await steps.evaluate(configOf({ evaluation: { ...config.evaluation, ...evaluation } }), options);
    expect(Object.keys(second.systems[0]!.metrics)).toEqual(['recall@5']);
    expect(second.corpus.queries).toBeGreaterThan(first.corpus.queries);
    expect(tasks.filter(({ task }) => /training|tokenizing|documents/.test(task))).toEqual([]);
    tasks.length = 0;
    await steps.evaluate(
      configOf({ evaluation: { ...config.evaluation, ...evaluation, metrics: ['mrr@3'] } }),
      options,
    );
    expect(tasks.filter(({ task }) => /encoding/.test(task))).toEqual([]);
  });

  it('searches, and compares titles with abstracts', async () => {
    const config = configOf();
    const { papers } = await steps.dataset(config);
    const test = papers.filter(({ split }) => split === 'test');
    const [paper] = test;
    const { folder: run } = await steps.train(config);
    const found = await steps.search(config, paper!.abstract, 3, { run });
    expect(found).toHaveLength(3);
    expect(found[0]?.score).toBeGreaterThanOrEqual(found[1]!.score);
    await expect(steps.search(config, '  ', 3, { run })).rejects.toThrow(/query is empty/);
    const few = test.slice(0, 4);
    const cosines = await steps.similarity(config, few, { run });
    expect(cosines).toHaveLength(4);
    // the index of the search and the matrix tell the same
    const own = await steps.search(config, few[0]!.title, test.length, { run, system: 'tuned' });
    expect(own.find(({ id }) => id === few[1]!.id)?.score).toBeCloseTo(cosines[0]![1]!, 4);
  });
});
