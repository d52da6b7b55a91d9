/**
 * Tries again what may pass: a busy server, a broken connection, an answer cut off. Waits are those that the server asks for,
 * else exponential with jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { quantity } from '../core/quantity.js';
import { WorkError } from './errors.js';

/** A failure that another try may mend. */
export class TransientError extends Error {
  /** Milliseconds that the server asks to wait; null where it does not say. */
  readonly retryAfter: number | null;
  /** Part of the work was done and is kept: the next try begins further on, and this one does not count. */
  readonly progressed: boolean;

  constructor(message: string, { retryAfter = null as number | null, progressed = false } = {}) {
    super(message);
    this.retryAfter = retryAfter;
    this.progressed = progressed;
  }
}

export interface RetryOptions {
  /** Attempts after the first. */
  retries: number;
  /** Seconds before the first retry; doubled each time, up to {@link LONGEST_WAIT}. */
  firstWait: number;
  /** Seconds above which a server that asks to wait is left alone; {@link LONGEST_RETRY_AFTER} unless told otherwise. */
  longestRetryAfter?: number;
  /** Told of each failure and the seconds until the next attempt. */
  onRetry?: ((reason: string, seconds: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Waits; real time unless told otherwise. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1); spreads the retries of several clients. */
  random?: (() => number) | undefined;
}

/** Seconds of our own back-off. */
export const LONGEST_WAIT = 120;
/** Seconds above which a server that asks to wait is left alone, unless told otherwise. */
export const LONGEST_RETRY_AFTER = 900;

/** The server asks for a longer wait than anybody sits through. */
export class LongWait extends WorkError {
  constructor(
    /** Why it was asked to wait: "HTTP 429". */
    readonly reason: string,
    readonly seconds: number,
  ) {
    super(`${reason}, and the server asks to wait ${quantity(Math.round(seconds / 60), 'minutes')}`);
  }
}

/**
 * Runs the task until it succeeds. Only {@link TransientError} is tried again.
 *
 * @throws TransientError, the last one, when the attempts are spent; LongWait when the server asks for too long a wait;
 * whatever else the task throws
 */
export function withRetries<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, firstWait, longestRetryAfter = LONGEST_RETRY_AFTER, onRetry, signal } = options;
  const { sleep = realTime, random = Math.random } = options;
  return pRetry(task, {
    retries,
    // The waiting is done below, on the clock that the caller gave.
    minTimeout: 0,
    maxTimeout: 0,
    shouldConsumeRetry: ({ error }) => !(error instanceof TransientError && error.progressed),
    shouldRetry: ({ error }) => error instanceof TransientError && !signal?.aborted,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof TransientError) || signal?.aborted || (retriesLeft === 0 && !error.progressed)) return;
      const wait = waitBefore(error.progressed ? 1 : attemptNumber, error, firstWait, random());
      if (wait > longestRetryAfter) throw new LongWait(error.message, wait);
      onRetry?.(error.message, wait);
      await sleep(wait * 1000, signal);
    },
  });
}

/** Seconds: what the server asked for, else between half and the whole of the exponential wait. */
function waitBefore(attempt: number, failure: TransientError, firstWait: number, random: number): number {
  if (failure.retryAfter !== null) return failure.retryAfter / 1000 + random;
  return Math.min(LONGEST_WAIT, firstWait * 2 ** (attempt - 1)) * (0.5 + random / 2);
}

async function realTime(milliseconds: number, signal?: AbortSignal): Promise<void> {
  // An abort ends the wait; whoever retries looks at the signal.
  await delay(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined);
}
