/**
 * One question to an embeddings service by OpenAI's client, tried again where that may help (429, 5xx, broken
 * connections). The client asks through {@link ./openai-fetch.ts}, which bounds time, size and redirects; the attempts are
 * those of {@link ../../core/retry.ts}, so that waits are told and can be ended.
 */
import type OpenAI from 'openai';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { throwIfAborted, UserError, WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { LongWait, TransientError, withRetries } from '../../core/retry.js';
import { describeFetchError } from '../../files/http.js';
import { parseJson, RepeatedKey } from '../../files/json.js';
import { blanked, serviceFetch, TooLarge, whatItSays } from './openai-fetch.js';

export interface ServiceEndpoint {
  /** As messages name the service: "openai:text-embedding-3-small". */
  name: string;
  /** "https://api.openai.com/v1"; what follows a question mark goes with every request. */
  baseUrl: URL;
  apiKey: string;
  /** Attempts after the first. */
  maxRetries: number;
  /** Milliseconds for a whole answer. */
  timeout: number;
}

/** Seconds before the first new attempt. */
const FIRST_WAIT = 0.5;
/** Seconds above which a service that asks to wait is left alone. */
const LONGEST_RETRY_AFTER = 60;
/** Seconds of a wait that is worth a message. */
const TOLD_WAIT = 5;
const KEPT = 'the embeddings made so far are kept';

/** No answer came. */
class Unreachable extends TransientError {}

/**
 * @param mostBytes of the answer
 * @returns the answer, parsed
 * @throws TooLarge where a smaller request may pass; UserError or WorkError in one line otherwise
 */
export async function askService(
  endpoint: ServiceEndpoint,
  body: EmbeddingCreateParams,
  mostBytes: number,
  { onMessage, signal }: Reporting = {},
): Promise<unknown> {
  const { name, apiKey, maxRetries } = endpoint;
  const client = await clientOf(endpoint, mostBytes);
  const attempt = async (): Promise<unknown> => {
    throwIfAborted(signal, KEPT);
    let text: string;
    try {
      text = await (await client.embeddings.create(body, { signal: signal ?? null }).asResponse()).text();
    } catch (error) {
      throwIfAborted(signal, KEPT);
      throw await reasonOf(error, endpoint);
    }
    try {
      return parseJson(text);
    } catch (error) {
      if (error instanceof RepeatedKey) {
        throw new WorkError(`${name} answered JSON in which ${blanked(error.message, apiKey)}: check OPENAI_BASE_URL`);
      }
      const said = blanked(whatItSays(text), apiKey);
      throw new WorkError(`${name} answered something that is not JSON (${said}): check OPENAI_BASE_URL`);
    }
  };
  const onRetry = (_reason: string, seconds: number): void => {
    if (seconds > TOLD_WAIT) onMessage?.({ level: 'info', text: `${name} asks to wait ${Math.round(seconds)} s` });
  };
  try {
    return await withRetries(attempt, {
      retries: maxRetries,
      firstWait: FIRST_WAIT,
      longestRetryAfter: LONGEST_RETRY_AFTER,
      onRetry,
      signal,
    });
  } catch (error) {
    throwIfAborted(signal, KEPT);
    throw givenUp(error, name);
  }
}

/** The client is loaded where it is used: it takes a sixth of a second. */
async function clientOf(endpoint: ServiceEndpoint, mostBytes: number): Promise<OpenAI> {
  const { name, apiKey, baseUrl, timeout } = endpoint;
  const { OpenAI } = await import('openai');
  return new OpenAI({
    apiKey,
    baseURL: baseUrl.origin + baseUrl.pathname.replace(/\/$/, ''),
    defaultQuery: Object.fromEntries(baseUrl.searchParams),
    // Its own attempts sleep through any Retry-After in silence.
    maxRetries: 0,
    timeout,
    logLevel: 'off',
    fetch: serviceFetch({ name, apiKey, origin: baseUrl.origin, mostBytes }),
  });
}

/** What the client wraps: our own errors come back as they are, everything else is a broken connection. */
async function reasonOf(error: unknown, { apiKey, timeout }: ServiceEndpoint): Promise<unknown> {
  const { APIConnectionTimeoutError, APIUserAbortError } = await import('openai');
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) {
    return new TransientError(`no complete answer within ${timeout / 1000} s`);
  }
  const { cause = error } = error as { cause?: unknown };
  if (cause instanceof UserError || cause instanceof TransientError || cause instanceof TooLarge) return cause;
  return new Unreachable(blanked(describeFetchError(cause), apiKey));
}

function givenUp(error: unknown, name: string): unknown {
  if (error instanceof LongWait) {
    return new WorkError(
      `${name} asks to wait ${quantity(Math.round(error.seconds / 60), 'minutes')} (${error.reason}): run the same command again then`,
    );
  }
  if (error instanceof Unreachable) {
    return new WorkError(`${name} cannot be reached (${error.message}): check the network and OPENAI_BASE_URL`);
  }
  return error instanceof TransientError ? new WorkError(`${name} failed (${error.message}): try again later`) : error;
}
