/**
 * `train --distributed mpi` under a real mpirun, which these tests are skipped without: 2 and 4 ranks are one process, and
 * a job whose rank was killed is resumed to the same bits. LLM_EMBEDDING_MPI_KILLS: how often.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { allTensors } from '../encoder/tiny-models.js';
import {
  complaint,
  llmEmbedding,
  llmEmbeddingProcess,
  type Outcome,
  workFolder,
  writeSnapshot,
  writeTinyModel,
} from './command-line.js';

const BINARY = fileURLToPath(new URL('../../bin/llm-embedding.mjs', import.meta.url));
const KILLS = Number(process.env.LLM_EMBEDDING_MPI_KILLS ?? 1);
const cwd = workFolder();
const settings = [
  'training.maxSteps=8',
  'training.epochs=4',
  'training.validateEvery=4',
  'training.adapterStrengths=[]',
  'training.checkpoints.everySteps=1',
  'batches.pairs=16',
  'batches.tokenBudget=512',
  'datasets.validationShare=0.2',
  'evaluation.queries=all',
  'encoder.lora.dropout=0.1',
  'threads=1',
  'cache=cache',
];
const shared = ['--data', 'papers.jsonl', '--model', 'model', ...settings.flatMap((one) => ['--set', one])];

function hasMpirun(): boolean {
  try {
    return execFileSync('mpirun', ['--version'], { encoding: 'utf8' }).includes('Open MPI');
  } catch {
    return false;
  }
}
const HAS_MPIRUN = hasMpirun();
if (!HAS_MPIRUN) console.warn('skipped: no mpirun of Open MPI (Debian: apt-get install openmpi-bin)');

/** @param started called with the process of mpirun, whose children are the ranks */
function mpirun(ranks: number, args: string[], started: (pid: number) => void = () => undefined): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const all = ['--allow-run-as-root', '--oversubscribe', '-n', `${ranks}`, process.execPath, BINARY, ...args];
    const child = spawn('mpirun', all, {
      cwd,
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (outcome.stdout += text));
    child.stderr.on('data', (text) => (outcome.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
    started(child.pid as number);
  });
}

interface Result {
  history: { steps: { loss: number }[] };
  ranks?: { ranks: number; waitingShare: number };
}

const adapterOf = (folder: string): string => join(cwd, folder, 'adapter/adapter_model.safetensors');
const bytesOf = (folder: string): string => readFileSync(adapterOf(folder), 'hex');

beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'), 96);
});

it('says how to start where nothing started ranks', async () => {
  const outcome = await llmEmbeddingProcess(['train', '--out', 'alone', '--distributed', 'mpi', ...shared], { cwd });
  expect(outcome.code).toBe(2);
  expect(complaint(outcome)).toMatch(/nothing started this process as a rank: start it as "mpirun -n 4/);
  expect(existsSync(join(cwd, 'alone'))).toBe(false);
  const other = await llmEmbedding(['train', '--out', 'alone', '--distributed', 'ray', ...shared], { cwd });
  expect(complaint(other)).toMatch(/--distributed ray: expected mpi/);
});

it('says what to install where the MPI of the launcher is missing', async () => {
  const outcome = await llmEmbeddingProcess(['train', '--out', 'alone', '--distributed', 'mpi', ...shared], {
    cwd,
    env: { OMPI_COMM_WORLD_SIZE: '2', LLM_EMBEDDING_MPI: '/nowhere/libmpi.so' },
  });
  expect(outcome.code).toBe(2);
  expect(complaint(outcome)).toMatch(/no MPI library was found \(\/nowhere\/libmpi\.so.*apt-get install openmpi-bin/);
});

describe.skipIf(!HAS_MPIRUN)('under mpirun', () => {
  let one: Result;
  beforeAll(async () => {
    const outcome = await llmEmbedding(['train', '--out', 'one', '--json', ...shared], { cwd });
    expect(outcome.code, outcome.stderr).toBe(0);
    one = JSON.parse(outcome.stdout) as Result;
  });

  it.each([2, 4])(
    '%i ranks train what one process trains, to the same bits each time',
    async (ranks) => {
      const args = (out: string) => ['train', '--out', out, '--json', '--distributed', 'mpi', ...shared];
      const outcome = await mpirun(ranks, args(`ranks-${ranks}`));
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1);
      const { history, ranks: report } = JSON.parse(outcome.stdout) as Result;
      expect(report?.ranks).toBe(ranks);
      history.steps.forEach(({ loss }, i) => {
        expect(Math.abs(loss - (one.history.steps[i]?.loss as number))).toBeLessThan(1e-5);
      });
      const [own, first] = [await allTensors(adapterOf(`ranks-${ranks}`)), await allTensors(adapterOf('one'))];
      for (const [name, { data }] of own) {
        const expected = first.get(name)?.data as Float32Array;
        data.forEach((value, i) => {
          expect(Math.abs(value - (expected[i] as number)), name).toBeLessThan(1e-5);
        });
      }
      const again = await mpirun(ranks, args(`again-${ranks}`));
      expect(again.code, again.stderr).toBe(0);
      expect(bytesOf(`again-${ranks}`)).toBe(bytesOf(`ranks-${ranks}`));
    },
    400_000,
  );

  it('ends as rank 0 does where the folder holds a run', async () => {
    const outcome = await mpirun(2, ['train', '--out', 'one', '--distributed', 'mpi', ...shared]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/llm-embedding: .*one holds a finished run: --restart discards it/);
  }, 200_000);

  it.each(Array.from({ length: KILLS }, (_, i) => i))(
    'a job whose rank was killed is resumed to the same bits (%i)',
    async (kill) => {
      const ranks = 2;
      const out = `killed-${kill}`;
      const step = 1 + Math.floor(Math.random() * 7);
      const args = ['train', '--out', out, '--distributed', 'mpi', '--json', ...shared];
      const killed = await mpirun(ranks, args, (pid) => void killRank(pid, kill % ranks, out, step));
      // mpirun's own code for a rank that a signal ended
      expect(killed.code, killed.stderr).toBe(137);
      const resumed = await mpirun(ranks, [...args, '--resume']);
      expect(resumed.code, `killed at step ${step}: ${resumed.stderr}`).toBe(0);
      expect(bytesOf(out)).toBe(bytesOf(`ranks-${ranks}`));
    },
    400_000,
  );
});

/** Kills a rank once the state of a step is there. */
async function killRank(mpirunPid: number, rank: number, out: string, step: number): Promise<void> {
  const state = join(cwd, out, 'training-state');
  for (;;) {
    await delay(5);
    const steps = existsSync(state) ? readdirSync(state).map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)) : [];
    if (Math.max(0, ...steps) >= step) break;
  }
  const children = readFileSync(`/proc/${mpirunPid}/task/${mpirunPid}/children`, 'utf8').trim().split(' ');
  process.kill(Number(children[rank]), 'SIGKILL');
}
