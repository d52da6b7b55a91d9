/**
 * One writer a run folder: whatever writes into it (training, evaluation, mining, renaming) holds its lock.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { acquireLock, LockedError } from '../files/lock.js';

/** @returns what releases it  @throws UserError where another process writes into the folder */
export async function lockRunFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  try {
    return await acquireLock(join(folder, 'run'));
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new UserError(
      `${folder} is in use by ${error.owner}, perhaps in a notebook: wait for its end, or stop it there; after a crash, try again in ten seconds`,
    );
  }
}
