/** The learning-rate finder as a user runs it: a suggestion within its bounds, a plot, and nothing else written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { RangeTest } from '../../lib/index.js';
import { complaint, filesIn, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 72);
});
const args = ['lr-find', '--data', 'papers.jsonl', '--model', 'model', '--set', 'batches.pairs=8'];

it('raises the rate from step to step and plots the loss', async () => {
  const range = ['--from', '1e-4', '--to', '1', '--steps', '12', '--out', 'plots/rate.svg', '--json'];
  const found = jsonOf<RangeTest>(await llmEmbedding([...args, ...range], { cwd }));
  const rates = found.points.map(({ learningRate }) => learningRate);
  expect(rates[0]).toBeCloseTo(1e-4, 12);
  for (const [i, rate] of rates.slice(1).entries()) expect(rate / rates[i]!).toBeCloseTo(10 ** (4 / 11), 9);
  expect(found.points[0]?.smoothed).toBeCloseTo(found.points[0]?.loss as number, 12);
  if (found.suggestion !== null) expect(rates).toContain(found.suggestion);
  expect(readFileSync(join(cwd, 'plots/rate.svg'), 'utf8')).toContain('Learning-rate range test');
  expect(filesIn(join(cwd, 'plots'))).toEqual(['rate.svg']);
  expect(filesIn(join(cwd, 'checkpoints'))).toEqual([]);
}, 120_000);

it('refuses what is no range', async () => {
  const wrong = await llmEmbedding([...args, '--from', 'much'], { cwd });
  expect(wrong.code).toBe(2);
  expect(complaint(wrong)).toMatch(/learning rates from NaN to 1: expected two positive numbers/);
});
