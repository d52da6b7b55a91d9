/**
 * The folder of an export. It appears under its name when all of it is written; `export.json` says who made it, so that
 * only an export is ever replaced, and never files that somebody put beside it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { hashFile } from '../files/hash-file.js';
import { isThere } from '../files/is-there.js';
import { readJsonFile } from '../files/json-file.js';
import { unwritable } from '../files/writing.js';
import { writeJson } from './transformer-files.js';

export const MANIFEST = 'export.json';
const CARD = 'README.md';

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  target: z.string(),
  /** Of the run or model. */
  name: z.string(),
  /** Names everything that made the encoder; null for a model that no run made. */
  fingerprint: z.string().nullable(),
  version: z.string(),
  /** Bytes and SHA-256 of every other file, by its path inside the folder. */
  files: z.record(z.string(), z.object({ bytes: z.number().int().min(0), sha256: z.string() })),
});

/** What an export consists of, and what made it. */
export type ExportManifest = z.infer<typeof manifestSchema>;

/** @returns null for a folder that is no export */
export async function readManifest(folder: string): Promise<ExportManifest | null> {
  const path = join(folder, MANIFEST);
  return (await isThere(path)) ? readJsonFile(path, manifestSchema, 'remove the folder, and export again') : null;
}

/** @throws UserError where something is in the way that must not be replaced */
export async function checkExportFolder(folder: string, overwrite: boolean): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found) return;
  if (!found.isDirectory()) throw new UserError(`${folder} is a file: choose another folder with --out`);
  const present = await filesOf(folder);
  if (present.length === 0) return;
  const manifest = await readManifest(folder);
  if (!manifest) {
    throw new UserError(`${folder} is not empty, and no export made it: choose another folder with --out`);
  }
  const foreign = present.find((file) => file !== MANIFEST && !Object.hasOwn(manifest.files, file));
  if (foreign !== undefined) {
    throw new UserError(
      `${join(folder, foreign)} is not of the export in ${folder}: move it away, or choose another --out`,
    );
  }
  if (!overwrite) {
    throw new UserError(`${folder} holds an export already: replace it with --overwrite, or choose another --out`);
  }
  const card = manifest.files[CARD];
  if (card && present.includes(CARD) && (await describeFile(join(folder, CARD))).sha256 !== card.sha256) {
    throw new UserError(`${join(folder, CARD)} was edited since the export: move it away, or choose another --out`);
  }
}

/**
 * Writes a folder whole or not at all.
 *
 * @param write fills an empty folder beside the final one
 */
export async function writeExportFolder<T>(folder: string, write: (staging: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  const staging = join(dirname(target), `.${basename(target)}.partial-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(staging, { recursive: true });
  } catch (error) {
    throw unwritable(target, error);
  }
  try {
    const result = await write(staging);
    await replaceFolder(staging, target);
    return result;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw typeof (error as NodeJS.ErrnoException).syscall === 'string' ? unwritable(target, error) : error;
  }
}

async function replaceFolder(staging: string, target: string): Promise<void> {
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (!isThere) return rename(staging, target);
  const old = `${staging}.old`;
  await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Writes what the folder consists of, last. */
export async function writeManifest(
  folder: string,
  made: Omit<ExportManifest, 'schemaVersion' | 'files'>,
): Promise<ExportManifest> {
  const files: ExportManifest['files'] = {};
  for (const file of await filesOf(folder)) files[file] = await describeFile(join(folder, file));
  const manifest: ExportManifest = { schemaVersion: 1, ...made, files };
  await writeJson(folder, MANIFEST, manifest);
  return manifest;
}

/** @throws UserError where a file is not the one that was written: it changed, is damaged or gone */
export async function checkExported(folder: string, { files }: ExportManifest): Promise<void> {
  for (const [file, { bytes, sha256 }] of Object.entries(files)) {
    const found = await describeFile(join(folder, file)).catch(() => null);
    if (found?.bytes === bytes && found.sha256 === sha256) continue;
    // authors add to their cards
    if (found && file === CARD) continue;
    throw new UserError(
      `${join(folder, file)} ${found ? 'is not as it was exported' : 'is missing'}: export again with --overwrite`,
    );
  }
}

async function describeFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await hashFile(hash, path);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** Paths of all files below a folder, with slashes, in order. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.split(sep).join('/'))
    .sort();
}
