/**
 * Jobs on a real SLURM whose tasks and nodes are killed, and a real Snakemake. Takes a quarter of an hour, root, apt and PyPI:
 * runs where LLM_EMBEDDING_CLUSTER_TESTS=1.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import type { SweepReport } from '../../lib/pipeline/sweep-report.js';
import type { JobStatus } from '../../lib/scale/status.js';
import { writeSnapshot, writeTinyModel } from '../../test/cli/command-line.js';
import { type Cluster, startCluster } from './slurm-cluster.js';

const asked = process.env.LLM_EMBEDDING_CLUSTER_TESTS === '1';
if (!asked)
  console.log('skipped: a real SLURM and Snakemake; set LLM_EMBEDDING_CLUSTER_TESTS=1 to install and run them');

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINARY = join(ROOT, 'bin/llm-embedding.mjs');
const MINUTES = 60_000;
const SHARDS = 40;
const WORDS = 'the field of a black hole decays as its mass grows while waves on curved space scatter weakly'.split(
  ' ',
);

describe.skipIf(!asked)('on a real cluster', () => {
  const cwd = asked ? mkdtempSync(join(tmpdir(), 'llm-embedding-cluster-')) : '';
  const random = new Random(7, 'cluster');
  let cluster: Cluster;
  const command = (...args: string[]): string =>
    execFileSync(process.execPath, [BINARY, ...args], { cwd, env: cluster.env, encoding: 'utf8', stdio: 'pipe' });
  const status = (folder: string): JobStatus => JSON.parse(command('status', folder, '--json')) as JobStatus;
  const say = (text: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);

  beforeAll(async () => {
    cluster = await startCluster(join(cwd, 'slurm'));
    const lines = Array.from({ length: SHARDS * 200 }, (_, i) =>
      [i, ...Array.from({ length: 5 + random.integer(20) }, () => random.pick(WORDS))].join(' '),
    );
    writeFileSync(join(cwd, 'texts.txt'), `${lines.join('\n')}\n`);
  }, 5 * MINUTES);
  afterAll(async () => {
    await cluster?.stop();
    if (asked) rmSync(cwd, { recursive: true, force: true });
  }, MINUTES);

  const options = ['--input', 'texts.txt', '--set', 'threads=1'];

  /** Waits until no task waits or runs, and resumes where the result is not there then. @returns times resumed */
  async function untilMerged(folder: string): Promise<number> {
    for (let resumed = 0; resumed < 5; ) {
      await delay(3000);
      const { queue, merged, done, missing } = status(folder);
      if (queue === null || queue.length > 0) continue;
      if (merged) return resumed;
      say(`no task is left, ${done} shards done, missing ${missing.join(' ')}: resume`);
      command('resume', folder);
      resumed++;
    }
    throw new Error(`${folder} is not merged after five times`);
  }

  /** Processes of shards: the number of the shard by that of the process. */
  function running(): Map<number, number> {
    const found = new Map<number, number>();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = read(`/proc/${pid}/cmdline`).split('\0');
      const shard = line[line.indexOf('--shard') + 1] ?? '';
      if (line[0]?.endsWith('node') && line.includes('encode') && line.includes('e.npy')) {
        found.set(Number(pid), Number.parseInt(shard, 10));
      }
    }
    return found;
  }
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };

  it(
    '40 shards with tasks and a daemon killed and a full disk on a node: the bytes of one process',
    async () => {
      command('encode', ...options, '--output', 'whole.npy');
      say('one process is done');
      const shards = join(cwd, 'e.npy.shards');
      mkdirSync(join(shards, 'slurm'), { recursive: true });
      // node n2 sees a full drive where the shards are; its logs go where they belong
      cluster.killNode('n2');
      await delay(1000);
      const full = `mkdir -p ${cwd}/logs && mount --bind ${shards}/slurm ${cwd}/logs && mount -t tmpfs -o size=200k tmpfs ${shards} && mkdir ${shards}/slurm && mount --bind ${cwd}/logs ${shards}/slurm && exec "$@"`;
      cluster.startNode('n2', ['unshare', '--mount', 'bash', '-c', full, 'n2']);
      command('encode', ...options, '--output', 'e.npy', '--on', 'slurm', '--shards', String(SHARDS), '--time', '10');

      const logs = (): string =>
        readdirSync(join(shards, 'slurm'))
          .filter((name) => name.startsWith('log-'))
          .map((name) => read(join(shards, 'slurm', name)))
          .join('\n');
      while ((logs().match(/ENOSPC/g) ?? []).length < 3) await delay(500);
      say(`the drive of n2 was full for ${(logs().match(/ENOSPC/g) ?? []).length} tasks: it is mended`);
      cluster.killNode('n2');
      await delay(1000);
      cluster.startNode('n2');

      const killed = new Set<number>();
      while (killed.size < 6) {
        await delay(500 + random.integer(4000));
        const [victim] = [...running()].filter(([, shard]) => !killed.has(shard));
        if (!victim) continue;
        process.kill(victim[0], 'SIGKILL');
        killed.add(victim[1]);
        say(`killed the task of shard ${victim[1]}`);
        if (killed.size === 3) {
          say(`killed the daemon of n1, with shards ${[...running().values()].join(' ')} under way`);
          cluster.killNode('n1');
          await delay(20_000);
          cluster.startNode('n1');
        }
      }
      const resumed = await untilMerged('e.npy.shards');
      say(`merged, resumed ${resumed} times`);
      expect(readFileSync(join(cwd, 'e.npy')).equals(readFileSync(join(cwd, 'whole.npy')))).toBe(true);
      expect(status('e.npy.shards')).toMatchObject({ done: SHARDS, missing: [], damaged: [], foreign: [] });

      // each text is encoded once, except in shards that were killed or met the full drive
      let encoded = 0;
      const disturbed: number[] = [];
      for (let shard = 0; shard < SHARDS; shard++) {
        const own = readdirSync(join(shards, 'slurm'))
          .filter((name) => new RegExp(`^log-\\d+_${shard}\\.txt$`).test(name))
          .map((name) => read(join(shards, 'slurm', name)))
          .join('\n');
        const times = (own.match(/✓ encoding: [\d,]+ tokens/g) ?? []).length;
        encoded += times;
        if (/ended with|CANCELLED|requeue/i.test(own)) disturbed.push(shard);
        else expect(times, `shard ${shard}: ${own}`).toBe(1);
      }
      say(`shards stopped and tried again: ${disturbed.join(' ')}; whole encodings: ${encoded}`);
    },
    20 * MINUTES,
  );

  it(
    'a sweep of 12 points ends in one report',
    async () => {
      await writeTinyModel(join(cwd, 'model'));
      writeSnapshot(join(cwd, 'papers.jsonl'), 72);
      const settings = [
        'training.maxSteps=2',
        'batches.pairs=8',
        'datasets.validationShare=0.3',
        'evaluation.queries=all',
      ];
      const sweep = ['sweep', '--data', 'papers.jsonl', '--model', 'model', '--out', 'sweep', '--set', 'threads=1'];
      const vary = ['--vary', 'training.learningRate=1e-3,3e-4,1e-4', '--vary', 'encoder.lora.rank=2,4,8,16'];
      const all = [...sweep, ...settings.flatMap((one) => ['--set', one]), ...vary];
      command(...all, '--on', 'slurm', '--shards', '12', '--time', '10');
      const resumed = await untilMerged('sweep');
      const report = JSON.parse(readFileSync(join(cwd, 'sweep/sweep.json'), 'utf8')) as SweepReport;
      expect(report.points).toHaveLength(12);
      expect(report.failed).toEqual([]);
      expect(existsSync(join(cwd, 'sweep/sweep.md'))).toBe(true);
      say(`a sweep of ${report.points.length} points on ${report.queries} queries, resumed ${resumed} times`);
    },
    15 * MINUTES,
  );

  it(
    'Snakemake makes the same bytes, and tries once what no other try can mend',
    async () => {
      const python = join(cwd, 'python');
      execFileSync('python3', ['-m', 'venv', python]);
      const pip = [...'install -q snakemake snakemake-executor-plugin-slurm kubernetes-validate'.split(' ')];
      execFileSync(join(python, 'bin/pip'), pip, { stdio: 'ignore' });
      const snakemake = (output: string, input: string, ...rest: string[]): string =>
        execFileSync(
          join(python, 'bin/snakemake'),
          [
            ...['--snakefile', join(ROOT, 'workflows/Snakefile'), '--directory', cwd, ...rest],
            ...['--config', `input=${input}`, `output=${output}`, 'shards=3', `program=${process.execPath} ${BINARY}`],
          ],
          { cwd, env: cluster.env, encoding: 'utf8', stdio: 'pipe' },
        );
      writeFileSync(
        join(cwd, 'few.txt'),
        readFileSync(join(cwd, 'texts.txt'), 'utf8').split('\n').slice(0, 300).join('\n'),
      );
      command('encode', '--input', 'few.txt', '--output', 'few.npy', '--set', 'threads=1');
      snakemake('snake.npy', 'few.txt', '--cores', '2');
      expect(readFileSync(join(cwd, 'snake.npy')).equals(readFileSync(join(cwd, 'few.npy')))).toBe(true);
      say('Snakemake made the same bytes on the cores of this machine');

      const account = ['--default-resources', 'slurm_account=none', 'runtime=5'];
      const profile = ['--profile', join(ROOT, 'workflows/profiles/slurm'), ...account];
      snakemake('slurm.npy', 'few.txt', ...profile, '--slurm-status-command', 'squeue');
      expect(readFileSync(join(cwd, 'slurm.npy')).equals(readFileSync(join(cwd, 'few.npy')))).toBe(true);
      say('Snakemake made the same bytes on SLURM');

      // what no other try can mend is tried once
      let said = '';
      try {
        writeFileSync(join(cwd, 'blank.txt'), 'one\n\nthree\n');
        snakemake('bad.npy', 'blank.txt', '--cores', '1');
      } catch (error) {
        said = String((error as { stderr: string }).stderr);
      }
      expect(said).toMatch(/no other try: the first ended with 2/);
      execFileSync(join(python, 'bin/kubernetes-validate'), [
        '--strict',
        join(ROOT, 'workflows/kubernetes/indexed-job.yaml'),
      ]);
      say('the Indexed Job fits the schema of Kubernetes');
    },
    15 * MINUTES,
  );
});
