/**
 * A lock that several processes respect (proper-lockfile): held while `NAME.lock` exists and is renewed, void a few seconds
 * after its process died. Who holds it is noted in `NAME.lock.owner`, so that those who wait can say for whom.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { throwIfAborted } from '../core/errors.js';

export interface LockOptions {
  /** Milliseconds after which the lock of a process that no longer renews it is void; at least 2,000. */
  stale?: number;
  /** Milliseconds to wait for another holder; 0 unless told otherwise. */
  wait?: number;
  /** Milliseconds between tries. */
  poll?: number;
  signal?: AbortSignal | undefined;
  /** Told once for whom it waits, before the first wait. */
  onWait?: (owner: string) => void;
  /** Told that the lock was lost: this process stood still for so long that another took it. */
  onTakenOver?: (message: string) => void;
}

/** Another process holds the lock. */
export class LockedError extends Error {
  /** @param owner "another process (4242 on HOST since 10:31:07 UTC)", as far as is known */
  constructor(
    readonly path: string,
    readonly owner: string,
  ) {
    super(`${path} is in use by ${owner}`);
  }
}

/**
 * Takes the lock of a path, which need not exist itself.
 *
 * @returns what releases it
 * @throws LockedError where another process holds it for longer than `wait`; Interrupted when the signal fires
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { stale = 5_000, wait = 0, poll = 500, signal } = options;
  const lockPath = `${path}.lock`;
  const notePath = `${lockPath}.owner`;
  const end = Date.now() + wait;
  let waits = false;
  for (;;) {
    try {
      const release = await lockfile.lock(path, {
        realpath: false,
        lockfilePath: lockPath,
        stale,
        onCompromised: () => {
          options.onTakenOver?.(`${path} was taken over by another process, while this one stood still`);
        },
      });
      await writeFile(notePath, JSON.stringify({ process: process.pid, host: hostname(), since: new Date() })).catch(
        () => undefined,
      );
      return async () => {
        // on a drive that is gone, or read-only now, neither can be removed; one that was taken over is no longer there
        await rm(notePath, { force: true }).catch(() => undefined);
        await release().catch(() => undefined);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    throwIfAborted(signal, `waited for ${await ownerOf(notePath)}`);
    if (Date.now() >= end) throw new LockedError(path, await ownerOf(notePath));
    if (!waits) options.onWait?.(await ownerOf(notePath));
    waits = true;
    // spread, so that several that wait do not meet at every try
    await delay(poll * (0.5 + Math.random()));
  }
}

async function ownerOf(notePath: string): Promise<string> {
  try {
    const note = JSON.parse(await readFile(notePath, 'utf8')) as { process: number; host: string; since: string };
    return `another process (${note.process} on ${note.host} since ${note.since.slice(11, 19)} UTC)`;
  } catch {
    return 'another process';
  }
}
