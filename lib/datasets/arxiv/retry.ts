/**
 * Tries again what may pass, waiting longer each time: exponential back-off with jitter, or what the server asks for.
 */
import pRetry from 'p-retry';
import { WorkError } from '../../core/errors.js';
import type { Clock } from './clock.js';
import { TransientError } from './http.js';

export interface RetryOptions {
  clock: Clock;
  /** Attempts after the first. */
  retries: number;
  /** Seconds before the first retry; doubled each time, up to {@link LONGEST_WAIT}. */
  firstWait: number;
  /** Told of each failure and the seconds until the next attempt. */
  onRetry?: (reason: string, seconds: number) => void;
  signal?: AbortSignal;
  /** Uniform in [0, 1); spreads the retries of several clients. */
  random?: () => number;
}

/** Seconds of our own back-off. */
export const LONGEST_WAIT = 120;
/** Seconds above which a server that asks to wait is left alone. */
export const LONGEST_RETRY_AFTER = 900;

/**
 * Runs the task until it succeeds. Only {@link TransientError} is tried again.
 *
 * @throws WorkError when the attempts are spent or the server asks for too long a wait
 */
export async function withRetries<T>(what: string, task: () => Promise<T>, options: RetryOptions): Promise<T> {
  const random = options.random ?? Math.random;
  try {
    return await pRetry(task, {
      retries: options.retries,
      // The waiting is done below, on the clock that the caller gave.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: ({ error }) => error instanceof TransientError,
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (!(error instanceof TransientError) || retriesLeft === 0) return;
        const wait = waitBefore(attemptNumber, error, options.firstWait, random());
        if (wait > LONGEST_RETRY_AFTER) {
          throw new WorkError(
            `${what}: ${error.message}, and the server asks to wait ${Math.round(wait / 60)} minutes; run the same command again then, it goes on where it stopped`,
          );
        }
        options.onRetry?.(error.message, wait);
        await options.clock.sleep(wait * 1000, options.signal);
      },
    });
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    throw new WorkError(
      `${what}: ${error.message} after ${options.retries + 1} attempts; run the same command again later, it goes on where it stopped`,
    );
  }
}

/** Seconds: what the server asked for, else between half and the whole of the exponential wait. */
function waitBefore(attempt: number, failure: TransientError, firstWait: number, random: number): number {
  if (failure.retryAfter !== null) return failure.retryAfter / 1000 + random;
  return Math.min(LONGEST_WAIT, firstWait * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
