/**
 * The runs in a folder of runs: each is a folder with a run.json. They are found by name, by folder, or by what they are
 * made of.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { didYouMean } from '../../core/did-you-mean.js';
import { UserError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import { describeDifferences, differences, isSameTraining, type RunIdentity } from '../run-identity.js';
import { type RunRecord, readRunRecordSync } from '../run-record.js';
import { folderName } from './run-name.js';

export interface FoundRun {
  folder: string;
  /** Null where run.json is damaged. */
  record: RunRecord | null;
  /** The folder's where run.json is damaged. */
  name: string;
}

/** All runs directly in a folder, in the order of their folders' names. */
export function findRuns(runs: string): FoundRun[] {
  let entries: string[];
  try {
    entries = readdirSync(runs).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    const why = code === 'ENOTDIR' ? 'is a file' : `cannot be read (${code})`;
    throw new UserError(`${runs} ${why}: expected the folder that holds the runs`);
  }
  return entries
    .map((entry) => join(runs, entry))
    .filter((folder) => existsSync(join(folder, 'run.json')))
    .map(foundRun);
}

/**
 * Finds the run that a name or a path means.
 *
 * @param chosen name or folder of a run
 * @returns its folder
 * @throws UserError that says which runs there are, or which of them are called so
 */
export function runFolderOf(runs: string, chosen: string): string {
  const own = findRuns(runs);
  const called = own.filter(({ name, folder }) => name === chosen || basename(folder) === chosen);
  // a copy has the name of its original, whose folder is called by it
  const original = called.find(({ name, folder }) => name === chosen && basename(folder) === chosen);
  if (called.length > 1 && !original) {
    const folders = called.map(({ folder }) => folder).join(' and ');
    throw new UserError(`"${chosen}" means ${quantity(called.length, 'runs')}, in ${folders}: give the folder of one`);
  }
  const meant = original ?? called[0];
  if (meant) return meant.folder;
  if (existsSync(join(resolve(chosen), 'run.json'))) return resolve(chosen);
  const names = own.map(({ name }) => name);
  const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : names;
  const there = names.length > 0 ? `there are ${shown.join(', ')}` : 'there is none yet';
  throw new UserError(`no run "${chosen}" in ${runs}: ${there}${didYouMean(chosen, names)}`);
}

/** The run that was made of the same as another would be, whatever it is called; undefined where there is none. */
export function runMadeOf(runs: string, identity: RunIdentity): FoundRun | undefined {
  return findRuns(runs).find(({ record }) => record && isSameTraining(record.identity, identity));
}

/**
 * @param identity of the training that is to have the name
 * @throws UserError where a run that was made of something else has it
 */
export function checkNameIsNew(runs: string, name: string, identity: RunIdentity): void {
  const other = findRuns(runs).find((run) => run.name === name || basename(run.folder) === folderName(name));
  if (!other) return;
  const found = other.record ? describeDifferences(differences(other.record.identity, identity)) : 'it is damaged';
  throw new UserError(`"${name}" is the name of another run in ${runs} (${found}): choose another name`);
}

/** Names and folders of the runs, none of which another run may have. */
export function takenNames(runs: string, except?: string): string[] {
  return findRuns(runs)
    .filter(({ folder }) => except === undefined || resolve(folder) !== resolve(except))
    .flatMap(({ folder, name }) => [basename(folder), name]);
}

function foundRun(folder: string): FoundRun {
  let record: RunRecord | null = null;
  try {
    record = readRunRecordSync(folder);
  } catch {
    // a damaged run is listed, and a list of runs never fails because of one
  }
  return { folder, record, name: record?.name ?? basename(folder) };
}
