/** What a notebook calls beside the six steps: going back to a run, sweeping, finding a learning rate. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConfigInput } from '../../lib/config/config.js';
import { openExperiment } from '../../lib/experiment/open-experiment.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-experiment-'));
const folder = join(scratch, 'runs');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const settings: ConfigInput = {
  cache: join(scratch, 'cache'),
  datasets: { maxPerCategory: 20, validationShare: 0.2 },
  tokens: { maxAbstractTokens: 32 },
  batches: { pairs: 16 },
  encoder: { lora: { rank: 2, alpha: 4 } },
  training: { maxSteps: 2, validateEvery: 2 },
  evaluation: { queries: 'all', systems: ['tuned'], bootstrapSamples: 100 },
};
let printed = '';

beforeEach(() => {
  printed = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

it('a run is gone back to by its name, with its settings, and is trained no second time', async () => {
  const first = openExperiment('sample', { folder, settings });
  const config = first.configure('training', { learningRate: 3e-4 });
  const { folder: run } = await first.train(config, { name: 'slow one' });
  const again = openExperiment({ folder, run: 'slow one' });
  expect(printed).toMatch(/in force +run slow-one/);
  expect(again.preset).toEqual(config);
  const back = again.configure('training', {});
  expect(back).toEqual(config);
  const trained = await again.train(back);
  expect(trained).toMatchObject({ folder: run, partial: false, totalSteps: 2 });
  expect(printed).toContain('trained before with these settings, 2 steps: nothing to do');
  expect((await again.evaluate(back)).run).toMatchObject({ name: 'slow one', state: 'finished' });
  expect((await again.runs()).map(({ name }) => name)).toEqual(['slow one']);
  expect(() => openExperiment({ folder, run: 'slow on' })).toThrow(/did you mean "slow one"\?/);
}, 120_000);

it('a sweep makes runs of this experiment, in a table that grows', async () => {
  const experiment = openExperiment('sample', { folder, settings });
  const config = experiment.configure('training', { learningRate: 3e-4 });
  const report = await experiment.sweep(config, { vary: { 'training.learningRate': [3e-4, 1e-3] } });
  expect(report).toMatchObject({ split: 'validation', planned: 2, failed: [], paths: ['training.learningRate'] });
  const runs = report.points.flatMap((point) => point.runs.map((one) => basename(one)));
  // the first was trained above, under its name
  expect(runs.sort()).toEqual(['lr-1e-3', 'slow-one']);
  expect(printed).toMatch(/1 of 2 points so far/);
  expect(printed).toMatch(/learningRate +MRR@10/);
  expect((await experiment.runs()).map(({ name }) => name).sort()).toEqual(['lr-1e-3', 'slow one']);
}, 120_000);

it('a learning rate is found and shown, and nothing is written', async () => {
  const experiment = openExperiment('sample', { folder, settings });
  const before = readdirSync(folder);
  const config = experiment.configure('training', {});
  const found = await experiment.findLearningRate(config, { from: 1e-5, to: 1e-1, steps: 5 });
  const rates = found.points.map(({ learningRate }) => learningRate);
  expect(rates[0]).toBeCloseTo(1e-5, 12);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
  expect(printed).toMatch(/[Ll]earning rate/);
  expect(readdirSync(folder)).toEqual(before);
  expect(existsSync(join(folder, 'settings.json'))).toBe(true);
}, 120_000);
