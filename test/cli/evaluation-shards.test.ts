/** An evaluation whose texts are embedded in shards: the report and the runs are those of one process. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Report } from '../../lib/index.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
const PAPERS = 600;
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), PAPERS);
});

const run = (...args: string[]) => llmEmbedding(args, { cwd });
/** Each with a cache of its own, as on machines that share the output alone. */
const evaluate = (out: string, cache: string, ...rest: string[]) =>
  run(
    ...['evaluate', '--data', 'papers.jsonl', '--model', 'model', '--systems', 'untuned,bm25,hybrid', '--out', out],
    ...['--set', `cache=${cache}`, '--set', 'evaluation.fusionTitles=60', '--json', ...rest],
  );
const found = (report: Report) => ({
  systems: report.systems.map(({ timing: _, ...rest }) => rest),
  comparisons: report.comparisons,
  corpus: report.corpus,
  embeddings: report.embeddings,
  curves: report.dimensionCurves,
});
const runsIn = (out: string) =>
  readdirSync(join(cwd, out, 'runs'))
    .sort()
    .map((name) => [name, readFileSync(join(cwd, out, 'runs', name), 'utf8')]);

it('has the report and the runs of one process, bit for bit', async () => {
  const whole = jsonOf<Report>(await evaluate('whole', 'cache'));
  const shards = [0, 1, 2].map((index) => ['shared', `cache-${index}`, '--shard', `${index}/3`] as const);
  const texts: number[] = [];
  for (const shard of shards) {
    const done = jsonOf<{ texts: number; skipped: boolean }>(await evaluate(...shard));
    expect(done.skipped).toBe(false);
    texts.push(done.texts);
  }
  // the titles kept out for the fusion of the hybrid are queries of their own
  expect(texts.reduce((sum, count) => sum + count)).toBe(2 * PAPERS + PAPERS);
  expect(Math.max(...texts)).toBeLessThan(2.5 * PAPERS);
  expect(jsonOf(await evaluate(...shards[1]!))).toMatchObject({ skipped: true });
  rmSync(join(cwd, 'cache-0/embeddings'), { recursive: true });
  const merged = jsonOf<Report>(await run('merge', 'shared/evaluation-shards', '--json'));
  expect(found(merged)).toEqual(found(whole));
  expect(runsIn('shared')).toEqual(runsIn('whole'));
  expect(readdirSync(join(cwd, 'shared'))).toContain('report.html');
}, 240_000);

it('names what is missing or of another evaluation', async () => {
  rmSync(join(cwd, 'shared/evaluation-shards/shard-00001-of-00003.json'));
  const merged = await run('merge', 'shared/evaluation-shards');
  expect([merged.code, complaint(merged)]).toEqual([2, expect.stringMatching(/shard 1 of 3 is missing/)]);
  const other = await evaluate('shared', 'cache', '--shard', '0/3', '--set', 'tokens.maxAbstractTokens=20');
  expect([other.code, complaint(other)]).toEqual([2, expect.stringMatching(/a shard of another job, .*settings/)]);
}, 120_000);
