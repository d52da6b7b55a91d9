/**
 * Results that took long to compute, and whose place cannot be written at the end: they go into a folder elsewhere, which
 * is named, and are never lost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Interrupted, WorkError } from '../core/errors.js';

/** Where to go, in order; parents of the folder that is made. */
export const FALLBACK_PARENTS: readonly string[] = [tmpdir(), homedir()];

/**
 * Writes into a new folder outside of the one that failed.
 *
 * @param name of what failed; the folder is called after it
 * @returns the folder; null where no place takes it
 */
export async function writeElsewhere(
  name: string,
  write: (folder: string) => Promise<void>,
  parents: readonly string[] = FALLBACK_PARENTS,
): Promise<string | null> {
  for (const parent of parents) {
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(parent, `llm-embedding-${basename(name)}-`));
      await write(folder);
      return folder;
    } catch {
      // the next place may have room
      if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return null;
}

/**
 * Writes a result into its folder, else elsewhere.
 *
 * @param what it is, as a sentence begins: "the report"
 * @throws WorkError that names the other folder
 */
export async function keepResult(
  folder: string,
  what: string,
  write: (folder: string) => Promise<void>,
  parents: readonly string[] = FALLBACK_PARENTS,
): Promise<void> {
  try {
    await write(folder);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const failure = `${folder} cannot be written (${(error as Error).message})`;
    const elsewhere = await writeElsewhere(resolve(folder), write, parents);
    throw new WorkError(
      elsewhere === null
        ? `${failure}, nor can ${parents.join(' or ')}: ${what} could not be kept; make room and run the same command again`
        : `${failure}: ${what} is in ${elsewhere} instead`,
      { cause: error },
    );
  }
}
