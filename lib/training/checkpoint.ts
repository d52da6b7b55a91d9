/**
 * The saved states of a training, so that an interrupted one is resumed bit for bit. Each is a folder below
 * training-state/ in the run folder (checkpoint-folders.ts):
 *
 *     state.json               where training stands: step, epoch, batch, seed, best validation, history of the curves
 *     parameters.safetensors   the trained parameters
 *     optimizer.safetensors    first and second moments of AdamW
 *     SHA256SUMS               digests of the three, checked before they are used
 *
 * The latest few are kept, and that of the best validation. Where the latest is damaged the one before is used, which
 * costs the steps between and changes no result.
 */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import { remedies } from '../core/remedies.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readJsonFile } from '../files/json-file.js';
import { type SafetensorsTensor, writeSafetensors } from '../files/safetensors.js';
import type { AdamWState } from './adamw.js';
import { pruneStates, replaceState, type SavedState, STATE_FOLDER, savedStates } from './checkpoint-folders.js';
import { type Checkpoint, progressSchema, stateSchema, type TrainingState } from './checkpoint-state.js';
import { readTensors } from './checkpoint-tensors.js';
import { damageOf, digestOfTensors, writeChecksums } from './checksums.js';

export type { Checkpoint, TrainingState } from './checkpoint-state.js';

const STATE_FILE = 'state.json';
const PARAMETERS_FILE = 'parameters.safetensors';
const OPTIMIZER_FILE = 'optimizer.safetensors';
const FILES = [STATE_FILE, PARAMETERS_FILE, OPTIMIZER_FILE];
/** Put before the names of parameters in the optimizer's file. */
const FIRST = 'first_moment.';
const SECOND = 'second_moment.';
const remedy = (): string => `start the training anew ${remedies().restart}`;

/**
 * @param keep states that stay, this one included, beside that of the best validation
 * @throws WorkError where it can't be written; the earlier states are then still there
 */
