/** The scripts of a job, run by bash with a stand-in for scontrol: what they do when a shard ends one way or another. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../lib/scale/job-record.js';
import { mergeScript, shardScript, taskCount } from '../../lib/scale/job-scripts.js';

const folder = mkdtempSync(join(tmpdir(), 'job scripts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record = (program: string[], shards = 3): JobRecord => ({
  formatVersion: 1,
  kind: 'encode',
  shards,
  program,
  command: ['encode', '--prompt', "it's a $prompt"],
  cwd: folder,
  output: 'e.npy',
  slurm: { time: '2:00:00', partition: 'long', sbatch: '--mem=8G --comment="a b"' },
  submissions: [],
});

interface Ended {
  code: number | null;
  /** What scontrol was called with. */
  requeued: string | null;
  /** What each call of the program got. */
  calls: string[];
}

/** @param program of bash, for the command of a shard */
async function runTask(program: string, { task = 0, restarts = '', shards = 3, signal = false } = {}): Promise<Ended> {
  const place = mkdtempSync(join(folder, 'task-'));
  const calls = join(place, 'calls');
  const executable = (name: string, text: string): string => {
    writeFileSync(join(place, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(place, name), 0o755);
    return join(place, name);
  };
  executable('scontrol', `echo "$@" > ${JSON.stringify(join(place, 'requeued'))}; exit 1`);
  const command = executable('program', `echo "$@" >> ${JSON.stringify(calls)}\n${program}`);
  const script = executable('shards.sh', shardScript(place, record([command], shards)));
  const env = {
    PATH: `${place}:${process.env.PATH}`,
    SLURM_ARRAY_TASK_ID: String(task),
    SLURM_JOB_ID: '77',
    ...(restarts && { SLURM_RESTART_COUNT: restarts }),
  };
  const child = spawn(script, { env, stdio: 'ignore' });
  if (signal) {
    while (!existsSync(calls)) await new Promise((done) => setTimeout(done, 10));
    child.kill('SIGTERM');
  }
  const code = await new Promise<number | null>((done) => child.on('close', done));
  const read = (name: string): string | null =>
    existsSync(join(place, name)) ? readFileSync(join(place, name), 'utf8').trim() : null;
  return { code, requeued: read('requeued'), calls: (read('calls') ?? '').split('\n') };
}

describe('the script of a task', () => {
  it('does its shard, with the words of the command as they were', async () => {
    const { code, requeued, calls } = await runTask('', { task: 1 });
    expect([code, requeued]).toEqual([0, null]);
    expect(calls).toEqual(["encode --prompt it's a $prompt --shard 1/3"]);
  });

  it('does every thousandth shard where there are more than tasks of an array', async () => {
    expect(taskCount(2500)).toBe(1000);
    const { calls } = await runTask('', { task: 499, shards: 2500 });
    expect(calls.map((call) => call.split(' ').at(-1))).toEqual(['499/2500', '1499/2500', '2499/2500']);
  });

  it.each([
    ['with 75 goes back into the queue', 'exit 75', '', 75, 'requeue 77'],
    ['killed goes back into the queue', 'kill -9 $$', '2', 137, 'requeue 77'],
    ['with 75 after three restarts has failed', 'exit 75', '3', 75, null],
    ['with what no other try can mend has failed', 'exit 2', '', 2, null],
  ])('that ends %s', async (_, program, restarts, code, requeued) => {
    expect(await runTask(program, { restarts })).toMatchObject({ code, requeued });
  });

  it('hands SIGTERM on, and waits until the shard has kept what it has', async () => {
    const program = `trap 'sleep 0.3; exit 75' TERM; for (( i = 0; i < 1000; i++ )); do sleep 0.02; done`;
    expect(await runTask(program, { signal: true })).toMatchObject({ code: 75, requeued: 'requeue 77' });
  });
});

describe('the scripts', () => {
  it('have the options of sbatch as they were given', () => {
    const lines = shardScript(folder, record(['node'])).split('\n');
    for (const option of ['--time=2:00:00', '--partition=long', '--mem=8G --comment="a b"', '--requeue']) {
      expect(lines).toContain(`#SBATCH ${option}`);
    }
    expect(mergeScript(folder, record(['node']))).toContain(`run node merge '${folder}'`);
  });

  it('take no options over several lines', () => {
    const broken = { ...record(['node']), slurm: { sbatch: '--mem=8G\nrm -rf ~' } };
    expect(() => shardScript(folder, broken)).toThrow(/expected options of sbatch on one line/);
  });
});
