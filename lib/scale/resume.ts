/** A job continues: the shards that the disk does not have are made, on SLURM or here, and then all are merged. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { throwIfAborted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { numberList } from '../core/shard.js';
import { type JobRecord, readJobRecord } from './job-record.js';
import { taskCount } from './job-scripts.js';
import { cancel, queued } from './slurm.js';
import { jobStatus } from './status.js';
import { type SubmittedJob, submitTasks } from './submit.js';

/** Where the rest of a job runs. */
export const PLACES = ['local', 'slurm'] as const;
/** One of {@link PLACES}. */
export type Place = (typeof PLACES)[number];

export interface ResumeOptions extends Reporting {
  /** Absent: slurm where the job was submitted to it, else local. */
  on?: Place;
}

/** What was done to continue a job. */
export interface ResumedJob {
  folder: string;
  /** Shards that were missing or damaged, and are made now or by the tasks that were submitted. */
  resumed: number[];
  /** Those of them that wait or run in SLURM already, and were left to it. */
  waiting: number[];
  /** Absent where nothing was submitted. */
  submitted?: SubmittedJob;
  /** Whether the result is there. */
  merged: boolean;
}

/**
 * Makes the shards that the disk does not have, on SLURM or here, and merges.
 *
 * @throws UserError where nothing says how the shards are made, or some are of another job
 */
export async function resumeJob(given: string, options: ResumeOptions = {}): Promise<ResumedJob> {
  const folder = resolve(given);
  const record = await readJobRecord(folder);
  const status = await jobStatus(folder, { verify: true });
  if (status.foreign.length > 0) {
    throw new UserError(
      `${given} has shards of another job, ${status.foreign.join(', ')}: remove them, and resume again`,
    );
  }
  const lacking = [...status.missing, ...status.damaged.map(({ index }) => index)].sort((a, b) => a - b);
  if (!record) {
    throw new UserError(
      `${given} does not say how its shards are made, for they were not started with --on slurm: ${lacking.length > 0 ? `run shards ${numberList(lacking)} again with --shard i/${status.shards}, then` : 'run'} llm-embedding merge ${given}`,
    );
  }
  if (lacking.length === 0 && status.merged) return { folder, resumed: [], waiting: [], merged: true };
  const on = options.on ?? (record.submissions.length > 0 ? 'slurm' : 'local');
  return on === 'slurm' ? onSlurm(folder, record, lacking) : here(folder, record, lacking, options);
}

/** Tasks that still wait or run are left alone; the merge waits for them too. */
async function onSlurm(folder: string, record: JobRecord, lacking: readonly number[]): Promise<ResumedJob> {
  const last = record.submissions.slice(-MOST_LOOKED_AT);
  const queue = (await queued(last.flatMap(({ array, merge }) => [array, merge]))) ?? [];
  const tasks = taskCount(record.shards);
  const alive = new Set(queue.flatMap(({ task }) => task ?? []));
  const waiting = lacking.filter((shard) => alive.has(shard % tasks));
  const resumed = lacking.filter((shard) => !alive.has(shard % tasks));
  const merges = last.filter(({ merge }) => queue.some(({ id }) => id === merge)).map(({ merge }) => merge);
  if (resumed.length === 0 && merges.length > 0) return { folder, resumed, waiting, merged: false };
  for (const merge of merges) await cancel(merge);
  const arrays = last
    .filter(({ array }) => queue.some(({ id }) => id.startsWith(`${array}_`)))
    .map(({ array }) => array);
  // without a missing shard a task that has nothing to do is enough to merge after
  const needed = [...new Set(resumed.map((shard) => shard % tasks))];
  const submitted = await submitTasks(folder, record, needed.length > 0 ? needed : [0], arrays);
  return { folder, resumed, waiting, submitted, merged: false };
}

/** Submissions whose tasks may still be in the queue. */
const MOST_LOOKED_AT = 20;

/** One shard after the other, each a process of its own, as on a cluster. */
async function here(
  folder: string,
  { program, command, cwd, shards }: JobRecord,
  lacking: readonly number[],
  { onMessage, onProgress, signal }: Reporting,
): Promise<ResumedJob> {
  for (const [i, shard] of lacking.entries()) {
    throwIfAborted(signal, 'shards that are done stay: resume again to continue');
    onProgress?.({ task: 'making shards', done: i, total: lacking.length, unit: 'shards' });
    await runCommand([...program, ...command, '--shard', `${shard}/${shards}`], cwd, signal);
    onMessage?.({ level: 'info', text: `shard ${shard} of ${shards} is done` });
  }
  await runCommand([...program, 'merge', folder], cwd, signal);
  return { folder, resumed: [...lacking], waiting: [], merged: true };
}

function runCommand([program = '', ...args]: string[], cwd: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-10_000);
    });
    const stop = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', stop);
    child.on('error', failed);
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop);
      if (code === 0) return done();
      try {
        throwIfAborted(signal, 'shards that are done stay: resume again to continue');
      } catch (error) {
        return failed(error);
      }
      const reason = said.trimEnd().split('\n').at(-1) ?? '';
      failed(new WorkError(`${args.slice(-2).join(' ')} ended with ${killedBy ?? code}: ${reason}`));
    });
  });
}

/** "shards 3, 7 to 9", for people. */
export function shardList(shards: readonly number[]): string {
  return shards.length === 0 ? 'no shard' : `${quantity(shards.length, 'shards')} (${numberList(shards)})`;
}
