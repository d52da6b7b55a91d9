/**
 * A training in a run folder: everything that can refuse is asked before the first write, the folder is locked while it
 * is written, and what is trained carries what made it.
 */

import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { remedies } from '../core/remedies.js';
import type { SplitPaper } from '../datasets/paper.js';
import { ONE_PROCESS } from '../distributed/communicator.js';
import { isThere } from '../files/is-there.js';
import type { Teacher } from '../losses/teacher.js';
import { DivergedError } from '../training/divergence.js';
import type { TrainPapersOptions, TrainPapersResult } from '../training/train-papers.js';
import { asHyperparameters } from '../training/training-events.js';
import type { KeepBest } from '../training/training-options.js';
import { encoderUse } from './encoder-use.js';
import { checkSameRun, discardExistingRun, type EarlierTraining, resolveExistingRun } from './existing-run.js';
import { setProvenanceAside, writeProvenance } from './provenance.js';
import { runTrainedFolder, startRunFolder } from './run-folder.js';
import type { RunIdentity } from './run-identity.js';
import { lockRunFolder } from './run-lock.js';
import { type RunRecord, readRunRecord, writeRunRecord } from './run-record.js';
import { checkNameIsFree, renameRun } from './runs/change-runs.js';
import { checkRunName } from './runs/run-name.js';
import type { StepResults } from './step-results.js';
import { encoderStep } from './steps/encoder.js';
import type { TokenizedDataset } from './steps/tokens.js';
import { type TrainingListeners, trainingStep } from './steps/training.js';
import { checkTeacher, teacherFor } from './teacher.js';
import { configOfRank } from './train-on-rank.js';

/** Where a training goes, its loss, who listens, and what to do about an earlier run in the folder. */
export interface TrainOptions
  extends Reporting,
    TrainingListeners,
    EarlierTraining,
    Pick<TrainPapersOptions, 'loss' | 'communicator'> {
  /** The run folder; absent: one among the session's runs, where an earlier training of the same is continued. */
  folder?: string;
  /** Of a run, which no other one beside it may have; absent: the name of the folder. */
  name?: string;
}

/** A finished training and where it lies. */
export interface TrainedRun extends TrainPapersResult {
  /** The run folder. */
  folder: string;
  /** Folder of the best adapter, as PEFT writes it, or of the model where all weights were trained. */
  trainedFolder: string;
}

/** @param ownFolder the folder of a training that names none */
export async function trainInFolder(
  results: StepResults,
  given: Config,
  options: TrainOptions,
  ownFolder: () => Promise<string>,
): Promise<TrainedRun> {
  const { communicator = ONE_PROCESS } = options;
  const config = configOfRank(given, communicator);
  const { folder: named, name, resume, restart, ...listeners } = options;
  // absolute: the current folder of a long training may vanish, and a path below it must not
  let folder = named === undefined ? null : resolve(named);
  const earlier: EarlierTraining = folder === null ? { resume: 'if-present' } : { resume, restart };
  await checkRequest(config, options, earlier);
  // a job whose ranks were killed is started again at once, before its lock is void
  const wait = communicator.size > 1 ? 15_000 : 0;
  let release = folder === null ? null : await lockRunFolder(folder, { wait });
  try {
    const { papers } = await results.dataset(config, options);
    const tokenized = await results.tokens(config, options);
    const identity = await results.identity(config, options, options.loss);
    const teacher = await teacherFor(results, config, options);
    // the others now find in the cache what was made here
    await communicator.barrier();
    folder ??= await calledBy(name, await ownFolder());
    release ??= await lockRunFolder(folder, { wait });
    await resolveExistingRun(folder, earlier);
    if (restart) await discardExistingRun(folder);
    else await checkSameRun(folder, identity);
    const record = await recordOf(folder, identity, name);
    if (record.state !== 'finished') await startRunFolder(folder, given, papers, record);
    return await trainLocked(
      results,
      config,
      { ...listeners, ...teacher },
      { folder, papers, tokenized, record, given },
    );
  } finally {
    await release?.();
  }
}

interface LockedRun {
  folder: string;
  papers: SplitPaper[];
  tokenized: TokenizedDataset;
  record: Omit<RunRecord, 'schemaVersion'>;
  /** The settings as they are written. */
  given: Config;
}

