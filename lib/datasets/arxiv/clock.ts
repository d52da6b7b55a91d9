/**
 * The time, and waiting for it: a parameter of everything that paces or retries, so that tests need not wait.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfAborted } from '../../core/errors.js';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; ends early with an error if the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await delay(milliseconds, undefined, { signal });
    } catch (error) {
      throwIfAborted(signal, 'the pages fetched so far are kept and the same command continues from there');
      throw error;
    }
  },
};
