/**
 * What to do with a folder that already holds a run. Everything that can refuse is asked here, before the first write.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { discardTraining } from '../training/checkpoint.js';
import { describeDifferences, differences, isSameTraining, type RunIdentity } from './run-identity.js';
import { describeRunState, readRunRecord, runState } from './run-record.js';

/** What to do with a training that the run folder already has. */
export interface EarlierTraining {
  /** true: continue it, there has to be one; 'if-present': or start where there is none. */
  resume?: boolean | 'if-present';
  /** Throw it away, finished or not. */
  restart?: boolean;
}

/**
 * Without data or model: whether a training may begin in the folder at all.
 *
 * @throws UserError for a run that nobody decided about, and where there is nothing to resume
 */
export async function resolveExistingRun(folder: string, { resume, restart }: EarlierTraining): Promise<void> {
  const state = await runState(folder);
  if (resume && restart) throw new UserError('--resume and --restart exclude each other: give one of them');
  if (resume === true && state.state === 'not started') {
    throw new UserError(`${folder} has no training to resume: check the path, or leave out --resume to start one`);
  }
  if (resume || restart || state.state === 'not started') return;
  const what = state.state === 'finished' ? 'a finished run' : `a run that ${describeEnd(state)}`;
  const resuming = state.state === 'stopped' ? '--resume continues it, ' : '';
  throw new UserError(`${folder} holds ${what}: ${resuming}--restart discards it, --out names another folder`);
}

/**
 * With the identity of the training that is asked for: whether the run in the folder is the same.
 *
 * @throws UserError naming what differs
 */
export async function checkSameRun(folder: string, identity: RunIdentity): Promise<void> {
  const record = await readRunRecord(folder);
  if (!record || isSameTraining(record.identity, identity)) return;
  const found = differences(record.identity, identity);
  throw new UserError(
    `${folder} was trained with other settings (${describeDifferences(found)}): resume with those of the run, discard it with --restart, or train into another folder with --out`,
  );
}

/** What a run leaves in its folder beside the state of its training. */
const RESULTS = [
  'run.json',
  'config.json',
  'papers.jsonl',
  'adapter',
  'model',
  'runs',
  'sets',
  'embeddings',
  'index',
  'report.json',
  'report.html',
];

/** Removes a run whose folder is to hold another one. The reader's own files stay. */
export async function discardExistingRun(folder: string): Promise<void> {
  await discardTraining(folder);
  for (const name of RESULTS) await rm(join(folder, name), { recursive: true, force: true });
}

function describeEnd(state: Awaited<ReturnType<typeof runState>>): string {
  return state.state === 'diverged' ? describeRunState(state) : `was ${describeRunState(state)}`;
}
