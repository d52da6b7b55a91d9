/**
 * One question to an embeddings service: a POST with JSON, within limits of time and size, tried again where that may
 * help (429, 5xx, broken connections). Texts and key go to the origin of the endpoint alone: a redirect elsewhere is
 * refused. What the service says is in the message, on one line, with the key blanked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted, UserError, WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';

export interface ServiceEndpoint {
  /** As messages name the service: "openai:text-embedding-3-small". */
  name: string;
  url: URL;
  apiKey: string;
  /** Attempts after the first. */
  maxRetries: number;
  /** Milliseconds for a whole answer. */
  timeout: number;
}

/** The service refuses a request as too large; a smaller one may pass. */
export class TooLarge extends Error {}

/** Something that may pass. `retryAfter` in milliseconds, where the service says it. */
class Transient extends Error {
  constructor(
    message: string,
    readonly unreachable: boolean,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

const MOST_REDIRECTS = 3;
/** Milliseconds above which a service that asks to wait is left alone. */
const LONGEST_WAIT = 60_000;
const LONGEST_BACKOFF = 8_000;
const ABOUT_SIZE = /too (long|large|big|many)|max(imum)?\b|exceed|limit|batch.size|length|tokens/i;
const KEPT = 'the embeddings made so far are kept';

/**
 * @param body is sent as JSON
 * @param mostBytes of the answer
 * @returns the answer, parsed
 * @throws TooLarge where a smaller request may pass; UserError or WorkError in one line otherwise
 */
export async function postToService(
  endpoint: ServiceEndpoint,
  body: unknown,
  mostBytes: number,
  { onMessage, signal }: Reporting = {},
): Promise<unknown> {
  const { name, maxRetries } = endpoint;
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(endpoint, JSON.stringify(body), mostBytes, signal);
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      const wait = error.retryAfter ?? Math.min(LONGEST_BACKOFF, 500 * 2 ** attempt) * (0.75 + Math.random() / 4);
      if (wait > LONGEST_WAIT) {
        const minutes = Math.ceil(wait / 60_000);
        throw new WorkError(
          `${name} asks to wait ${minutes} minutes (${error.message}): run the same command again then`,
        );
      }
      if (attempt >= maxRetries) {
        throw new WorkError(
          error.unreachable
            ? `${name} cannot be reached (${error.message}): check the network and OPENAI_BASE_URL`
            : `${name} failed (${error.message}): try again later`,
        );
      }
      if (wait > 5000) onMessage?.({ level: 'info', text: `${name} asks to wait ${Math.round(wait / 1000)} s` });
      await sleep(wait, undefined, signal && { signal }).catch(() => {
        throw new Interrupted(`stopped; ${KEPT}`);
      });
    }
  }
}

async function attemptOnce(
  endpoint: ServiceEndpoint,
  body: string,
  mostBytes: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { name, timeout, apiKey } = endpoint;
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await post(endpoint, body, signal ? AbortSignal.any([limit, signal]) : limit);
    const text = await limitedText(response, mostBytes, name);
    if (!response.ok) throw refusal(name, response, blanked(whatItSays(text), apiKey));
    try {
      return JSON.parse(text);
    } catch {
      const said = blanked(whatItSays(text), apiKey);
      throw new WorkError(`${name} answered something that is not JSON (${said}): check OPENAI_BASE_URL`);
    }
  } catch (error) {
    if (error instanceof UserError || error instanceof Transient || error instanceof TooLarge) throw error;
    if (signal?.aborted) throw new Interrupted(`stopped; ${KEPT}`);
    if (limit.aborted) throw new Transient(`no complete answer within ${timeout / 1000} s`, false);
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    throw new Transient(blanked(cause?.message || cause?.code || message, apiKey), true);
  }
}

/** Follows redirects within the origin, with the same request. */
async function post({ name, url, apiKey }: ServiceEndpoint, body: string, signal: AbortSignal): Promise<Response> {
  const { OPENAI_ORG_ID: organization, OPENAI_PROJECT_ID: project } = process.env;
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${apiKey}`,
    ...(organization && { 'OpenAI-Organization': organization }),
    ...(project && { 'OpenAI-Project': project }),
  };
  let target = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await fetch(target, { method: 'POST', headers, body, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    target = new URL(location, target);
    if (target.origin !== url.origin) {
      throw new UserError(
        `${name} redirects to ${target.origin}, where texts and key would go: set OPENAI_BASE_URL to it if that is right`,
      );
    }
  }
  throw new WorkError(`${name} redirects more than ${MOST_REDIRECTS} times: check OPENAI_BASE_URL`);
}

async function limitedText(response: Response, mostBytes: number, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > mostBytes) {
      throw new WorkError(`${name} answers more than ${Math.round(mostBytes / 1e6)} MB: expected embeddings; check it`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An answer with another status than 2xx, as an error that says what to do. */
function refusal(name: string, { status, headers }: Response, said: string): Error {
  const reason = `${status} ${said}`.trim();
  if (status === 401 || status === 403)
    return new UserError(`${name} refuses the key: check OPENAI_API_KEY (${reason})`);
  if (status === 429 && /quota/i.test(said)) return new WorkError(`${name} refuses: check the account (${reason})`);
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return new Transient(reason, false, retryAfterOf(headers));
  }
  if (status === 413 || ((status === 400 || status === 422) && ABOUT_SIZE.test(said))) return new TooLarge(reason);
  return new UserError(
    `${name} refuses the request (${reason}): check the model's name, its settings and OPENAI_BASE_URL`,
  );
}

function retryAfterOf(headers: Headers): number | null {
  const header = headers.get('retry-after');
  if (header === null) return null;
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** The message in a body of one of the usual shapes, else its first words; on one line. */
export function whatItSays(body: unknown): string {
  let value = body;
  if (typeof body === 'string') {
    try {
      value = JSON.parse(body);
    } catch {
      value = body.replace(/<[^>]{0,200}>/g, ' ');
    }
  }
  for (const key of ['error', 'message', 'detail']) {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key];
    }
  }
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = text.slice(0, 2000).replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** The text without the key. What is shorter than any key ("x" for a service that takes all) is no secret. */
function blanked(text: string, apiKey: string): string {
  return apiKey.length < 8 ? text : text.replaceAll(apiKey, '[key]');
}
