/** An ablation as a user runs it: with seeds, on the validation side, and again without running anything twice. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { AblationReport } from '../../lib/evaluation/ablation.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 96);
});
const settings = ['training.maxSteps=1', 'batches.pairs=8', 'datasets.validationShare=0.3', 'evaluation.queries=all'];
const args = ['ablate', '--data', 'papers.jsonl', '--model', 'model', ...settings.flatMap((one) => ['--set', one])];

it('tables each factor, keeps every run, and goes on with what is missing', async () => {
  const vary = ['--vary', 'encoder.pooling=last', '--seeds', '2', '--out', 'ablation', '--json'];
  const first = jsonOf<AblationReport>(await llmEmbedding([...args, ...vary], { cwd }));
  expect(first).toMatchObject({ seeds: [42, 43], split: 'validation', failed: [] });
  expect(first.effects.map(({ label }) => label)).toEqual(['encoder.pooling=last']);
  const { difference, bySeed } = first.effects[0]!.metrics['mrr@10']!;
  expect(difference.value).toBeCloseTo((bySeed[0]! + bySeed[1]!) / 2, 10);
  expect(difference.value).not.toBe(0);
  expect(readFileSync(join(cwd, 'ablation/ablation.md'), 'utf8')).toContain('| encoder.pooling=last |');
  expect(existsSync(join(cwd, 'ablation/ablation.svg'))).toBe(true);

  const runs = join(cwd, 'ablation/runs');
  const [baseline, pooled] = ['baseline', 'encoder.pooling=last'].map((label) =>
    join(runs, readdirSync(runs).find((name) => name.startsWith(label)) as string),
  );
  const madeAt = (run: string): number => statSync(join(run, 'report.json')).mtimeMs;
  const before = madeAt(join(baseline!, 'seed-42'));
  const lost = join(pooled!, 'seed-43');
  rmSync(lost, { recursive: true });
  const again = jsonOf<AblationReport>(await llmEmbedding([...args, ...vary], { cwd }));
  expect(madeAt(join(baseline!, 'seed-42'))).toBe(before);
  expect(existsSync(join(lost, 'report.json'))).toBe(true);
  expect(again.effects[0]!.metrics).toEqual(first.effects[0]!.metrics);
}, 240_000);

it('says what is wrong with a factor before it trains', async () => {
  const wrong = await llmEmbedding([...args, '--vary', 'encoder.poling=last', '--out', 'wrong'], { cwd });
  expect(wrong.code).toBe(2);
  expect(complaint(wrong)).toContain('did you mean "pooling"');
  expect(existsSync(join(cwd, 'wrong'))).toBe(false);
});
