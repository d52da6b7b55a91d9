/**
 * The state of a training, so that an interrupted one goes on bit for bit. In the run folder:
 *
 *   training-state/
 *     state.json               where training stands: step, epoch, batch, seed, best validation, history of the curves
 *     parameters.safetensors   the trained parameters
 *     optimizer.safetensors    first and second moments of AdamW
 *
 * A state is written whole under another name, flushed, and swapped in by renaming. Between the two renames the former
 * state lies in `training-state.previous/`, where loading finds it, so that a kill at any moment costs at most the
 * steps since the last save.
 */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError, WorkError } from '../core/errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readJsonFile } from '../files/json-file.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../files/safetensors.js';
import type { AdamWState } from './adamw.js';

const FOLDER = 'training-state';
const STATE_FILE = 'state.json';
const PARAMETERS_FILE = 'parameters.safetensors';
const OPTIMIZER_FILE = 'optimizer.safetensors';
/** Put before the names of parameters in the optimizer's file. */
const FIRST = 'first_moment.';
const SECOND = 'second_moment.';
const REMEDY = `delete the folder ${FOLDER} and start the training anew`;

const count = () => z.number().int().min(0);

/** Where a training stands. */
export interface TrainingState {
  /** Optimizer steps taken. */
  step: number;
  /** Steps that the whole training takes. */
  totalSteps: number;
  epoch: number;
  /** Batches of the epoch already trained on. */
  batchIndex: number;
  seed: number;
  /** See {@link fingerprintOf}. */
  configFingerprint: string;
  bestValidation: { metric: string; value: number; step: number } | null;
  /** What the curves of the report draw. */
  history: {
    steps: { step: number; loss: number; learningRate: number; gradientNorm: number; tokensPerSecond: number }[];
    validations: { step: number; mrr: number }[];
  };
  /** Steps without effect, see divergence.ts. */
  skipped: { step: number; reason: string }[];
}

const stateSchema: z.ZodType<TrainingState & { schemaVersion: 2 }> = z.strictObject({
  schemaVersion: z.literal(2),
  step: count(),
  totalSteps: count(),
  epoch: count(),
  batchIndex: count(),
  seed: z.number().int(),
  configFingerprint: z.string(),
  bestValidation: z.strictObject({ metric: z.string(), value: z.number(), step: count() }).nullable(),
  history: z.strictObject({
    steps: z.array(
      z.strictObject({
        step: count(),
        loss: z.number(),
        learningRate: z.number(),
        gradientNorm: z.number(),
        tokensPerSecond: z.number(),
      }),
    ),
    validations: z.array(z.strictObject({ step: count(), mrr: z.number() })),
  }),
  skipped: z.array(z.strictObject({ step: count(), reason: z.string() })),
});

/** Parameters by name, each with its shape. */
export type ParameterMap = Map<string, { shape: number[]; data: Float32Array }>;

export interface Checkpoint {
  state: TrainingState;
  parameters: ParameterMap;
  optimizer: AdamWState;
}

