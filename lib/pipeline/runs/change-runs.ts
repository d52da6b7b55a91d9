/** Renaming and removing runs, each while nobody else writes into them. */
import { lstatSync, realpathSync } from 'node:fs';
import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { discardExistingRun } from '../existing-run.js';
import { lockRunFolder } from '../run-lock.js';
import { type RunRecord, readRunRecord, writeRunRecord } from '../run-record.js';
import { takenNames } from './find-runs.js';
import { checkRunName, folderName } from './run-name.js';

/**
 * Gives a run another name, and its folder too where it was called by the old one.
 *
 * @returns the folder of the run from now on
 * @throws UserError where the name is taken, or does not suit
 */
export async function renameRun(folder: string, name: string): Promise<string> {
  checkRunName(name);
  checkNameIsFree(folder, name);
  const target = join(dirname(folder), folderName(name));
  const release = await lockRunFolder(folder);
  let follows = false;
  let record: RunRecord | null;
  try {
    record = await readRunRecord(folder);
    if (!record) throw new UserError(`${folder} is not a run folder: it has no run.json`);
    follows = basename(folder) === folderName(record.name) && target !== folder;
    if (follows && lstatSync(target, { throwIfNoEntry: false })) {
      throw new UserError(`${target} is there already: choose another name, or move it away`);
    }
    if (!follows) {
      await writeRunRecord(folder, { ...record, name });
      return folder;
    }
  } finally {
    // the lock lies in the folder, and has to be gone before that moves
    await release();
  }
  try {
    await rename(folder, target);
  } catch (error) {
    throw new UserError(`${folder} cannot be moved to ${target} (${(error as Error).message}): it keeps its name`);
  }
  await writeRunRecord(target, { ...record, name });
  return target;
}

/** @throws UserError where another run beside it has the name */
export function checkNameIsFree(folder: string, name: string): void {
  const other = takenNames(dirname(folder), folder).find((taken) => taken.toLowerCase() === name.toLowerCase());
  if (other !== undefined) {
    throw new UserError(`another run in ${dirname(folder)} is called "${other}": choose another name`);
  }
}

/**
 * Removes all that a run has written. Files of the reader's own stay, and with them the folder.
 *
 * @returns names of what stays
 * @throws UserError where the folder is a link to another place: nothing is removed there that was not named
 */
export async function removeRun(folder: string): Promise<string[]> {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new UserError(
      `${folder} is a link to ${realpathSync(folder)}: remove the run there by that path, or the link alone with rm`,
    );
  }
  const release = await lockRunFolder(folder);
  try {
    await discardExistingRun(folder);
    for (const name of ['hard-negatives.jsonl', 'seconds.json']) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  } finally {
    await release();
  }
  const left = await readdir(folder);
  if (left.length === 0) await rmdir(folder);
  return left;
}
