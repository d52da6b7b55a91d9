/**
 * One HTTP request: its text within a time and size limit, or an error that says whether trying again can help.
 */
import { throwIfAborted, WorkError } from '../../core/errors.js';
import { TransientError } from '../../core/retry.js';
import { describeFetchError, limitedBody, retryAfter } from '../../files/http.js';

/** Bytes of an answer; 2,000 papers of large collaborations are about 15 MB. */
export const MAX_ANSWER_BYTES = 32 * 2 ** 20;

const EXPECTED = 'a page of at most 2000 papers';

const USER_AGENT = 'llm-embedding/0.1 (metadata for retrieval experiments)';

/** An answer with its status; 4xx answers other than 429 are returned, because their body says what is wrong. */
export interface Answer {
  status: number;
  body: string;
  /** The address that the server points to instead; null for an ordinary answer. */
  redirect: string | null;
}

export interface RequestOptions {
  /** Seconds for the whole answer. */
  timeout: number;
  now: number;
  signal?: AbortSignal;
}

/**
 * @throws TransientError if trying again can help
 * @throws WorkError if the answer is larger than {@link MAX_ANSWER_BYTES}
 */
export async function request(url: string, options: RequestOptions): Promise<Answer> {
  const limit = AbortSignal.timeout(options.timeout * 1000);
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  try {
    const response = await fetch(url, {
      signal,
      // Followed by the caller: every hop is a request that has to be paced.
      redirect: 'manual',
      headers: { 'user-agent': USER_AGENT, accept: 'application/xml, */*' },
    });
    if (response.status === 429 || response.status >= 500 || response.status === 408) {
      await response.body?.cancel();
      throw new TransientError(`HTTP ${response.status}`, {
        retryAfter: retryAfter(response.headers.get('retry-after'), options.now),
      });
    }
    const location = response.headers.get('location');
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    const redirect = isRedirect ? new URL(location, url).href : null;
    return {
      status: response.status,
      body: (await limitedBody(response, MAX_ANSWER_BYTES, EXPECTED)).toString('utf8'),
      redirect,
    };
  } catch (error) {
    if (error instanceof TransientError || error instanceof WorkError) throw error;
    throwIfAborted(options.signal, 'the pages fetched so far are kept and the same command continues from there');
    if (limit.aborted) throw new TransientError(`no complete answer within ${options.timeout} s`);
    throw new TransientError(describeFetchError(error));
  }
}
