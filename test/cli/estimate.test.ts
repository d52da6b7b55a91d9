/** `estimate` as a user runs it: measured on the tiny model, for a corpus of another size, with nothing written. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { estimateTables, type WorkEstimate } from '../../lib/index.js';
import { complaint, filesIn, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 72);
});
const args = ['estimate', '--data', 'papers.jsonl', '--model', 'model', '--seconds', '0.2', '--set', 'batches.pairs=8'];

it('measures, and counts for a corpus of any size', async () => {
  const found = jsonOf<WorkEstimate>(
    await llmEmbedding([...args, '--texts', '1000', '--machines', '2', '--price', '5', '--json'], { cwd }),
  );
  const { rates, work, estimate } = found;
  for (const rate of Object.values(rates)) expect(rate).toBeGreaterThan(0);
  expect(work).toMatchObject({ texts: 1000, machines: 2, pairs: 8, price: 5 });
  expect(estimate.encoding.all).toBeCloseTo(estimate.encoding.one / 2, 9);
  expect(estimate.disk.float32).toBe(4 * 1000 * work.dimensions);
  const text = estimateTables(found);
  expect(text).toContain('encoding 1,000 texts');
  expect(text).toContain('2 machines');
  expect(filesIn(join(cwd, 'checkpoints'))).toEqual([]);
}, 120_000);

it.each([
  [['--texts', '0'], /--texts 0: expected a whole number of at least 1/],
  [['--machines', '1.5'], /--machines 1.5: expected a whole number of at least 1/],
  [['--price', 'much'], /price = NaN: expected a number above 0/],
  [['--seconds', '-1'], /seconds = -1: expected a number above 0/],
])('refuses %j', async (options, message) => {
  const wrong = await llmEmbedding([...args, ...options], { cwd });
  expect(wrong.code).toBe(2);
  expect(complaint(wrong)).toMatch(message);
});
