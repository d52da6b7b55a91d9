/**
 * The scripts that SLURM runs, to be read by people too. They do what SLURM does not: a task that ends with 75, or is killed,
 * is put back into the queue, up to three times; SLURM alone would call it failed, and the merge would wait for ever.
 */
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import type { JobRecord } from './job-record.js';

/** Tasks of an array; clusters refuse more as a rule, and more shards are several a task. */
export const MOST_TASKS = 1000;
/** Times that a task is put back into the queue. */
const MOST_RESTARTS = 3;
/** Before its time limit a task is told to stop, and has so many seconds to keep what it has. */
const SECONDS_TO_STOP = 60;

/** How many tasks do the shards: task t does the shards t, t + tasks, and so on. */
export function taskCount(shards: number): number {
  return Math.min(shards, MOST_TASKS);
}

/** Where the scripts and the logs of a job are. */
export function slurmFolder(folder: string): string {
  return join(folder, 'slurm');
}

/** The script of an array task. */
export function shardScript(folder: string, record: JobRecord): string {
  const { kind, shards, command } = record;
  const tasks = taskCount(shards);
  return [
    ...head(folder, record, `${kind}`, 'log-%A_%a.txt'),
    `# This task does shard number SLURM_ARRAY_TASK_ID of ${shards}${tasks < shards ? `, and every ${tasks}th after it` : ''}. Shards that are done are skipped.`,
    `for (( shard = SLURM_ARRAY_TASK_ID; shard < ${shards}; shard += ${tasks} )); do`,
    `  run ${words([...record.program, ...command])} --shard "$shard/${shards}"`,
    'done',
    '',
  ].join('\n');
}

/** The script that puts the shards together. */
export function mergeScript(folder: string, record: JobRecord): string {
  return [
    ...head(folder, record, `merge`, 'merge-%j.txt'),
    `run ${words([...record.program, 'merge', folder])}`,
    '',
  ].join('\n');
}

function head(folder: string, { cwd, slurm }: JobRecord, name: string, log: string): string[] {
  const { time, partition, sbatch } = slurm;
  const given = [time && `--time=${time}`, partition && `--partition=${partition}`, sbatch].filter(Boolean) as string[];
  const broken = given.find((text) => /[\r\n]/.test(text));
  if (broken !== undefined) throw new UserError(`${JSON.stringify(broken)}: expected options of sbatch on one line`);
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${name}`,
    `#SBATCH --output="${join(slurmFolder(folder), log)}"`,
    '#SBATCH --open-mode=append',
    '# put back into the queue where its node fails',
    '#SBATCH --requeue',
    `# asked to stop ${SECONDS_TO_STOP} seconds before the time limit: what is finished is kept`,
    `#SBATCH --signal=B:TERM@${SECONDS_TO_STOP}`,
    ...given.map((text) => `#SBATCH ${text}`),
    '',
    `cd ${word(cwd)} || exit 1`,
    '',
    '# Runs a command and hands SIGTERM on to it. Where it was killed, or another try may help (75), this task goes back into the',
    `# queue, up to ${MOST_RESTARTS} times. A failure that no other try can mend ends the task.`,
    'run() {',
    '  "$@" &',
    '  local child=$! code',
    '  trap \'kill -TERM "$child" 2>/dev/null\' TERM',
    '  wait "$child"; code=$?',
    '  # a signal ends the waiting, not the child',
    '  while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done',
    '  trap - TERM',
    '  [ "$code" -eq 0 ] && return',
    `  if { [ "$code" -eq 75 ] || [ "$code" -gt 128 ]; } && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${MOST_RESTARTS} ]; then`,
    `    echo "ended with $code after \${SLURM_RESTART_COUNT:-0} restarts: back into the queue"`,
    '    # SLURM ends this script as it does so',
    '    scontrol requeue "$SLURM_JOB_ID" && sleep 120',
    '  fi',
    '  exit "$code"',
    '}',
    '',
  ];
}

const words = (list: readonly string[]): string => list.map(word).join(' ');

/** A word of a shell command, quoted where it needs to be. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
