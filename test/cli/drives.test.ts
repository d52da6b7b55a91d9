/** Drives that behave unlike a local disk, under commands in processes of their own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../lib/index.js';
import {
  complaint,
  llmEmbeddingProcess,
  type Outcome,
  workFolder,
  writeSnapshot,
  writeTinyModel,
} from './command-line.js';

const DRIVE = fileURLToPath(new URL('./unusual-drive.mjs', import.meta.url));
const cwd = workFolder();
const place = (name: string): string => join(cwd, name);
const settings = [
  'training.maxSteps=4',
  'training.validateEvery=2',
  'training.checkpoints.everySteps=1',
  'batches.pairs=8',
  'encoder.lora.rank=2',
  'evaluation.queries=all',
  'datasets.validationShare=0.2',
  `evaluation.systems=["tuned","bm25"]`,
  'evaluation.bootstrapSamples=100',
];
const shared = (): string[] => [
  ...['--data', place('papers.jsonl'), '--model', place('model'), '--seed', '1'],
  ...[...settings, `cache=${place('cache')}`].flatMap((one) => ['--set', one]),
];

/** Runs a command with a drive of some kind below a folder; what has nowhere else to go goes to `elsewhere`. */
function onDrive(root: string, drive: object, args: string[], options: { cwd?: string } = {}): Promise<Outcome> {
  mkdirSync(place('elsewhere'), { recursive: true });
  const env = { NODE_OPTIONS: `--import=${DRIVE}`, DRIVE_ROOT: root, DRIVE: JSON.stringify(drive) };
  return llmEmbeddingProcess(args, { cwd, ...options, env: { ...env, TMPDIR: place('elsewhere') } });
}

const weightsIn = (folder: string): string => readFileSync(join(folder, 'adapter_model.safetensors'), 'hex');
const named = (pattern: RegExp, outcome: Outcome): string => pattern.exec(complaint(outcome))?.[1] ?? '';
let usual = '';

beforeAll(async () => {
  await writeTinyModel(place('model'));
  writeSnapshot(place('papers.jsonl'), 96);
  const outcome = await llmEmbeddingProcess(['run', '--out', 'usual', ...shared()], { cwd });
  expect(outcome.code, outcome.stderr).toBe(0);
  usual = weightsIn(place('usual/adapter'));
}, 120_000);

