/** A job onto SLURM: an array of tasks that do the shards, and a job that merges when all have ended well. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { numberRanges } from '../core/shard.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { unwritable } from '../files/writing.js';
import { type JobRecord, readJobRecord, writeJobRecord } from './job-record.js';
import { mergeScript, shardScript, slurmFolder, taskCount } from './job-scripts.js';
import { submit } from './slurm.js';

/** What was submitted. */
export interface SubmittedJob {
  folder: string;
  shards: number;
  /** How many tasks the array has. */
  tasks: number;
  /** Numbers of the jobs of SLURM. */
  array: string;
  merge: string;
}

/**
 * Submits all shards of a job to SLURM, and a merge after them. Shards that are done are skipped by their tasks.
 *
 * @param record without the submissions, which are added to those that the folder knows
 */
export async function submitJob(folder: string, record: Omit<JobRecord, 'submissions'>): Promise<SubmittedJob> {
  const tasks = Array.from({ length: taskCount(record.shards) }, (_, i) => i);
  const earlier = await readJobRecord(folder).catch(() => null);
  return submitTasks(folder, { ...record, submissions: earlier?.submissions ?? [] }, tasks);
}

/** @param tasks of the array  @param after jobs that the merge waits for as well */
export async function submitTasks(
  folder: string,
  record: JobRecord,
  tasks: readonly number[],
  after: readonly string[] = [],
): Promise<SubmittedJob> {
  const scripts = slurmFolder(folder);
  await mkdir(scripts, { recursive: true }).catch((error: unknown) => {
    throw unwritable(scripts, error);
  });
  const [shards, merge] = [join(scripts, 'shards.sh'), join(scripts, 'merge.sh')];
  await writeFileAtomic(shards, shardScript(folder, record), { mode: 0o777 });
  await writeFileAtomic(merge, mergeScript(folder, record), { mode: 0o777 });
  const ranges = numberRanges(tasks);
  const array = await submit(shards, [`--array=${ranges}`]);
  // where a task has failed for good the merge is taken out of the queue, instead of waiting for ever
  const dependency = `--dependency=afterok:${[...after, array].join(':')}`;
  const merging = await submit(merge, [dependency, '--kill-on-invalid-dep=yes']);
  const submission = { array, merge: merging, tasks: ranges, at: new Date().toISOString() };
  await writeJobRecord(folder, { ...record, submissions: [...record.submissions, submission] });
  return { folder, shards: record.shards, tasks: tasks.length, array, merge: merging };
}
