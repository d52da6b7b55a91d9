/** The options of the commands whose work is shared: one shard of it, or all of them on SLURM. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  formatQuantity,
  parseShard,
  type Shard,
  type ShardKind,
  type SubmittedJob,
  submitJob,
  UserError,
} from '../lib/index.js';
import { wholeNumber } from './whole-number.js';

export interface ShardOptions {
  shard?: string;
  on: string;
  shards?: string;
  time?: string;
  partition?: string;
  sbatch?: string;
}

/** Options with a value that say where a command runs, and not what it does. */
const PLACE_OPTIONS = ['--on', '--shards', '--time', '--partition', '--sbatch'];

export function addShardOptions(command: Command): Command {
  return command
    .option(
      '--shard <i/n>',
      'only the i-th of n shards, from 0/n on; auto/n takes i from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX. Exits with 75 where another try may help',
    )
    .option('--on <place>', 'local, or slurm: submits all shards and a merge after them', 'local')
    .option('--shards <n>', 'with --on slurm: how many shards')
    .option('--time <limit>', 'with --on slurm: of a task, as sbatch takes it, such as 2:00:00')
    .option('--partition <name>', 'with --on slurm: where tasks run')
    .option('--sbatch <options>', 'with --on slurm: other options of sbatch, such as "--mem=8G --cpus-per-task=4"');
}

/** The one shard that is asked for; undefined where that is not so. */
export function shardOf({ shard }: ShardOptions): Shard | undefined {
  return shard === undefined ? undefined : parseShard(shard);
}

/** What is submitted, and where its shards go. */
export interface ClusterJob {
  kind: ShardKind;
  /** Of the shards. */
  folder: string;
  /** What merging writes. */
  output: string;
}

/**
 * Submits the command, where that is asked for.
 *
 * @returns null where the command runs here
 * @throws UserError for options that do not go together
 */
export async function submitted(
  command: Command,
  options: ShardOptions,
  { kind, folder, output }: ClusterJob,
): Promise<SubmittedJob | null> {
  const { on, shard, shards, time, partition, sbatch } = options;
  if (on !== 'local' && on !== 'slurm') throw new UserError(`--on ${on}: expected local or slurm`);
  if (on === 'local') {
    const [idle] = Object.entries({ shards, time, partition, sbatch }).find(([, value]) => value !== undefined) ?? [];
    if (idle) throw new UserError(`--${idle} is for --on slurm: give that too, or --shard i/n for one shard here`);
    return null;
  }
  if (shard !== undefined) throw new UserError('--shard is one shard, and --on slurm submits all: give one of them');
  if (shards === undefined) throw new UserError('--on slurm: give the number of shards too, such as --shards 40');
  const count = wholeNumber('--shards', shards);
  parseShard(`0/${count}`);
  return submitJob(resolve(folder), {
    formatVersion: 1,
    kind,
    shards: count,
    program: [process.execPath, resolve(process.argv[1] ?? '')],
    command: withoutPlace(rawArguments(command)),
    cwd: process.cwd(),
    output,
    slurm: { time, partition, sbatch },
  });
}

/** "40 shards in 40 tasks: job 12 …", for people. */
export function submittedText({ folder, shards, tasks, array, merge }: SubmittedJob): string {
  return (
    `${formatQuantity(shards, 'shards')} in ${formatQuantity(tasks, 'tasks')}: job ${array}, and job ${merge} merges them\n` +
    `how far it is: llm-embedding status ${folder}`
  );
}

/** The words after the name of the program. */
function rawArguments(command: Command): string[] {
  return (command.parent as (Command & { rawArgs: string[] }) | null)?.rawArgs.slice(2) ?? [];
}

function withoutPlace(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (PLACE_OPTIONS.includes(arg)) i++;
    else if (arg !== '--json' && !PLACE_OPTIONS.some((option) => arg.startsWith(`${option}=`))) kept.push(arg);
  }
  return kept;
}
