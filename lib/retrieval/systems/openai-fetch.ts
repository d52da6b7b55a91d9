/**
 * `fetch` for the OpenAI client: the whole answer within a limit of size, and texts and key to the origin of the endpoint
 * alone, so that a redirect elsewhere is refused. Answers other than 2xx become errors that say what to do, in the words
 * of the service, on one line, with the key blanked.
 */
import { UserError, WorkError } from '../../core/errors.js';
import { TransientError } from '../../core/retry.js';
import { limitedBody, retryAfter } from '../../files/http.js';
import { parseJson } from '../../files/json.js';

/** The service refuses a request as too large; a smaller one may pass. */
export class TooLarge extends Error {}

const MOST_REDIRECTS = 3;
const ABOUT_SIZE = /too (long|large|big|many)|max(imum)?\b|exceed|limit|batch.size|length|tokens/i;

export interface ServiceFetchOptions {
  /** As messages name the service. */
  name: string;
  /** Blanked in messages. */
  apiKey: string;
  /** The only one that is asked. */
  origin: string;
  /** Of an answer. */
  mostBytes: number;
}

/** @returns a fetch that throws UserError, WorkError, {@link TransientError} or {@link TooLarge} for what is no answer */
export function serviceFetch({ name, apiKey, origin, mostBytes }: ServiceFetchOptions): typeof fetch {
  return async (input, init) => {
    let target = new URL(input instanceof Request ? input.url : input);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const response = await fetch(target, { ...init, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        target = redirected(location, target, name, origin);
        continue;
      }
      const body = await limitedBody(response, mostBytes, 'embeddings');
      if (!response.ok) throw refusal(name, response, blanked(whatItSays(body.toString('utf8')), apiKey));
      return new Response(new Uint8Array(body), { headers: { 'content-type': 'application/json' } });
    }
    throw new WorkError(`${name} redirects more than ${MOST_REDIRECTS} times: check OPENAI_BASE_URL`);
  };
}

function redirected(location: string, from: URL, name: string, origin: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw new WorkError(
      `${name} redirects to ${JSON.stringify(location.slice(0, 200))}, which is no address: check it`,
    );
  }
  const target = new URL(location, from);
  if (target.origin === origin) return target;
  const place = target.origin === 'null' ? target.protocol : target.origin;
  throw new UserError(
    `${name} redirects to ${place}, where texts and key would go: set OPENAI_BASE_URL to it if that is right`,
  );
}

/** An answer with another status than 2xx, as an error that says what to do. */
function refusal(name: string, { status, headers }: Response, said: string): Error {
  const reason = `${status} ${said}`.trim();
  if (status === 401 || status === 403)
    return new UserError(`${name} refuses the key: check OPENAI_API_KEY (${reason})`);
  if (status === 429 && /quota/i.test(said)) return new WorkError(`${name} refuses: check the account (${reason})`);
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return new TransientError(reason, { retryAfter: retryAfter(headers.get('retry-after')) });
  }
  if (status === 413 || ((status === 400 || status === 422) && ABOUT_SIZE.test(said))) return new TooLarge(reason);
  return new UserError(
    `${name} refuses the request (${reason}): check the model's name, its settings and OPENAI_BASE_URL`,
  );
}

/** The message in a body of one of the usual shapes, else its first words; on one line. */
export function whatItSays(body: unknown): string {
  let value = body;
  if (typeof body === 'string') {
    try {
      value = parseJson(body);
    } catch {
      value = body.slice(0, 20_000).replace(/<[^>]{0,200}>/g, ' ');
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
export function blanked(text: string, apiKey: string): string {
  return apiKey.length < 8 ? text : text.replaceAll(apiKey, '[key]');
}