/** Trains in a folder that is this training's alone, and leaves there what was trained with what made it. */
async function trainLocked(
  results: StepResults,
  config: Config,
  options: Omit<TrainOptions, 'folder' | 'name' | 'resume' | 'restart'> & { teacher?: Teacher },
  { folder, papers, tokenized, record, given }: LockedRun,
): Promise<TrainedRun> {
  const { identity } = record;
  const encoder = await encoderStep.run(config, await results.model(config, options));
  if (config.encoder.adapter !== null) {
    const text = `training goes on with the adapter ${config.encoder.adapter}: its rank, alpha and modules hold, and encoder.lora is not read`;
    options.onMessage?.({ level: 'info', text });
  }
  const trainedFolder = runTrainedFolder(folder, config);
  let kept: Parameters<KeepBest>[1] = { step: 0 };
  const describe = (finished: boolean, step: number, beside = trainedFolder): Promise<void> =>
    writeProvenance(beside, {
      identity,
      use: encoderUse(config, encoder.base.sentence),
      ...kept,
      progress: { step, totalSteps, finished },
    });
  let totalSteps = 0;
  const bringBack = (): Promise<void> =>
    ifRemoved(folder, options, () => startRunFolder(folder, given, papers, record));
  try {
    const result = await trainingStep.run(
      config,
      { papers, tokenized, encoder },
      {
        ...options,
        onStart(start) {
          totalSteps = start.totalSteps;
          options.onStart?.(start);
        },
        folders: { run: folder, best: trainedFolder },
        identity: identity.fingerprint,
        hyperparameters: asHyperparameters(identity.settings),
        resume: 'if-present',
        keepBest: async (write, at) => {
          kept = at;
          await bringBack();
          await setProvenanceAside(trainedFolder);
          await write();
          await describe(record.state === 'finished', at.step);
        },
      },
    );
    if (result.fallback) await leaveElsewhere(folder, result, describe);
    if (result.unsaved !== undefined) throw unsavedError(folder, trainedFolder, result.unsaved);
    if (record.state !== 'finished') {
      await bringBack();
      kept = keptOf(result);
      await describe(true, totalSteps);
      await endRun(folder, record, 'finished', { totalSteps, strength: kept.strength });
    }
    return { ...result, folder, trainedFolder };
  } catch (error) {
    if (error instanceof DivergedError) {
      await endRun(folder, record, 'diverged', { totalSteps });
    }
    throw error;
  } finally {
    await encoder.dispose();
  }
}

/** Asked before anything is loaded, so that a forgotten option costs no time. */
async function checkRequest(
  config: Config,
  { folder, name, loss }: TrainOptions,
  earlier: EarlierTraining,
): Promise<void> {
  checkTeacher(config, loss);
  if (name !== undefined) checkRunName(name);
  if (folder === undefined) return;
  await resolveExistingRun(folder, earlier);
  if (name !== undefined) checkNameIsFree(resolve(folder), name);
}

/** Somebody may remove the folder, or unmount it, in the hours that a training takes. */
async function ifRemoved(folder: string, { onMessage }: Reporting, makeAgain: () => Promise<void>): Promise<void> {
  if (await isThere(join(folder, 'run.json'))) return;
  await makeAgain();
  const text = `${folder} WAS REMOVED during the training and is made again: earlier states and the curves of TensorBoard are lost`;
  onMessage?.({ level: 'warning', text });
}

/** Says where the best parameters are, with what made them beside them. */
async function leaveElsewhere(
  folder: string,
  { fallback, totalSteps }: TrainPapersResult,
  describe: (finished: boolean, step: number, beside: string) => Promise<void>,
): Promise<never> {
  const { folder: elsewhere, reason } = fallback as NonNullable<TrainPapersResult['fallback']>;
  await describe(true, totalSteps, elsewhere);
  throw new WorkError(
    `${folder} cannot be written (${reason}): what was trained is in ${elsewhere} instead; use it from there, or make room and ${remedies().again}`,
  );
}

function unsavedError(folder: string, trained: string, reason: string): WorkError {
  return new WorkError(
    `what was trained is in ${trained}, but the state of the training could not be saved in ${folder} (${reason}): make room and ${remedies().again}`,
  );
}

/** One of the session's runs under the name; it is renamed where the same was trained under another. */
async function calledBy(name: string | undefined, folder: string): Promise<string> {
  if (name === undefined) return folder;
  checkNameIsFree(folder, name);
  const record = await readRunRecord(folder);
  return record && record.name !== name ? renameRun(folder, name) : folder;
}

/** The record of the run in the folder, or a new one. */
async function recordOf(
  folder: string,
  identity: RunIdentity,
  name: string | undefined,
): Promise<Omit<RunRecord, 'schemaVersion'>> {
  const known = await readRunRecord(folder);
  if (known) return { ...known, ...(name === undefined ? {} : { name }) };
  const created = new Date().toISOString();
  return { name: name ?? basename(folder), created, ended: null, identity, totalSteps: 0, state: 'started' };
}

/** Step of the best validation of what was trained, the last where nothing was validated; and how much of it is kept. */
function keptOf({ history, bestScore, totalSteps }: TrainPapersResult): Parameters<KeepBest>[1] {
  const best = history.validations.find(({ step, mrr }) => step > 0 && mrr === bestScore);
  return { step: best?.step ?? totalSteps, ...(history.strength && { strength: history.strength }) };
}

async function endRun(
  folder: string,
  record: Omit<RunRecord, 'schemaVersion'>,
  state: RunRecord['state'],
  { totalSteps, strength }: Pick<RunRecord, 'totalSteps' | 'strength'>,
): Promise<void> {
  const ended = new Date().toISOString();
  await writeRunRecord(folder, { ...record, state, ended, totalSteps, ...(strength && { strength }) });
}
