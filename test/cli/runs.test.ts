/** A sweep as a user runs it, and its runs listed, compared, renamed and removed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, expect, it, vi } from 'vitest';
import type { RunComparison, RunSummary, SweepReport } from '../../lib/index.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
const settings = ['training.maxSteps=1', 'batches.pairs=8', 'datasets.validationShare=0.3', 'evaluation.queries=all'];
const shared = ['--data', 'papers.jsonl', '--model', 'model', ...settings.flatMap((one) => ['--set', one])];
const sweep = ['sweep', ...shared, '--vary', 'encoder.lora.rank=2,4', '--vary', 'training.learningRate=1e-3'];
const out = join(cwd, 'checkpoints/sweep');
let first: SweepReport;

beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 96);
  first = jsonOf<SweepReport>(await llmEmbedding([...sweep, '--json'], { cwd }));
}, 240_000);

it('a sweep leaves a readable run for each point, and resumes without training twice', async () => {
  expect(readdirSync(out).sort()).toEqual(['lr-1e-3-rank-2', 'lr-1e-3-rank-4', 'sweep.json', 'sweep.md'].sort());
  expect(first).toMatchObject({ seeds: [42], split: 'validation', planned: 2, failed: [], metric: 'mrr@10' });
  expect(first.points.flatMap(({ runs }) => runs).sort()).toEqual([
    join(out, 'lr-1e-3-rank-2'),
    join(out, 'lr-1e-3-rank-4'),
  ]);
  const madeAt = (): number => statSync(join(out, 'lr-1e-3-rank-2/report.json')).mtimeMs;
  const before = madeAt();
  expect(jsonOf(await llmEmbedding([...sweep, '--json'], { cwd }))).toEqual(first);
  expect(madeAt()).toBe(before);
}, 120_000);

it('runs are listed, shown and compared', async () => {
  const listed = jsonOf<RunSummary[]>(await llmEmbedding(['runs', 'checkpoints/sweep', '--json'], { cwd }));
  expect(listed.map(({ name }) => name).sort()).toEqual(['lr-1e-3-rank-2', 'lr-1e-3-rank-4']);
  // what both have in common is said once
  const table = await llmEmbedding(['runs', 'checkpoints/sweep'], { cwd });
  expect(table.stdout).toMatch(/rank-2 .*qwen2\.5-0\.5b: encoder\.lora\.rank = 2 /);
  expect(table.stdout.match(/maxSteps/g)).toHaveLength(1);
  expect(table.stdout).toMatch(/^in all of them: .*training\.maxSteps = /m);
  const place = ['--in', 'checkpoints/sweep'];
  const shown = await llmEmbedding(['runs', 'show', 'lr-1e-3-rank-2', ...place], { cwd });
  expect(shown.stdout).toMatch(/encoder\.lora\.rank\s+2/);
  const names = ['lr-1e-3-rank-2', 'lr-1e-3-rank-4'];
  const compared = jsonOf<RunComparison>(
    await llmEmbedding(['runs', 'compare', ...names, ...place, '--json'], { cwd }),
  );
  expect(compared.settings).toEqual([{ path: 'encoder.lora.rank', values: [2, 4] }]);
  expect(compared.differences.find(({ metric }) => metric === 'mrr@10')).toMatchObject({ a: names[0], b: names[1] });
  const page = readFileSync(join(cwd, 'checkpoints/comparison/comparison.html'), 'utf8');
  expect(page).toContain('Runs compared: lr-1e-3-rank-2, lr-1e-3-rank-4');
  expect(readFileSync(join(cwd, 'checkpoints/comparison/comparison.svg'), 'utf8')).toContain('Training loss');
}, 60_000);

it('runs are renamed, and removed only by who says so', async () => {
  const place = ['--in', 'checkpoints/sweep'];
  const renamed = await llmEmbedding(['runs', 'rename', 'lr-1e-3-rank-4', 'wide', ...place], { cwd });
  expect(renamed.code).toBe(0);
  expect(existsSync(join(out, 'wide/run.json'))).toBe(true);
  const asked = await llmEmbedding(['runs', 'remove', 'wide', ...place], { cwd });
  expect(asked.code).toBe(2);
  expect(complaint(asked)).toMatch(/is not removed: nobody can be asked here, give --yes/);
  expect((await llmEmbedding(['runs', 'remove', 'wide', '--yes', ...place], { cwd })).code).toBe(0);
  expect(existsSync(join(out, 'wide'))).toBe(false);
  const misspelt = await llmEmbedding(['runs', 'checkponts'], { cwd });
  expect([misspelt.code, complaint(misspelt)]).toEqual([2, expect.stringContaining('there is no folder checkponts')]);
  const unknown = await llmEmbedding(['runs', 'show', 'wide', ...place], { cwd });
  expect(complaint(unknown)).toMatch(/no run "wide" in checkpoints\/sweep: there are lr-1e-3-rank-2/);
});

it('a removal is asked for at a terminal, and only "yes" is one', async () => {
  const place = ['--in', 'checkpoints/sweep'];
  const answered = async (answer: string) => {
    const keyboard = Object.assign(new PassThrough(), { isTTY: true });
    const input = vi.spyOn(process, 'stdin', 'get').mockReturnValue(keyboard as never);
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    // what is typed before the question is no answer to it
    const typing = setTimeout(() => keyboard.write(answer), 300);
    try {
      return await llmEmbedding(['runs', 'remove', 'lr-1e-3-rank-2', ...place], { cwd });
    } finally {
      clearTimeout(typing);
      process.stderr.isTTY = isTTY;
      input.mockRestore();
    }
  };
  for (const no of ['n\n', '\n', 'yesterday\n']) {
    const outcome = await answered(no);
    expect(outcome.stderr).toContain('Remove the run lr-1e-3-rank-2 in ');
    expect(outcome.stderr).toMatch(/lr-1e-3-rank-2 is kept/);
    expect(outcome.code).toBe(2);
    expect(existsSync(join(out, 'lr-1e-3-rank-2/run.json'))).toBe(true);
  }
  const outcome = await answered('yes\n');
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.stdout).toContain('lr-1e-3-rank-2 is removed from ');
  expect(existsSync(join(out, 'lr-1e-3-rank-2'))).toBe(false);
});

it('a sweep says what is wrong before it trains', async () => {
  const none = await llmEmbedding(['sweep', ...shared, '--out', 'none'], { cwd });
  expect(complaint(none)).toContain('nothing to vary: expected --vary');
  const wrong = await llmEmbedding(['sweep', ...shared, '--vary', 'training.epoch=1', '--out', 'none'], { cwd });
  expect(complaint(wrong)).toContain('did you mean "epochs"');
  writeFileSync(join(cwd, 'a file'), 'mine');
  mkdirSync(join(cwd, 'a run'));
  writeFileSync(join(cwd, 'a run', 'run.json'), '{}');
  for (const command of ['sweep', 'ablate']) {
    const vary = ['--vary', 'training.epochs=2'];
    for (const [out, message] of [
      ['a file', 'a part of the path is a file'],
      ['a run', 'is a run itself: name another folder with --out'],
    ] as const) {
      const blocked = await llmEmbedding([command, ...shared, ...vary, '--out', out], { cwd });
      expect([blocked.code, complaint(blocked)]).toEqual([2, expect.stringContaining(message)]);
    }
  }
  expect(readFileSync(join(cwd, 'a file'), 'utf8')).toBe('mine');
  expect(readdirSync(join(cwd, 'a run'))).toEqual(['run.json']);
  expect(existsSync(join(cwd, 'none'))).toBe(false);
});
