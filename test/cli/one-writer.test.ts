/** Two processes on one folder, in all pairs of the commands that write: one works, one is refused. */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import {
  complaint,
  filesIn,
  llmEmbedding,
  llmEmbeddingProcess,
  workFolder,
  writeSnapshot,
  writeTinyModel,
} from './command-line.js';

const DRIVE = fileURLToPath(new URL('./unusual-drive.mjs', import.meta.url));
const cwd = workFolder();
const settings = ['training.maxSteps=1', 'batches.pairs=8', 'datasets.validationShare=0.2', 'evaluation.queries=all'];
const shared = ['--data', 'papers.jsonl', '--model', 'model', ...settings.flatMap((one) => ['--set', one])];
const vary = ['--vary', 'encoder.lora.rank=2'];
/** Write a folder of several runs, where the others write one that is a run. */
const OF_SEVERAL_RUNS = ['sweep', 'ablate'];

/** Each command that writes into a run folder or a folder of runs, and a file that it writes while it holds it. */
const COMMANDS: [name: string, pauseAt: string, args: (folder: string) => string[]][] = [
  ['run', 'adapter_model', (folder) => ['run', '--restart', '--out', folder, ...shared]],
  ['train', 'adapter_model', (folder) => ['train', '--restart', '--out', folder, ...shared]],
  ['evaluate', 'queries.csv', (folder) => ['evaluate', folder, '--systems', 'bm25']],
  ['mine', 'hard-negatives.jsonl', (folder) => ['mine', folder, '--system', 'bm25']],
  ['runs rename', 'run.json', (folder) => ['runs', 'rename', folder, 'other']],
  ['runs remove', 'run.json', (folder) => ['runs', 'remove', folder, '--yes']],
  ['sweep', 'papers.jsonl', (folder) => ['sweep', ...vary, '--out', folder, ...shared]],
  ['ablate', 'papers.jsonl', (folder) => ['ablate', ...vary, '--seeds', '1', '--out', folder, ...shared]],
];

beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 96);
  const made = await llmEmbedding(['run', '--out', 'made', ...shared], { cwd });
  expect(made.code, made.stderr).toBe(0);
}, 120_000);

it.each(COMMANDS)(
  'while %s works, every other is refused and changes nothing',
  async (name, pauseAt, args) => {
    const folder = name.replace(' ', '-');
    if (!OF_SEVERAL_RUNS.includes(name)) cpSync(join(cwd, 'made'), join(cwd, folder), { recursive: true });
    const root = join(cwd, folder);
    const ended = new AbortController();
    const holder = llmEmbeddingProcess(args(folder), {
      cwd,
      env: { NODE_OPTIONS: `--import=${DRIVE}`, DRIVE_ROOT: root, DRIVE: JSON.stringify({ pauseAt }) },
      started: (child) => ended.signal.addEventListener('abort', () => child.kill('SIGKILL')),
    });
    try {
      let over = false;
      void holder.then(() => (over = true));
      while (!existsSync(`${root}.paused`) && !over) await delay(20);
      expect(over, over ? (await holder).stderr : '').toBe(false);
      const before = filesIn(root);
      const weights = (): string | null => {
        const path = join(root, 'adapter/adapter_model.safetensors');
        return existsSync(path) ? readFileSync(path, 'hex') : null;
      };
      const untouched = weights();
      for (const [other, , otherArgs] of COMMANDS) {
        const outcome = await llmEmbedding(otherArgs(folder), { cwd });
        // what a removal has taken away already is no run any more
        const isGone = name === 'runs remove' && /is not a run folder|no run "/.test(outcome.stderr);
        const isOfOtherKind =
          OF_SEVERAL_RUNS.includes(other) !== OF_SEVERAL_RUNS.includes(name) &&
          /is a run itself|is not a run folder|no run "/.test(outcome.stderr);
        if (!isGone && !isOfOtherKind)
          expect(complaint(outcome), `${other} beside ${name}`).toMatch(/is in use by another process \(\d+ on /);
        expect(outcome.code).toBe(2);
      }
      expect(filesIn(root)).toEqual(before);
      expect(weights()).toBe(untouched);
    } finally {
      ended.abort();
      await holder;
      rmSync(root, { recursive: true, force: true });
    }
  },
  60_000,
);
