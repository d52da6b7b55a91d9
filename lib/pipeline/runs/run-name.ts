/**
 * Names of runs: given by people, or made from what differs from the preset, such as "lr-3e-4-epochs-2". A name is also
 * that of the folder, as far as folders can have it.
 */
import { basename } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { RunIdentity } from '../run-identity.js';
import { presetDifferences } from './preset-differences.js';
import { shortName } from './setting-names.js';

/** Settings that a name tells; more are counted. */
const TOLD = 4;
const LONGEST = 60;

/** A readable name that no other run has. @param taken names and folders of other runs */
export function readableName(identity: RunIdentity, taken: readonly string[] = []): string {
  const { preset, settings } = presetDifferences(identity);
  const parts = Object.entries(settings).map(([path, value]) => nameOfSetting(path, value));
  if (identity.inputs.loss) parts.unshift(`loss-${identity.inputs.loss.split(' ').slice(0, -1).join('-')}`);
  const more = parts.length > TOLD ? [`and-${parts.length - TOLD}-more`] : [];
  return freeName(folderName([...parts.slice(0, TOLD), ...more].join('-')) || folderName(preset), taken);
}

/** "lr-3e-4", "pooling-last", "no-symmetric". */
export function nameOfSetting(path: string, value: unknown): string {
  const name = shortName(path);
  if (value === true) return name;
  if (value === false || value === null || value === undefined) return `no-${name}`;
  return `${name}-${valueName(value)}`;
}

/** The name where it is free, else with the first number behind it that makes it so. */
export function freeName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((one) => one.toLowerCase()));
  if (!lower.has(name.toLowerCase())) return name;
  let number = 2;
  while (lower.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}

/** A name as a folder can have it everywhere. */
export function folderName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}._=+-]+/gu, '-')
    .slice(0, LONGEST)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** The folder of a run that is given this name. @throws UserError where the name does not suit */
export function runFolderName(name: string): string {
  checkRunName(name);
  return folderName(name);
}

/** @throws UserError for a name that nobody could type or that means a path */
export function checkRunName(name: string): void {
  const isPath = /[\\/]/.test(name) || name === '.' || name === '..';
  const isPlain = name.trim() === name && name !== '' && name.length <= 100 && !/\p{Cc}/u.test(name);
  if (isPath || !isPlain || folderName(name) === '') {
    throw new UserError(
      `the name ${JSON.stringify(name)} does not suit a run: expected 1 to 100 characters with a letter or digit, without slashes, line breaks, or blanks at the ends`,
    );
  }
}

function valueName(value: unknown): string {
  if (typeof value === 'number') {
    return value !== 0 && Math.abs(value) < 0.01 ? value.toExponential().replace('+', '') : String(value);
  }
  if (Array.isArray(value)) return value.map(valueName).join('-') || 'none';
  if (typeof value === 'object') return 'other';
  return basename(String(value)).slice(0, 24) || 'none';
}
