/**
 * One writer a run folder: whatever writes into it (training, evaluation, mining, renaming) holds its lock.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { acquireLock, LockedError } from '../files/lock.js';
import { unwritable } from '../files/writing.js';

/** @returns what releases it  @throws UserError where another process writes into the folder */
export async function lockRunFolder(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
    return await acquireLock(join(folder, 'run'));
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') throw unwritable(folder, error);
    if (!(error instanceof LockedError)) throw error;
    throw new UserError(
      `${folder} is in use by ${error.owner}, perhaps in a notebook: wait for its end, or stop it there; after a crash, try again in ten seconds`,
    );
  }
}
