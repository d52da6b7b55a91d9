/** Bodies of requests, read within bounds: of each, and of all together. */
import { quantity } from '../core/quantity.js';
import { parseJson, RepeatedKey } from '../files/json.js';
import { ApiError, badRequest } from './api-error.js';

/** How many bytes of bodies are in memory. */
export class BodyMemory {
  private used = 0;
  constructor(private readonly most: number) {}

  /** @throws ApiError 429 where there is no room */
  take(bytes: number): void {
    if (this.used + bytes > this.most) {
      throw new ApiError(429, 'too many large requests at once: try again', { code: 'too_busy', retryAfter: 1 });
    }
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}

/**
 * The JSON of a request; its bytes count as used until `release`.
 *
 * @throws ApiError 400 for what is no JSON in UTF-8, 413 for a body that is too large, 415 for another kind
 */
export async function readJsonBody(
  request: Request,
  most: number,
  memory: BodyMemory,
): Promise<{ value: unknown; release(): void }> {
  checkKind(request.headers);
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > most) throw tooLarge(most);
  let used = 0;
  const release = (): void => {
    memory.give(used);
    used = 0;
  };
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      if (used + chunk.byteLength > most) throw tooLarge(most);
      memory.take(chunk.byteLength);
      used += chunk.byteLength;
      chunks.push(chunk);
    }
    return { value: parsed(Buffer.concat(chunks)), release };
  } catch (error) {
    release();
    throw error;
  }
}

function checkKind(headers: Headers): void {
  const type = headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ApiError(415, 'the body is not said to be JSON: send it with Content-Type: application/json');
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new ApiError(415, 'compressed bodies are not read: send it without Content-Encoding');
  }
}

function parsed(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest('the body is not UTF-8: expected JSON in UTF-8');
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof RepeatedKey) throw badRequest(`${error.message}: give it once`);
    throw badRequest('the body is not JSON: expected an object such as {"model": "...", "input": "..."}');
  }
}

function tooLarge(most: number): ApiError {
  const message = `the body is larger than ${quantity(most, 'bytes')}: send fewer or shorter texts at once`;
  return new ApiError(413, message, { code: 'body_too_large', headers: { connection: 'close' } });
}
