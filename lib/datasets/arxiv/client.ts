/**
 * Asks arXiv for one page: stored pages first, then the network, one paced request after the other, tried again while
 * the failure may pass.
 */

import { UserError, WorkError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import { LongWait, TransientError, withRetries } from '../../core/retry.js';
import type { Clock } from './clock.js';
import { type Answer, request } from './http.js';
import type { Pacer } from './pacing.js';
import type { PageStore, StoredPage } from './page-store.js';

export interface ClientOptions {
  store: PageStore;
  pacer: Pacer;
  clock: Clock;
  retries: number;
  firstWait: number;
  /** Seconds for one answer. */
  timeout: number;
  random?: () => number;
  signal?: AbortSignal;
  onRetry?: (reason: string, seconds: number) => void;
}

/** Redirects in a row that are followed. */
const REDIRECTS = 5;

export class ArxivClient {
  /** Requests that went over the network. */
  requests = 0;

  constructor(private readonly options: ClientOptions) {}

  /**
   * The page under this name, from the store or the network.
   *
   * @param name of the request in the store and in errors
   * @param read makes a page of the answer; throws {@link TransientError} to have it asked for again. The attempt counts
   *   from 1.
   * @throws WorkError when trying again does not help, UserError when the server refuses the request
   */
  async page<Meta>(
    name: string,
    url: string,
    read: (answer: Answer, attempt: number) => StoredPage<Meta>,
  ): Promise<StoredPage<Meta>> {
    const stored = await this.options.store.read<Meta>(name);
    if (stored) return stored;
    let attempt = 0;
    const { clock, ...options } = this.options;
    const page = await withRetries(
      async () => {
        attempt++;
        return read(await this.ask(url), attempt);
      },
      { ...options, sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal) },
    ).catch((error: unknown) => {
      throw this.givenUp(name, error);
    });
    await this.options.store.write(name, page);
    return page;
  }

  private givenUp(name: string, error: unknown): unknown {
    if (error instanceof LongWait) {
      return new WorkError(`${name}: ${error.message}; run the same command again then, it resumes where it stopped`);
    }
    if (!(error instanceof TransientError)) return error;
    return new WorkError(
      `${name}: ${error.message} after ${quantity(this.options.retries + 1, 'attempts')}; run the same command again later, it resumes where it stopped`,
    );
  }

  /** One answer, behind as many paced requests as there are redirects. */
  private async ask(url: string): Promise<Answer> {
    const { pacer, signal, timeout, clock } = this.options;
    let target = url;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const answer = await pacer.run(() => {
        this.requests++;
        return request(target, { timeout, signal, now: clock.now() });
      }, signal);
      if (answer.redirect === null) return answer;
      target = answer.redirect;
    }
    throw new WorkError(`${url} redirects more than ${REDIRECTS} times, at last to ${target}; check the address`);
  }
}

/** Ends the fetch for an answer that no new attempt would change. */
export function requireSuccess(answer: Answer, url: string, reason: string | null): void {
  if (answer.status < 400) return;
  if (answer.status === 400 && reason !== null)
    throw new UserError(`arXiv refuses the query: ${reason}; check the categories`);
  if (answer.status === 400 || answer.status === 404) {
    throw new UserError(`HTTP ${answer.status} for ${url}: check the categories and the address`);
  }
  throw new WorkError(`HTTP ${answer.status} for ${url}: the server refuses to answer; try again later`);
}

/** Attempts for which entries that are no papers count as a failure that may pass; later ones go without them. */
const MALFORMED_ATTEMPTS = 3;

/** Has a page with broken entries asked for again, a few times. */
export function retryMalformed(malformed: readonly string[], attempt: number): void {
  if (malformed.length > 0 && attempt <= MALFORMED_ATTEMPTS)
    throw new TransientError(`an entry that is no paper (${malformed[0]})`);
}
