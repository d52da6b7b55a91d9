/**
 * One writer a run folder: whatever writes into it (training, evaluation, mining, renaming) holds its lock.
 */
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassingError, UserError } from '../core/errors.js';
import { acquireLock, LockedError } from '../files/lock.js';
import { unwritable } from '../files/writing.js';

export interface RunLockOptions {
  /** Milliseconds to wait for another process, which may have died; 0 unless told otherwise. */
  wait?: number;
  /** What is locked: the run, unless several may write into the folder, each its own. */
  what?: string;
}

/**
 * Taken before anything is loaded, so that who is refused has lost no time.
 *
 * @returns what releases it; a folder that was made for the lock and got nothing else goes with it
 * @throws UserError where another process writes into the folder, which is worth another try
 */
export async function lockRunFolder(
  folder: string,
  { wait = 0, what = 'run' }: RunLockOptions = {},
): Promise<() => Promise<void>> {
  try {
    const made = await mkdir(folder, { recursive: true });
    const release = await acquireLock(join(folder, what), { wait });
    return async () => {
      await release();
      // fails where something was written, as it should
      if (made !== undefined) await rmdir(folder).catch(() => undefined);
    };
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') throw unwritable(folder, error);
    if (!(error instanceof LockedError)) throw error;
    throw new UserError(
      `${folder} is in use by ${error.owner}, perhaps in a notebook: wait for its end, or stop it there; after a crash, try again in ten seconds`,
      { cause: new PassingError(error.message) },
    );
  }
}