describe('a drive that', () => {
  it.each([
    ['EEXIST', 'EINVAL'],
    ['EPERM', 'ENOTSUP'],
  ])(
    'replaces no file (%s), knows no fsync (%s) and is slow holds a run like any other',
    async (noReplace, noSync) => {
      const root = place(`drive-${noReplace}`);
      const run = join(root, 'run');
      const first = await onDrive(root, { noReplace, noSync, slow: 5 }, ['run', '--out', run, ...shared()]);
      expect(first.code, first.stderr).toBe(0);
      expect(first.stderr).not.toMatch(/could not|CANNOT BE WRITTEN/);
      expect(weightsIn(join(run, 'adapter'))).toBe(usual);
      const left = readdirSync(root, { recursive: true }).map(String);
      expect(left.filter((name) => /\.(old|tmp|next|previous)$|\.lock/.test(name))).toEqual([]);
      expect(left).toContain(join('run', 'report.json'));
    },
    60_000,
  );

  it('becomes read-only under a training costs it nothing: the adapter is elsewhere, and named', async () => {
    const root = place('drive-training');
    const run = join(root, 'run');
    const outcome = await onDrive(root, { readOnlyFrom: 'training-state' }, ['train', '--out', run, ...shared()]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr.match(/CANNOT BE WRITTEN/g)).toHaveLength(1);
    expect(complaint(outcome)).toMatch(/cannot be written \(.*EROFS.*\): what was trained is in/);
    expect(weightsIn(named(/is in (\S+) instead/, outcome))).toBe(usual);
  }, 120_000);

  it('becomes read-only under an evaluation loses no report: it is printed, and elsewhere', async () => {
    const run = place('usual');
    for (const [from, command] of [
      ['queries.csv', ['evaluate', run]],
      ['report.json', ['run', '--out', join(place('drive-report'), 'run'), ...shared()]],
    ] as const) {
      const root = command[0] === 'run' ? place('drive-report') : run;
      const outcome = await onDrive(root, { readOnlyFrom: from }, [...command, '--json']);
      expect(outcome.code, outcome.stderr).toBe(1);
      const report = JSON.parse(outcome.stdout) as Report;
      expect(report.systems.map(({ name }) => name)).toEqual(['tuned', 'bm25']);
      const elsewhere = named(/cannot be written \(.*\): the report is in (\S+) instead$/, outcome);
      expect(JSON.parse(readFileSync(join(elsewhere, 'report.json'), 'utf8'))).toEqual(report);
      for (const name of ['report.html', 'runs/queries.csv', 'runs/tuned.trec'])
        expect(existsSync(join(elsewhere, name)), name).toBe(true);
    }
  }, 180_000);

  it('is read-only from the start is refused before any work', async () => {
    const root = place('drive-never');
    for (const command of [
      ['train', '--out', join(root, 'run'), ...shared()],
      ['evaluate', place('usual'), '--out', join(root, 'report')],
      ['mine', place('usual'), '--out', join(root, 'negatives.jsonl')],
    ]) {
      const outcome = await onDrive(root, { readOnlyFrom: root }, command);
      expect(outcome.code, outcome.stderr).toBe(2);
      expect(complaint(outcome)).toMatch(/cannot write ".*": the file system is read-only; give another place/);
      expect(outcome.stderr).not.toMatch(/training|encoding/);
    }
  }, 180_000);
});

describe('a current folder that vanishes under a training with a relative --out', () => {
  /** Trains, and takes the folder away for good once a state is saved. */
  async function vanish(name: string, steps: number, stop?: 'SIGTERM'): Promise<Outcome & { seconds: number }> {
    const home = place(name);
    mkdirSync(home);
    mkdirSync(place('elsewhere'), { recursive: true });
    let gone = 0;
    const args = ['train', '--out', 'run', ...shared(), '--set', `training.maxSteps=${steps}`];
    const outcome = await llmEmbeddingProcess([...args, '--set', 'training.epochs=1000'], {
      cwd: home,
      env: { TMPDIR: place('elsewhere') },
      started(child) {
        const watch = setInterval(() => {
          if (!existsSync(join(home, 'run/adapter/adapter_model.safetensors'))) return;
          clearInterval(watch);
          renameSync(home, `${home}-gone`);
          // a drive that is gone cannot be made again
          writeFileSync(home, '');
          rmSync(`${home}-gone`, { recursive: true, force: true, maxRetries: 5 });
          gone = performance.now();
        }, 5);
        child.on('exit', () => clearInterval(watch));
        if (stop === undefined) return;
        child.stderr?.on('data', (text: string) => {
          if (text.includes('CANNOT BE WRITTEN')) setTimeout(() => child.kill(stop), 200);
        });
      },
    });
    return { ...outcome, seconds: (performance.now() - gone) / 1000 };
  }

  it('ends with its adapter elsewhere', async () => {
    const outcome = await vanish('home', 24);
    expect(outcome.code, outcome.stderr).toBe(1);
    expect(outcome.stderr.match(/CANNOT BE WRITTEN/g)).toHaveLength(1);
    expect(existsSync(join(named(/is in (\S+) instead/, outcome), 'adapter_model.safetensors'))).toBe(true);
  }, 180_000);

  it('listens to SIGTERM', async () => {
    const outcome = await vanish('another-home', 100_000, 'SIGTERM');
    expect(outcome.code, outcome.stderr).toBe(130);
    expect(outcome.seconds).toBeLessThan(30);
    expect(existsSync(join(named(/the best so far is in (\S+)$/, outcome), 'adapter_model.safetensors'))).toBe(true);
  }, 180_000);
});
