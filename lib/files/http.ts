/** What every client of an HTTP service needs: bodies within bounds, and the server's words on failures. */
import { WorkError } from '../core/errors.js';

/**
 * The body, read no further than `limit` bytes.
 *
 * @param expected what it should have been, for the error: "a page of at most 2000 papers"
 * @throws WorkError if it is longer
 */
export async function limitedBody(response: Response, limit: number, expected: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new WorkError(
        `the answer of ${response.url} is over ${Math.round(limit / 2 ** 20)} MiB: expected ${expected}; check the address`,
      );
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** A Retry-After header, seconds or an HTTP date, as milliseconds from now; null where there is none that can be read. */
export function retryAfter(header: string | null, now: number = Date.now()): number | null {
  if (header === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** fetch hides the reason ("ECONNREFUSED") in the cause of a general error. */
export function describeFetchError(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message;
  return reason ? `${message} (${reason})` : message;
}
