/**
 * A small JSON file that several processes change, one at a time: the change itself takes place under a lock, which is
 * only held for as long as reading and writing the file takes. A process killed within these few milliseconds leaves a
 * lock that the others disregard after a few seconds.
 */
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from './atomic-file.js';
import { acquireLock } from './lock.js';

/** Milliseconds after which the lock of a process that no longer renews it is void. */
const STALE = 2500;
/** Milliseconds to wait for others; each holds the lock for a few. */
const LONGEST_WAIT = 40_000;

/**
 * Reads the file, lets `change` decide, and writes what it returns as `state` (undefined: unchanged).
 *
 * @param change gets the parsed file, or null if there is none or it is damaged
 */
export async function changeGuarded<S, R>(
  path: string,
  change: (state: S | null) => { state?: S; result: R },
): Promise<R> {
  // A process that stood still for so long finds its lock taken; it ends what it does, and at worst two requests meet.
  const release = await acquireLock(path, { stale: STALE, wait: LONGEST_WAIT, poll: 20 });
  try {
    const { state, result } = change(await readState<S>(path));
    // Not flushed to the disk: after a power failure nobody waits for anybody.
    if (state !== undefined) await writeFileAtomic(path, `${JSON.stringify(state)}\n`, { flush: false });
    return result;
  } finally {
    await release();
  }
}

async function readState<S>(path: string): Promise<S | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as S;
  } catch {
    // Missing or damaged: whoever asks starts from nothing.
    return null;
  }
}
