/** Submitting, asking and resuming, with stand-ins for the commands of SLURM: what they are told, and what is made of their answers. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobStatus } from '../../lib/scale/status.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeTinyModel } from '../../test/cli/command-line.js';

const BINARY = fileURLToPath(new URL('../../bin/llm-embedding.mjs', import.meta.url));
const cwd = workFolder();
const bin = join(cwd, 'bin');
const PATH = `${bin}:${process.env.PATH}`;
/** Jobs are numbered from 11. */
const COUNTER = JSON.stringify(join(bin, 'counter'));
const NEXT_JOB = `echo >> ${COUNTER}; echo "$((10 + $(wc -l < ${COUNTER})));cluster"`;
const encode = ['encode', '--model', 'model', '--input', 'texts.txt', '--output', 'e.npy'];
const run = (...args: string[]) => {
  const { argv } = process;
  // what the tasks are to run is this program, in processes of their own
  process.argv = [process.execPath, BINARY];
  return llmEmbedding(args, { cwd, env: { PATH } }).finally(() => {
    process.argv = argv;
  });
};

function standIn(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\necho ${name} "$@" >> ${JSON.stringify(join(bin, 'calls'))}\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}
const calls = (): string[] => readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');
const queue = (...lines: string[]): void =>
  standIn('squeue', `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`);

beforeAll(async () => {
  mkdirSync(bin);
  await writeTinyModel(join(cwd, 'model'));
  writeFileSync(join(cwd, 'texts.txt'), Array.from({ length: 300 }, (_, i) => `waves on hole ${i}\n`).join(''));
  standIn('sbatch', NEXT_JOB);
  standIn('scancel', '');
  queue();
});
beforeEach(() => {
  for (const name of ['calls', 'counter']) rmSync(join(bin, name), { force: true });
  rmSync(join(cwd, 'e.npy.shards'), { recursive: true, force: true });
  rmSync(join(cwd, 'e.npy'), { force: true });
});

const submit = () =>
  run(...encode, '--on', 'slurm', '--shards', '4', '--time=2:00:00', '--partition', 'long', '--sbatch', '--mem=8G');

describe('a job on SLURM', () => {
  it('is an array with a merge after it, in scripts that lie beside the shards', async () => {
    const { code, stdout, stderr } = await submit();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/4 shards in 4 tasks: job 11, and job 12 merges them\nhow far it is: llm-embedding status /);
    const scripts = join(cwd, 'e.npy.shards/slurm');
    expect(calls()).toEqual([
      `sbatch --parsable --array=0-3 ${join(scripts, 'shards.sh')}`,
      `sbatch --parsable --dependency=afterok:11 --kill-on-invalid-dep=yes ${join(scripts, 'merge.sh')}`,
    ]);
    const script = readFileSync(join(scripts, 'shards.sh'), 'utf8');
    expect(script).toContain(`run ${process.execPath} ${BINARY} ${encode.join(' ')} --shard "$shard/4"\n`);
    queue('11_0|RUNNING|None|n1', '12|PENDING|Dependency|');
    const status = await run('status', 'e.npy.shards');
    expect(status.stdout).toMatch(
      /encode: 0 of 4 shards done\nmissing: 0 to 3\n[\s\S]*11_0 +RUNNING +n1\n12 +PENDING +Dependency/,
    );
  });

  it.each([
    [['--shards', '4'], /--shards is for --on slurm/],
    [['--on', 'slurm'], /give the number of shards too/],
    [['--on', 'pbs', '--shards', '4'], /--on pbs: expected local or slurm/],
    [['--on', 'slurm', '--shards', '4', '--shard', '0/4'], /give one of them/],
    [['--on', 'slurm', '--shards', 'x'], /--shards x: expected a whole number/],
  ])('is refused with %j', async (options, message) => {
    const { code, ...rest } = await run(...encode, ...options);
    expect([code, complaint({ code, ...rest })]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(bin, 'calls'))).toBe(false);
  });

  it('says what sbatch refuses, and where there is none', async () => {
    standIn('sbatch', 'echo "sbatch: error: invalid partition specified: long" >&2; exit 1');
    expect(complaint(await submit())).toMatch(/sbatch refuses \(.*invalid partition.*\): change --time, --partition/);
    rmSync(join(bin, 'sbatch'));
    expect(complaint(await submit())).toMatch(/there is no sbatch here; run it where jobs are submitted/);
    standIn('sbatch', NEXT_JOB);
  });
});

describe('a job that is continued', () => {
  it('submits the shards that neither the disk nor the queue has, and one merge after all', async () => {
    await submit();
    expect((await run(...encode, '--shard', '1/4')).code).toBe(0);
    queue('11_2|PENDING|Resources|', '12|PENDING|Dependency|');
    rmSync(join(bin, 'calls'));
    const resumed = jsonOf(await run('resume', 'e.npy.shards', '--json'));
    expect(resumed).toMatchObject({ resumed: [0, 3], waiting: [2], merged: false });
    expect(calls().filter((call) => !call.startsWith('squeue'))).toEqual([
      'scancel 12',
      expect.stringContaining('sbatch --parsable --array=0,3 '),
      expect.stringContaining('--dependency=afterok:11:13 '),
    ]);
    queue('11_2|PENDING|Resources|', '13_0|RUNNING|None|n1', '13_3|RUNNING|None|n2', '14|PENDING|Dependency|');
    const again = jsonOf(await run('resume', 'e.npy.shards', '--json'));
    expect(again).toMatchObject({ resumed: [], waiting: [0, 2, 3] });
    expect(again).not.toHaveProperty('submitted');
  });

  it('here makes what is missing or damaged, each shard in a process of its own, and merges', async () => {
    await submit();
    queue();
    for (const shard of ['0/4', '1/4', '2/4']) expect((await run(...encode, '--shard', shard)).code).toBe(0);
    writeFileSync(join(cwd, 'e.npy.shards/shard-00001-of-00004.safetensors'), 'damaged');
    const before = jsonOf<JobStatus>(await run('status', 'e.npy.shards', '--json'));
    expect(before).toMatchObject({ done: 2, missing: [3], damaged: [{ index: 1 }], merged: false, queue: [] });
    const resumed = await run('resume', 'e.npy.shards', '--on', 'local');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stdout).toBe('2 shards (1, 3) made, and all merged\n');
    expect(jsonOf(await run('status', 'e.npy.shards', '--json'))).toMatchObject({ done: 4, missing: [], merged: true });
    await run(...encode.slice(0, -1), 'whole.npy');
    expect(readFileSync(join(cwd, 'e.npy')).equals(readFileSync(join(cwd, 'whole.npy')))).toBe(true);
    expect((await run('resume', 'e.npy.shards')).stdout).toMatch(/is complete and merged/);
  }, 60_000);

  it('needs to know how its shards are made', async () => {
    expect((await run(...encode, '--shard', '1/4')).code).toBe(0);
    expect(complaint(await run('resume', 'e.npy.shards'))).toMatch(
      /not started with --on slurm: run shards 0, 2, 3 again with --shard i\/4, then llm-embedding merge e\.npy\.shards/,
    );
    expect(complaint(await run('status', 'model'))).toMatch(/model has no shards/);
  });
});
