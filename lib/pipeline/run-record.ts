/**
 * `run.json` of a run folder: the name of the run, what it is made from, and how it ended. Written before anything else
 * of a training, so that a folder always says whose results it holds.
 */

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { parseJson } from '../files/json.js';
import { savedProgress } from '../training/checkpoint.js';
import { strengthSchema } from '../training/checkpoint-state.js';
import { identitySchema } from './run-identity.js';

const FILE = 'run.json';

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string().min(1),
  created: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  identity: identitySchema,
  totalSteps: z.number().int().min(0),
  /** How much of what was learned is kept, chosen on validation; 0: none of it. Absent before the end. */
  strength: strengthSchema.optional(),
  /** A training that was stopped or killed stays "started". */
  state: z.enum(['started', 'finished', 'diverged']),
});

export type RunRecord = z.infer<typeof recordSchema>;

export async function writeRunRecord(folder: string, record: Omit<RunRecord, 'schemaVersion'>): Promise<void> {
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify({ schemaVersion: 1, ...record }, null, 2)}\n`);
}

/** @returns null where the folder is no run, or was made by a version that kept no record */
export async function readRunRecord(folder: string): Promise<RunRecord | null> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => null);
  return text === null ? null : parseRunRecord(folder, text);
}

/** The same at once, for callers that cannot wait. */
export function readRunRecordSync(folder: string): RunRecord | null {
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch {
    return null;
  }
  return parseRunRecord(folder, text);
}

function parseRunRecord(folder: string, text: string): RunRecord {
  try {
    return recordSchema.parse(parseJson(text));
  } catch {
    throw new UserError(`${join(folder, FILE)} is damaged: train again ${remedies().restart}, or into another folder`);
  }
}

/** How far a run came. */
export interface RunState {
  state: 'not started' | 'stopped' | 'finished' | 'diverged';
  /** Steps that are saved. */
  step: number;
  totalSteps: number;
}

export async function runState(folder: string): Promise<RunState> {
  const record = await readRunRecord(folder);
  const saved = await savedProgress(folder);
  const { step = 0, totalSteps = record?.totalSteps ?? 0 } = saved ?? {};
  if (record?.state === 'diverged') return { state: 'diverged', step, totalSteps };
  if (record?.state === 'finished') return { state: 'finished', step: record.totalSteps, totalSteps };
  // after its last step a training still validates, and writes what was best: it may be stopped before that
  if (!record && saved && saved.step === saved.totalSteps) return { state: 'finished', step, totalSteps };
  return { state: record || saved ? 'stopped' : 'not started', step, totalSteps };
}

/** "finished", "stopped at step 3 of 14" */
export function describeRunState({ state, step, totalSteps }: RunState): string {
  return state === 'stopped' || state === 'diverged' ? `${state} at step ${step} of ${totalSteps || '?'}` : state;
}

export function runName(folder: string, record: RunRecord | null): string {
  return record?.name ?? basename(folder);
}
