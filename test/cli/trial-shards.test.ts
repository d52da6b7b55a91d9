/** Sweeps and ablations in shards: the report is that of one process, and shards that are done are not run again. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AblationReport } from '../../lib/evaluation/ablation.js';
import type { SweepReport } from '../../lib/pipeline/sweep-report.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 72);
});
const settings = ['training.maxSteps=1', 'batches.pairs=8', 'datasets.validationShare=0.3', 'evaluation.queries=all'];
const shared = ['--data', 'papers.jsonl', '--model', 'model', ...settings.flatMap((one) => ['--set', one])];
const run = (...args: string[]) => llmEmbedding(args, { cwd });
const timeless = <T>(report: T): T =>
  JSON.parse(JSON.stringify(report, (key, value) => (key === 'seconds' || key === 'runs' ? null : value))) as T;

describe('a sweep in shards', () => {
  const sweep = (out: string, ...rest: string[]) =>
    run('sweep', ...shared, '--vary', 'encoder.lora.rank=2,4,8', '--seeds', '2', '--out', out, '--json', ...rest);

  it('has the report of one process, and trains nothing twice', async () => {
    const whole = jsonOf<SweepReport>(await sweep('whole'));
    for (const index of [0, 1]) {
      const shard = jsonOf(await sweep('shared', '--shard', `${index}/2`));
      expect(shard).toMatchObject({ shard: { index, count: 2 }, runs: 3, allRuns: 6, failed: [], skipped: false });
    }
    const merged = jsonOf<SweepReport>(await run('merge', 'shared', '--json'));
    expect(timeless(merged)).toEqual(timeless(whole));
    expect(merged.points.flatMap(({ runs }) => runs)).toHaveLength(6);
    expect(merged.points.flatMap(({ runs }) => runs).every((folder) => existsSync(join(folder, 'adapter')))).toBe(true);
    for (const name of ['sweep.json', 'sweep.md']) expect(existsSync(join(cwd, 'shared', name))).toBe(true);

    const madeAt = () =>
      readdirSync(join(cwd, 'shared'), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('report.json'))
        .map((name) => statSync(join(cwd, 'shared', name)).mtimeMs);
    const before = madeAt();
    expect(jsonOf(await sweep('shared', '--shard', '1/2'))).toMatchObject({ skipped: true });
    expect(timeless(jsonOf<SweepReport>(await sweep('shared')))).toEqual(timeless(whole));
    expect(madeAt()).toEqual(before);
  }, 240_000);

  it('names what is missing, damaged or of another sweep, and makes a damaged evaluation again', async () => {
    const manifest = JSON.parse(readFileSync(join(cwd, 'shared/shard-00001-of-00002.json'), 'utf8')) as {
      files: { name: string }[];
    };
    const scores = manifest.files[0]?.name ?? '';
    const weights = join(cwd, 'shared', scores, '../../adapter/adapter_model.safetensors');
    const [good, trained] = [readFileSync(join(cwd, 'shared', scores), 'utf8'), readFileSync(weights, 'hex')];
    appendFileSync(join(cwd, 'shared', scores), 'tuned,x,1,0\n');
    rmSync(join(cwd, 'shared/shard-00000-of-00002.json'));
    const refused = await run('merge', 'shared');
    expect(refused.code).toBe(2);
    expect(complaint(refused)).toMatch(/shard 0 of 2 is missing; damaged: .*queries\.csv has [\d,]+ bytes, not [\d,]+/);
    const other = await sweep('shared', '--shard', '1/2', '--split', 'test');
    expect([other.code, complaint(other)]).toEqual([
      2,
      expect.stringMatching(/another job.*split "validation", not "test"/),
    ]);
    for (const index of [0, 1]) expect((await sweep('shared', '--shard', `${index}/2`)).code).toBe(0);
    expect(readFileSync(join(cwd, 'shared', scores), 'utf8')).toBe(good);
    expect(readFileSync(weights, 'hex')).toBe(trained);
    expect((await run('merge', 'shared')).code).toBe(0);
  }, 120_000);
});

it('an ablation in shards has the report of one process', async () => {
  const ablate = (out: string, ...rest: string[]) =>
    run('ablate', ...shared, '--vary', 'encoder.pooling=last', '--seeds', '2', '--out', out, '--json', ...rest);
  const whole = jsonOf<AblationReport>(await ablate('whole-ablation'));
  for (const index of [0, 1, 2]) expect((await ablate('ablation', '--shard', `${index}/3`)).code).toBe(0);
  const merged = jsonOf<AblationReport>(await run('merge', 'ablation', '--json'));
  expect(timeless(merged)).toEqual(timeless(whole));
  expect(existsSync(join(cwd, 'ablation/ablation.md'))).toBe(true);
}, 240_000);

it('a point that fails is noted by its shard, and left out of the report without another try', async () => {
  for (const index of [0, 1]) {
    const args = ['sweep', ...shared, '--vary', 'batches.tokenBudget=4096,8', '--out', 'failing', '--json'];
    expect((await run(...args, '--shard', `${index}/2`)).code).toBe(0);
  }
  const { points, failed } = jsonOf<SweepReport>(await run('merge', 'failing', '--json'));
  expect(points).toHaveLength(1);
  expect(failed).toEqual([
    { settings: { 'batches.tokenBudget': 8 }, reason: expect.stringContaining('more than the token budget of 8') },
  ]);
}, 120_000);
