/**
 * `provenance.json` inside the folder of what was trained (an adapter, or a whole model): what made it, how it is used,
 * and how far its training had come. It names the weights by their digest. While they are replaced it stands aside, and
 * counts on only where they are still the ones that it names: a full disk or a kill leaves the earlier weights with it.
 */

import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { hashFile } from '../files/hash-file.js';
import { isThere } from '../files/is-there.js';
import { readJsonFile } from '../files/json-file.js';
import { strengthSchema } from '../training/checkpoint-state.js';
import { encoderUseSchema } from './encoder-use.js';
import { identitySchema } from './run-identity.js';

const FILE = 'provenance.json';
/** Of the weights that are being replaced. */
const ASIDE = 'provenance.previous.json';
const WEIGHTS = ['adapter_model.safetensors', 'model.safetensors'];

const provenanceSchema = z.object({
  schemaVersion: z.literal(1),
  identity: identitySchema,
  use: encoderUseSchema,
  /** Optimizer steps behind these weights. */
  step: z.number().int().min(0),
  /** Steps taken and wanted by the whole training, when this was written. */
  progress: z.object({ step: z.number().int().min(0), totalSteps: z.number().int().min(1), finished: z.boolean() }),
  /** How much of what was learned these weights keep, and what that was chosen from; absent before the end of a training. */
  strength: strengthSchema.optional(),
  /** SHA-256 of the weights. */
  weights: z.string(),
  versions: z.record(z.string(), z.string()),
});

export type Provenance = z.infer<typeof provenanceSchema>;

/** Before the weights are replaced; takes no room on the disk. */
export async function setProvenanceAside(folder: string): Promise<void> {
  if (!(await isThere(join(folder, FILE)))) return;
  await rm(join(folder, ASIDE), { force: true });
  await rename(join(folder, FILE), join(folder, ASIDE));
}

/** After the weights are written. */
export async function writeProvenance(
  folder: string,
  provenance: Omit<Provenance, 'schemaVersion' | 'weights' | 'versions'>,
): Promise<void> {
  const versions = { node: process.version };
  const complete: Provenance = { schemaVersion: 1, ...provenance, weights: await weightsDigest(folder), versions };
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify(complete, null, 2)}\n`);
  await rm(join(folder, ASIDE), { force: true });
}

/**
 * @returns null where there is none: the folder was made elsewhere, by PEFT for instance, or its weights were being replaced
 * @throws UserError where it is broken, or the weights beside it are not those that it describes
 */
export async function readProvenance(folder: string): Promise<Provenance | null> {
  if (await isThere(join(folder, FILE))) return described(folder, FILE);
  // where the new weights came before the stop, nothing describes them
  return (await isThere(join(folder, ASIDE))) ? described(folder, ASIDE).catch(() => null) : null;
}

async function described(folder: string, file: string): Promise<Provenance> {
  const remedy = `it is damaged: take the folder from a backup, or train again ${remedies().restart}`;
  const parsed = await readJsonFile(join(folder, file), provenanceSchema, remedy);
  if ((await weightsDigest(folder)) !== parsed.weights) {
    throw new UserError(
      `the weights in ${folder} are not those that ${FILE} describes: they are damaged, or from another training; take both from a backup, or train again ${remedies().restart}`,
    );
  }
  return parsed;
}

/** SHA-256 over the weights of an adapter or model. */
export async function weightsDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of WEIGHTS) {
    if (!(await isThere(join(folder, name)))) continue;
    await hashFile(hash, join(folder, name));
  }
  return hash.digest('hex');
}