/** @throws WorkError where it can't be written; the former state is then still there */
export async function saveCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<void> {
  const { state, parameters, optimizer } = checkpoint;
  const { current, previous, next } = folders(runFolder);
  const moments: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape }] of parameters) {
    moments[FIRST + name] = { dtype: 'F32', shape, data: optimizer.firstMoments.get(name)! };
    moments[SECOND + name] = { dtype: 'F32', shape, data: optimizer.secondMoments.get(name)! };
  }
  const values = Object.fromEntries(
    [...parameters].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data } as const]),
  );
  const step = String(state.step);
  const checked = stateSchema.safeParse({ schemaVersion: 2, ...state });
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    // JSON has no NaN: such a state would be written as null and refused when it is needed.
    throw new WorkError(`the training state can't be saved: ${path.join('.')}: ${message}`);
  }
  try {
    await rm(next, { recursive: true, force: true });
    await mkdir(next, { recursive: true });
    await writeSafetensors(join(next, PARAMETERS_FILE), values, { step });
    await writeSafetensors(join(next, OPTIMIZER_FILE), moments, { step, optimizer_step: String(optimizer.step) });
    await writeFileAtomic(join(next, STATE_FILE), `${JSON.stringify(checked.data, null, 1)}\n`);
    await syncFolder(next);
    // `previous` is only dropped while a complete `current` stands: after a kill between the renames it is all there is.
    if (await exists(current)) {
      await rm(previous, { recursive: true, force: true });
      await rename(current, previous);
    }
    await rename(next, current);
    await syncFolder(runFolder);
    await rm(previous, { recursive: true, force: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new WorkError(`could not save the training state in ${runFolder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Whether a run folder holds a state to resume from. */
export async function hasCheckpoint(runFolder: string): Promise<boolean> {
  const { current, previous } = folders(runFolder);
  return (await exists(current)) || (await exists(previous));
}

/** How far a saved training got, and its curves, whatever its settings; null where none was saved. */
export async function savedProgress(
  runFolder: string,
): Promise<Pick<TrainingState, 'step' | 'totalSteps' | 'history' | 'bestValidation'> | null> {
  const { current, previous } = folders(runFolder);
  const folder = (await exists(current)) ? current : previous;
  if (!(await exists(folder))) return null;
  return readJsonFile(join(folder, STATE_FILE), stateSchema, REMEDY);
}

/** Removes a saved training and its curves, so that another can begin in the folder. */
export async function discardTraining(runFolder: string): Promise<void> {
  const { current, previous, next } = folders(runFolder);
  for (const folder of [current, previous, next, join(runFolder, 'tensorboard')]) {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param expected what the resuming run has: the fingerprint of its settings, and its parameters with their shapes
 * @throws UserError where there is no state, it is damaged, or it is of another run
 */
export async function loadCheckpoint(
  runFolder: string,
  expected: { configFingerprint: string; parameters: ReadonlyMap<string, { shape: readonly number[] }> },
): Promise<Checkpoint> {
  const { current, previous } = folders(runFolder);
  const folder = (await exists(current)) ? current : previous;
  if (!(await exists(folder))) {
    throw new UserError(`${runFolder} has no ${FOLDER}: nothing to resume; start the training without --resume`);
  }
  const { schemaVersion: _, ...state } = await readJsonFile(join(folder, STATE_FILE), stateSchema, REMEDY);
  if (state.configFingerprint !== expected.configFingerprint) {
    throw new UserError(
      `${folder} was saved with other settings (${state.configFingerprint}, now ${expected.configFingerprint}): ` +
        'resume with the config.json of the run, or train into another folder',
    );
  }
  const parameters: ParameterMap = new Map();
  const values = await readTensors(join(folder, PARAMETERS_FILE), state.step, expected.parameters, ['']);
  const moments = await readTensors(join(folder, OPTIMIZER_FILE), state.step, expected.parameters, [FIRST, SECOND]);
  const optimizer: AdamWState = {
    step: Number(moments.metadata.optimizer_step),
    firstMoments: new Map(),
    secondMoments: new Map(),
  };
  if (!Number.isSafeInteger(optimizer.step))
    throw new UserError(`${folder}/${OPTIMIZER_FILE} has no optimizer_step: ${REMEDY}`);
  for (const [name, { shape }] of expected.parameters) {
    parameters.set(name, { shape: [...shape], data: values.data.get(name)! });
    optimizer.firstMoments.set(name, moments.data.get(FIRST + name)!);
    optimizer.secondMoments.set(name, moments.data.get(SECOND + name)!);
  }
  return { state, parameters, optimizer };
}

/** Reads the tensors of the expected parameters, each under every prefix, and checks that the file has no others. */
async function readTensors(
  path: string,
  step: number,
  parameters: ReadonlyMap<string, { shape: readonly number[] }>,
  prefixes: string[],
): Promise<{ data: Map<string, Float32Array>; metadata: Readonly<Record<string, string>> }> {
  const file = await openSafetensors(path);
  try {
    if (file.metadata.step !== String(step)) {
      throw new UserError(`${path} is of step ${file.metadata.step}, its ${STATE_FILE} of step ${step}: ${REMEDY}`);
    }
    const data = new Map<string, Float32Array>();
    for (const [parameter, { shape }] of parameters) {
      for (const name of prefixes.map((prefix) => prefix + parameter)) {
        const stored = file.tensors.get(name);
        if (stored?.shape.join() !== shape.join()) {
          const found = stored ? `with the shape [${stored.shape.join(', ')}]` : 'not at all';
          throw new UserError(`${path} has ${name} ${found}, where the run has [${shape.join(', ')}]: ${REMEDY}`);
        }
        data.set(name, await file.readFloat32(name));
      }
    }
    const extra = [...file.tensors.keys()].find((name) => !data.has(name));
    if (extra) throw new UserError(`${path} has ${extra}, which the run does not train: ${REMEDY}`);
    return { data, metadata: file.metadata };
  } finally {
    await file.close();
  }
}

function folders(runFolder: string): { current: string; previous: string; next: string } {
  const current = join(runFolder, FOLDER);
  return { current, previous: `${current}.previous`, next: `${current}.next` };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Makes new names in a folder last through a power cut; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
