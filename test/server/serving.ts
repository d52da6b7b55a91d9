/** Servers on loopback for tests, and requests to them as they go over the wire. */
import { connect } from 'node:net';
import { join } from 'node:path';
import type { LoadedEncoder } from '../../lib/pipeline/load-encoder.js';
import { type RunningServer, type ServeOptions, serveEncoder } from '../../lib/server/serve.js';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a server says is looked at field by field
  body: any;
}

/** A server on a free port. */
export function serveForTest(source: string, options: ServeOptions = {}): Promise<RunningServer> {
  return serveEncoder(source, { port: 0, ...options });
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const sent = { 'content-type': 'application/json', ...headers };
  return answerOf(await fetch(`${url}/v1/embeddings`, { method: 'POST', headers: sent, body: text as string }));
}

export async function get(url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(url + path, { headers, redirect: 'manual' }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Waits until the papers are indexed. */
export async function searchable(url: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { body } = await get(url, '/health');
    if (body.search === 'ready') return;
    if (body.search === 'failed') throw new Error('the search of the server failed');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the papers were not indexed in time');
}

/** Sends bytes on a connection of its own, and gives what comes back until the server closes it. */
export function raw(port: number, pieces: readonly string[], pause = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(received);
      else reject(error);
    });
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await new Promise((next) => setTimeout(next, pause));
      }
    })();
  });
}

/** The largest difference between what was served and what the encoder gives. */
export async function largestDifference(
  served: readonly (readonly number[])[],
  encoder: LoadedEncoder,
  texts: readonly string[],
): Promise<number> {
  const expected = await encoder.encode(texts);
  let largest = served.length === texts.length ? 0 : Number.POSITIVE_INFINITY;
  served.forEach((vector, i) => {
    vector.forEach((value, j) => {
      largest = Math.max(largest, Math.abs(value - expected[i]![j]!));
    });
  });
  return largest;
}

/** Folder of the cache of a test. */
export const cacheIn = (cwd: string): string => join(cwd, 'cache');
