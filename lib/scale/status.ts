/** How far a job is: what the disk has of each shard, and beside it what SLURM says. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { shardName } from '../core/shard.js';
import { isThere } from '../files/is-there.js';
import type { ShardKind } from '../files/shards/manifest.js';
import { type JobState, jobState } from '../files/shards/shard-state.js';
import { type JobRecord, readJobRecord } from './job-record.js';
import { type QueuedTask, queued } from './slurm.js';

/** How far a job is. */
export interface JobStatus {
  folder: string;
  kind: ShardKind;
  shards: number;
  done: number;
  /** Numbers of the shards that are not there; those that are under way or were stopped with what they have kept among them. */
  missing: number[];
  /** Of the missing ones: texts that are encoded and kept. */
  kept: { index: number; texts: number }[];
  damaged: { index: number; problem: string }[];
  /** Files of another job. */
  foreign: string[];
  /** The result, and whether it is there. */
  output: string;
  merged: boolean;
  /** Tasks that wait or run; null where SLURM was not asked or does not answer. */
  queue: QueuedTask[] | null;
}

export interface StatusOptions {
  /** Compares checksums, which reads all shards; else sizes alone. */
  verify?: boolean;
}

/** How far the job of a folder is. @throws UserError where there is none */
export async function jobStatus(given: string, { verify = false }: StatusOptions = {}): Promise<JobStatus> {
  const folder = resolve(given);
  const record = await readJobRecord(folder);
  const state = await stateOf(folder, record, verify);
  const { kind, count, done, missing, damaged, foreign } = state;
  const output = resultOf(folder, record, state);
  return {
    folder,
    kind,
    shards: count,
    done: done.size,
    missing,
    kept: kind === 'encode' ? await keptTexts(folder, missing, count) : [],
    damaged,
    foreign,
    output,
    merged: await isThere(output),
    queue: record && record.submissions.length > 0 ? await queued(jobsOf(record)) : null,
  };
}

/** Numbers of all jobs that a record knows. */
export function jobsOf({ submissions }: JobRecord): string[] {
  return submissions.flatMap(({ array, merge }) => [array, merge]);
}

/** A job that was just submitted has no shard yet: its record says how many there are to be. */
async function stateOf(folder: string, record: JobRecord | null, verify: boolean): Promise<JobState> {
  try {
    return await jobState(folder, { verify });
  } catch (error) {
    if (!(error instanceof UserError) || record === null) throw error;
    const { kind, shards: count } = record;
    const missing = Array.from({ length: count }, (_, i) => i);
    return { kind, count, job: {}, done: new Map(), missing, damaged: [], foreign: [] };
  }
}

function resultOf(folder: string, record: JobRecord | null, { kind, done }: JobState): string {
  if (kind === 'evaluate') return join(dirname(folder), 'report.json');
  if (kind !== 'encode') return join(folder, kind === 'sweep' ? 'sweep.json' : 'ablation.json');
  if (record) return resolve(record.cwd, record.output);
  const [first] = done.values();
  return join(dirname(folder), String(first?.result.output ?? ''));
}

/** By the journals of shards that are not done. */
async function keptTexts(folder: string, missing: readonly number[], count: number): Promise<JobStatus['kept']> {
  const kept: JobStatus['kept'] = [];
  for (const index of missing) {
    const journal = join(folder, `${shardName({ index, count })}.safetensors.partial.journal`);
    const lines = (await readFile(journal, 'utf8').catch(() => '')).split('\n').slice(1, -1);
    const texts = lines.reduce((sum, line) => sum + line.split(' ').length - 1, 0);
    if (texts > 0) kept.push({ index, texts });
  }
  return kept;
}
