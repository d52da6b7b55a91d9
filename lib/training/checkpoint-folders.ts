/**
 * The folders of the saved states of a run, and how one replaces another without a moment in which none is whole:
 *
 *   training-state/
 *     step-00000040/        one folder for each state kept
 *     step-00000040.next/   the same step again, while it is written
 *     step-00000040.previous/   what it replaces, between the two renames
 *
 * A kill may leave any of them; each is whole or found to be damaged by its SHA256SUMS.
 */

import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isThere } from '../files/is-there.js';
import { CHECKSUM_FILE } from './checksums.js';

export const STATE_FOLDER = 'training-state';

export interface SavedState {
  step: number;
  /** Its folder. */
  path: string;
}

/**
 * All states that the folder of a run holds, whole or not: the latest first, and of one step the one written last. One whose
 * writing was cut before its digests, which come last, never was a state.
 */
export async function savedStates(runFolder: string): Promise<SavedState[]> {
  const parent = join(runFolder, STATE_FOLDER);
  const order = ['.next', '', '.previous'];
  const found = (await readdir(parent).catch(() => [])).flatMap((name) => {
    const match = /^step-(\d+)(\.next|\.previous)?$/.exec(name);
    return match ? [{ step: Number(match[1]), path: join(parent, name), rank: order.indexOf(match[2] ?? '') }] : [];
  });
  const cut = await Promise.all(
    found.map(async ({ path, rank }) => rank === 0 && !(await isThere(join(path, CHECKSUM_FILE)))),
  );
  const states = found.filter((_, i) => !cut[i]);
  return states.sort((a, b) => b.step - a.step || a.rank - b.rank).map(({ step, path }) => ({ step, path }));
}

/**
 * Writes the state of a step under another name and renames it.
 *
 * @param write fills the folder it is given, and waits until its files are on the disk
 */
export async function replaceState(
  runFolder: string,
  step: number,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  const current = join(runFolder, STATE_FOLDER, `step-${String(step).padStart(8, '0')}`);
  const next = `${current}.next`;
  const previous = `${current}.previous`;
  // after a kill between the two renames, what was to be replaced may be all there is of this step
  if (!(await isThere(current)) && (await isThere(previous))) await rename(previous, current);
  await rm(previous, { recursive: true, force: true });
  await rm(next, { recursive: true, force: true });
  try {
    await mkdir(next, { recursive: true });
    await write(next);
    await syncFolder(next);
  } catch (error) {
    // half a state on a full disk only keeps it full
    await rm(next, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  if (await isThere(current)) await rename(current, previous);
  await rename(next, current);
  await syncFolder(dirname(current));
  await rm(previous, { recursive: true, force: true });
}

/**
 * Removes all states but the latest ones and one more. Those of later steps go too: a training that had to go back, or was
 * started anew, has left them behind.
 *
 * @param step the one just written  @param best step of the best validation
 */
export async function pruneStates(
  runFolder: string,
  { step, keep, best }: { step: number; keep: number; best: number | null },
): Promise<void> {
  const states = await savedStates(runFolder);
  const steps = [...new Set(states.map((state) => state.step))].filter((one) => one <= step);
  const kept = new Set([...steps.slice(0, keep), ...(best === null ? [] : [best])]);
  for (const state of states) {
    if (!kept.has(state.step)) await rm(state.path, { recursive: true, force: true });
  }
}

/** Makes new names in a folder last through a power cut; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    // some network file systems have no fsync of folders: their names are as lasting as they can be
  } finally {
    await handle.close();
  }
}
