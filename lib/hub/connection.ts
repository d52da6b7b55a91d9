/**
 * Asking the Hugging Face hub, and what its answers mean.
 *
 * Environment, as in the Python client: HF_ENDPOINT, HF_TOKEN (or the file that `hf auth login` writes), HF_HOME,
 * HF_HUB_OFFLINE=1; HF_HUB_CACHE is read by @huggingface/hub itself.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HubApiError } from '@huggingface/hub';
import { Interrupted, PassingError, UserError, WorkError } from '../core/errors.js';
import { TransientError, withRetries } from '../core/retry.js';
import { describeFetchError, limitedBody, retryAfter } from '../files/http.js';
import { parseJson, RepeatedKey } from '../files/json.js';

/** Where the hub is and who asks, in the terms of @huggingface/hub. */
export interface Connection {
  hubUrl: string;
  accessToken?: string;
  fetch: typeof fetch;
  /** Ends the work. */
  signal: AbortSignal | undefined;
  patience: Patience;
}

/** How long servers are waited for, in seconds. */
export interface Patience {
  /** Until a question to the API counts as unanswered; its whole answer must be there then. */
  answer: number;
  /** Without a byte of a file, until its connection counts as broken. */
  silence: number;
  /** Before the first retry; doubled each time. */
  firstWait: number;
}

export const PATIENCE: Patience = { answer: 30, silence: 60, firstWait: 0.4 };
/** Bytes of an answer; a listing of a thousand files has 300 kB. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20;
/** Questions of one download; a longer listing never ends. */
const MAX_QUESTIONS = 500;

export async function connection(signal: AbortSignal | undefined, patience: Patience = PATIENCE): Promise<Connection> {
  const hubUrl = (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  const home = process.env.HF_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const file = process.env.HF_TOKEN_PATH ?? join(home, 'token');
  const token = (process.env.HF_TOKEN ?? (await readFile(file, 'utf8').catch(() => ''))).trim();
  if (token && !token.startsWith('hf_')) throw new UserError('HF_TOKEN: expected a token that starts with "hf_"');
  if (!URL.canParse(hubUrl))
    throw new UserError(`HF_ENDPOINT = "${hubUrl}": expected an address such as https://huggingface.co`);
  const bounded = boundedFetch(hubUrl, patience.answer, signal);
  return { hubUrl, fetch: bounded, signal, patience, ...(token && { accessToken: token }) };
}

/**
 * `fetch` for questions to the API: within bounds of time and size, and with the token for the endpoint alone, since pages of
 * a listing name the address of the next, which may be anybody's.
 */
function boundedFetch(hubUrl: string, seconds: number, signal: AbortSignal | undefined): typeof fetch {
  const { origin } = new URL(hubUrl);
  let questions = 0;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (++questions > MAX_QUESTIONS) {
      throw new WorkError(`${hubUrl} answers with page after page, over ${MAX_QUESTIONS}: check HF_ENDPOINT`);
    }
    const headers = new Headers(init?.headers);
    if (new URL(url).origin !== origin) headers.delete('authorization');
    const timeout = AbortSignal.timeout(1000 * seconds);
    const response = await fetch(url, {
      ...init,
      headers,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const { status, statusText } = response;
    if (status === 429 || status === 503) {
      const wait = retryAfter(response.headers.get('retry-after'));
      if (wait !== null) {
        await response.body?.cancel();
        throw new TransientError(`HTTP ${status} from ${hubUrl}`, { retryAfter: wait });
      }
    }
    const body = await limitedBody(response, MAX_ANSWER_BYTES, 'metadata of a model');
    if (response.ok) checkJson(body);
    const answer = new Response(body.length > 0 ? new Uint8Array(body) : null, {
      status,
      statusText,
      headers: response.headers,
    });
    Object.defineProperty(answer, 'url', { value: response.url });
    return answer;
  };
}

/** A proxy's page, or half an answer, is told as that, and not by what a parser makes of it. */
function checkJson(body: Buffer): void {
  const text = body.toString('utf8');
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof RepeatedKey) throw new WorkError(`the hub's answer can't be used: ${error.message}`);
    throw new TransientError(/^\s*</.test(text) ? 'it answers with a web page' : 'its answer is not JSON');
  }
}

/** As the Python client reads it. */
export function isOffline(): boolean {
  return /^(1|true|yes|on)$/i.test(process.env.HF_HUB_OFFLINE || process.env.TRANSFORMERS_OFFLINE || '');
}

/** Calls the hub's API, again where the connection fails or the server is overloaded. */
export function ask<T>(hub: Connection, call: () => Promise<T>): Promise<T> {
  const once = async (): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof HubApiError) {
        const isPassing = error.statusCode >= 500 || error.statusCode === 429;
        throw isPassing ? new TransientError(`HTTP ${error.statusCode} from ${hub.hubUrl}`) : error;
      }
      if (error instanceof TransientError || error instanceof UserError) throw error;
      const isUnanswered = error instanceof TypeError || (error as Error).name === 'TimeoutError';
      throw isUnanswered ? new TransientError(describeFetchError(error)) : error;
    }
  };
  return withRetries(once, { retries: 2, firstWait: hub.patience.firstWait, signal: hub.signal });
}

export function unreachable(hub: Connection, error: Error): WorkError {
  return new PassingError(
    `${hub.hubUrl} can't be reached: ${error.message}; ` +
      'check the network, set HF_ENDPOINT to a mirror, or name a folder with the model',
  );
}

/** What went wrong in terms of what to do about it. */
export function explain(error: unknown, hub: Connection, id: string, cache: string): UserError {
  if (hub.signal?.aborted) return new Interrupted('stopped; what was downloaded is kept');
  if (error instanceof UserError) return error;
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message: string };
  if (statusCode === 401 || statusCode === 403) {
    return new UserError(
      `the hub denies access to ${id} (HTTP ${statusCode}): it is gated, private, or misspelt; ` +
        `accept its conditions on its page and set HF_TOKEN`,
    );
  }
  if (statusCode === 404) {
    return new UserError(
      `${id} is neither a folder here nor a model on the hub, or it has no such revision: check its name and encoder.revision`,
    );
  }
  if (code) return new WorkError(`the cache ${cache} can't be used: ${message}; set HF_HUB_CACHE to another folder`);
  return new WorkError(`the hub's answer for ${id} can't be used: ${message}; check HF_ENDPOINT`);
}
