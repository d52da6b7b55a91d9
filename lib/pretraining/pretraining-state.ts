/**
 * The state of an unfinished pre-training, in one file of the output folder: token vectors, moments and averages as
 * tensors, the rest as JSON in the header. Written whole and renamed, so that a kill costs at most what came after.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { parseJson } from '../files/json.js';
import { openSafetensors, writeSafetensors } from '../files/safetensors.js';
import type { BagTrainingState } from './bag-training-state.js';

const FILE = 'pretraining-state.safetensors';
const TENSORS = ['table', 'firstMoments', 'secondMoments', 'averageSum'] as const;

const count = () => z.number().int().min(0);
const headerSchema = z.strictObject({
  fingerprint: z.string(),
  phase: count(),
  step: count(),
  averaged: count(),
  history: z.strictObject({
    losses: z.array(z.number()),
    validations: z.array(z.strictObject({ step: count(), mrr: z.number() })),
  }),
});

export async function hasPretrainingState(folder: string): Promise<boolean> {
  return (await stat(join(folder, FILE)).catch(() => null)) !== null;
}

/** @param fingerprint of settings and data, which must not change in between */
export async function savePretrainingState(
  folder: string,
  state: BagTrainingState,
  fingerprint: string,
): Promise<void> {
  const { phase, step, averaged, history } = state;
  const header: z.infer<typeof headerSchema> = { fingerprint, phase, step, averaged, history };
  const tensors = TENSORS.map((name) => [name, { dtype: 'F32', shape: [state[name].length], data: state[name] }]);
  await writeSafetensors(join(folder, FILE), Object.fromEntries(tensors), { state: JSON.stringify(header) });
}

/** @throws UserError where the state is damaged, or of other settings or data */
export async function loadPretrainingState(folder: string, fingerprint: string): Promise<BagTrainingState> {
  const path = join(folder, FILE);
  const remedy = 'start anew with --restart';
  const file = await openSafetensors(path);
  try {
    const header = headerSchema.safeParse(parsed(file.metadata.state));
    if (!header.success) throw new UserError(`${path} is no state of a pre-training: ${remedy}`);
    const { fingerprint: saved, ...rest } = header.data;
    if (saved !== fingerprint) {
      throw new UserError(
        `${path} was saved with other settings or data (${saved}, now ${fingerprint}): resume with the same, or ${remedy}`,
      );
    }
    const read = (name: (typeof TENSORS)[number]): Promise<Float32Array> => file.readFloat32(name);
    return {
      ...rest,
      table: await read('table'),
      firstMoments: await read('firstMoments'),
      secondMoments: await read('secondMoments'),
      averageSum: await read('averageSum'),
    };
  } finally {
    await file.close();
  }
}

export async function discardPretrainingState(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

function parsed(text: string | undefined): unknown {
  try {
    return parseJson(text ?? '');
  } catch {
    return undefined;
  }
}