export async function saveCheckpoint(
  runFolder: string,
  { state, parameters, optimizer }: Checkpoint,
  { keep }: { keep: number } = { keep: 2 },
): Promise<void> {
  const checked = stateSchema.safeParse({ schemaVersion: 2, ...state });
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    // JSON has no NaN: such a state would be written as null and refused when it is needed
    throw new WorkError(`the training state can't be saved: ${path.join('.')}: ${message}`);
  }
  const step = String(state.step);
  const values: Record<string, SafetensorsTensor> = {};
  const moments: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape, data }] of parameters) {
    values[name] = { dtype: 'F32', shape, data };
    moments[FIRST + name] = { dtype: 'F32', shape, data: optimizer.firstMoments.get(name)! };
    moments[SECOND + name] = { dtype: 'F32', shape, data: optimizer.secondMoments.get(name)! };
  }
  try {
    await replaceState(runFolder, state.step, async (folder) => {
      await writeSafetensors(join(folder, PARAMETERS_FILE), values, { step });
      await writeSafetensors(join(folder, OPTIMIZER_FILE), moments, { step, optimizer_step: String(optimizer.step) });
      await writeFileAtomic(join(folder, STATE_FILE), `${JSON.stringify(checked.data, null, 1)}\n`);
      await writeChecksums(folder, FILES);
    });
    await pruneStates(runFolder, { step: state.step, keep, best: state.bestValidation?.step ?? null });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new WorkError(`could not save the training state in ${runFolder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Whether a run folder holds a state to resume from, be it damaged or of an earlier version. */
export async function hasCheckpoint(runFolder: string): Promise<boolean> {
  return (await savedStates(runFolder)).length > 0 || (await earlierVersion(runFolder)) !== null;
}

/** How far a saved training got, and its curves, whatever its settings; null where none was saved. */
export async function savedProgress(runFolder: string): Promise<
  | (Pick<TrainingState, 'step' | 'totalSteps' | 'history' | 'skipped'> & {
      bestValidation: { value: number; step: number } | null;
    })
  | null
> {
  const states = await savedStates(runFolder);
  for (const { path } of states) {
    if (await damageOf(path, [STATE_FILE])) continue;
    return readJsonFile(join(path, STATE_FILE), stateSchema, remedy());
  }
  if (states.length > 0) throw new UserError(`no state in ${join(runFolder, STATE_FOLDER)} is whole: ${remedy()}`);
  const earlier = await earlierVersion(runFolder);
  return earlier === null ? null : readJsonFile(earlier, progressSchema, remedy());
}

/** Removes a saved training and its curves, so that another can begin in the folder. */
export async function discardTraining(runFolder: string): Promise<void> {
  const earlier = [`${STATE_FOLDER}.previous`, `${STATE_FOLDER}.next`];
  for (const folder of [STATE_FOLDER, ...earlier, 'tensorboard', 'diverged.json']) {
    await rm(join(runFolder, folder), { recursive: true, force: true });
  }
}

/** What the resuming training has. */
export interface ExpectedCheckpoint {
  configFingerprint: string;
  parameters: ReadonlyMap<string, { shape: readonly number[] }>;
  /** A second copy of the best parameters, for where the first is damaged. */
  readBest?(): Promise<ParameterMap>;
}

/**
 * The latest state that is whole, with all that it needs.
 *
 * @param onMessage hears of damaged states that were passed over
 * @throws UserError where there is no state, none is whole, or it is of another training
 */
export async function loadCheckpoint(
  runFolder: string,
  expected: ExpectedCheckpoint,
  onMessage?: Reporting['onMessage'],
): Promise<Checkpoint> {
  const states = await savedStates(runFolder);
  if (states.length === 0) {
    const parent = join(runFolder, STATE_FOLDER);
    if (await earlierVersion(runFolder)) {
      throw new UserError(
        `${parent} was saved by an earlier version, without digests: finish the training with that version, or ${remedy()}`,
      );
    }
    throw new UserError(`${runFolder} has no ${STATE_FOLDER}: nothing to resume; start the training without --resume`);
  }
  const damaged: string[] = [];
  for (const saved of states) {
    const damage = await damageOf(saved.path, FILES);
    if (damage) {
      damaged.push(`${saved.path} is damaged (${damage})`);
      continue;
    }
    const checkpoint = await readCheckpoint(saved, expected);
    const best = checkpoint.state.bestValidation;
    if (best && best.step !== saved.step && !(await findBest(runFolder, best, expected))) {
      damaged.push(`the best parameters that ${saved.path} refers to, of step ${best.step}, are damaged`);
      continue;
    }
    if (damaged.length > 0) {
      const lost = states[0]!.step - saved.step;
      const text = `${damaged.join('; ')}: resumes from step ${saved.step} instead, ${quantity(lost, 'steps')} ${agreeing(lost, 'is', 'are')} trained again`;
      onMessage?.({ level: 'warning', text });
    }
    return checkpoint;
  }
  throw new UserError(`${damaged.join('; ')}: no saved state is whole; ${remedy()}`);
}

/** The parameters of the best validation. @throws UserError where no copy is whole */
export async function loadBest(
  runFolder: string,
  best: { step: number; digest: string },
  expected: Pick<ExpectedCheckpoint, 'parameters' | 'readBest'>,
): Promise<ParameterMap> {
  const found = await findBest(runFolder, best, expected);
  if (!found)
    throw new UserError(`the best parameters of ${runFolder}, of step ${best.step}, are damaged: ${remedy()}`);
  return found;
}

async function findBest(
  runFolder: string,
  { step, digest }: { step: number; digest: string },
  { parameters, readBest }: Pick<ExpectedCheckpoint, 'parameters' | 'readBest'>,
): Promise<ParameterMap | null> {
  const copies = (await savedStates(runFolder))
    .filter((saved) => saved.step === step)
    .map((saved) => async (): Promise<ParameterMap> => {
      const { data } = await readTensors(join(saved.path, PARAMETERS_FILE), step, parameters, ['']);
      return shaped(parameters, (name) => data.get(name)!);
    });
  for (const read of [...copies, ...(readBest ? [readBest] : [])]) {
    // a file that cannot be read is as damaged as one with another digest
    const copy = await read().catch(() => null);
    if (copy && digestOfTensors(copy) === digest) return copy;
  }
  return null;
}

async function readCheckpoint({ step, path }: SavedState, expected: ExpectedCheckpoint): Promise<Checkpoint> {
  const { schemaVersion: _, ...state } = await readJsonFile(join(path, STATE_FILE), stateSchema, remedy());
  if (state.configFingerprint !== expected.configFingerprint) {
    throw new UserError(
      `${path} was saved with other settings (${state.configFingerprint}, now ${expected.configFingerprint}): ` +
        'resume with the config.json of the run, or train into another folder',
    );
  }
  if (state.step !== step) throw new UserError(`${path} holds the state of step ${state.step}: ${remedy()}`);
  const values = await readTensors(join(path, PARAMETERS_FILE), step, expected.parameters, ['']);
  const moments = await readTensors(join(path, OPTIMIZER_FILE), step, expected.parameters, [FIRST, SECOND]);
  const optimizer: AdamWState = {
    step: Number(moments.metadata.optimizer_step),
    firstMoments: new Map(),
    secondMoments: new Map(),
  };
  if (!Number.isSafeInteger(optimizer.step)) {
    throw new UserError(`${path}/${OPTIMIZER_FILE} has no optimizer_step: ${remedy()}`);
  }
  for (const name of expected.parameters.keys()) {
    optimizer.firstMoments.set(name, moments.data.get(FIRST + name)!);
    optimizer.secondMoments.set(name, moments.data.get(SECOND + name)!);
  }
  return { state, parameters: shaped(expected.parameters, (name) => values.data.get(name)!), optimizer };
}

function shaped(parameters: ExpectedCheckpoint['parameters'], dataOf: (name: string) => Float32Array): ParameterMap {
  return new Map([...parameters].map(([name, { shape }]) => [name, { shape: [...shape], data: dataOf(name) }]));
}

/** The state.json of a state of version 1, which had one folder and no digests; null where there is none. */
async function earlierVersion(runFolder: string): Promise<string | null> {
  for (const folder of [STATE_FOLDER, `${STATE_FOLDER}.previous`]) {
    const path = join(runFolder, folder, STATE_FILE);
    if (await readFile(path).catch(() => null)) return path;
  }
  return null;
}
