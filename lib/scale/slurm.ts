/** The commands of SLURM that submit jobs, ask for their state, and cancel them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PassingError, UserError, WorkError } from '../core/errors.js';

const execute = promisify(execFile);

/** A job or a task of an array, as squeue tells it. */
export interface QueuedTask {
  /** "12", or "12_3" for a task of an array. */
  id: string;
  /** Of the array; null for a job that is none. */
  task: number | null;
  /** PENDING, RUNNING, COMPLETING and so on. */
  state: string;
  /** Why it waits: "Dependency", "Resources"; "None" where it does not. */
  reason: string;
  /** Where it runs; empty where it does not. */
  nodes: string;
}

/**
 * @returns the number of the job
 * @throws UserError where there is no SLURM or it refuses; PassingError where it does not answer
 */
export async function submit(script: string, options: readonly string[]): Promise<string> {
  const text = await slurm('sbatch', ['--parsable', ...options, script]);
  // "12" or "12;cluster"
  const [id = ''] = text.trim().split(';');
  if (!/^\d+$/.test(id)) throw new WorkError(`sbatch answered ${JSON.stringify(text)}: expected the number of a job`);
  return id;
}

/** Those of the jobs that wait or run, each task of an array by itself; null where there is no SLURM, or it does not answer. */
export async function queued(jobs: readonly string[]): Promise<QueuedTask[] | null> {
  if (jobs.length === 0) return [];
  const format = '%i|%T|%r|%N';
  try {
    const text = await slurm('squeue', ['--noheader', '--array', `--jobs=${jobs.join(',')}`, `--format=${format}`]);
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(queuedTask);
  } catch (error) {
    // SLURM forgets jobs some minutes after their end
    return /Invalid job id/.test((error as Error).message) ? [] : null;
  }
}

/** Takes a job out of the queue. */
export async function cancel(job: string): Promise<void> {
  await slurm('scancel', [job]);
}

function queuedTask(line: string): QueuedTask {
  const [id = '', state = '', reason = '', nodes = ''] = line.trim().split('|');
  const [, task] = /_(\d+)$/.exec(id) ?? [];
  return { id, task: task === undefined ? null : Number(task), state, reason, nodes };
}

async function slurm(command: string, options: readonly string[]): Promise<string> {
  try {
    return (await execute(command, options, { maxBuffer: 64 * 2 ** 20 })).stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') {
      throw new UserError(
        `--on slurm: there is no ${command} here; run it where jobs are submitted, or the shards by hand with --shard i/n`,
      );
    }
    const said = stderr.trim() || message;
    if (/Unable to contact|timed out|Connection refused/i.test(said)) {
      throw new PassingError(`${command} cannot reach SLURM (${said}): try again later`);
    }
    throw new UserError(`${command} refuses (${said}): change --time, --partition or --sbatch`);
  }
}
