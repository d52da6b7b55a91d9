/**
 * One file over HTTP: resumed where an earlier try stopped, verified by its digest, and under its final name only when
 * it is whole. What @huggingface/hub leaves out of its own download.
 */

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Interrupted, isFull, PassingError, UserError, WorkError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { LongWait, TransientError, withRetries } from '../core/retry.js';
import { describeFetchError, retryAfter } from '../files/http.js';
import { isThere } from '../files/is-there.js';
import { replaceFile, syncFile } from '../files/lasting.js';
import { acquireLock } from '../files/lock.js';
import type { Patience } from './connection.js';

/** A file as the hub announces it. */
export interface RemoteFile {
  /** For messages: "model.safetensors". */
  path: string;
  url: string;
  /** Bytes. */
  size: number;
  /** sha256 of the content for large files; for small ones git's SHA-1 of a blob, which covers a header as well. */
  digest: { algorithm: 'sha256' | 'git'; hex: string };
}

export interface FileDownloadOptions {
  headers: Record<string, string>;
  patience: Patience;
  signal?: AbortSignal | undefined;
  /** Bytes of this file that are there, after each piece. */
  onBytes?: (done: number) => void;
}

/**
 * Downloads a file to `target` unless it is there. Until it is whole and verified it is `target`.incomplete;
 * another process that wants the same file waits.
 *
 * @throws WorkError when the content does not have the announced digest (nothing is kept) or the server keeps failing
 * (what came is kept); UserError when access is denied; Interrupted when the signal fires (what came is kept)
 */
export async function downloadVerified(file: RemoteFile, target: string, options: FileDownloadOptions): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // Another process that downloads the same file is waited for; the digest is verified whoever wrote.
  const unlock = await acquireLock(target, { wait: Number.POSITIVE_INFINITY, signal: options.signal });
  try {
    if (await isThere(target)) return;
    await withRetries(() => attempt(file, target, options), {
      retries: 4,
      firstWait: options.patience.firstWait,
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw new Interrupted(`stopped; what came of ${file.path} is kept`);
    if (error instanceof TransientError || error instanceof LongWait) {
      throw new PassingError(
        `the download of ${file.path} failed: ${error.message}; what came is kept: run it again to resume`,
      );
    }
    throw error;
  } finally {
    await unlock();
  }
}

async function attempt(file: RemoteFile, target: string, options: FileDownloadOptions): Promise<void> {
  const partial = `${target}.incomplete`;
  let start = await stat(partial).then(
    (found) => found.size,
    () => 0,
  );
  if (start > file.size) start = 0;
  const resumed = start > 0;
  // what counts as progress: a server that answers from the beginning, again and again, makes none
  const before = start;

  let hash = newHash(file);
  if (resumed) for await (const piece of createReadStream(partial)) hash.update(piece as Buffer);
  if (start < file.size) {
    const idle = new IdleLimit(options.patience.silence, options.signal);
    try {
      const response = await request(file, start, { ...options, signal: idle.signal });
      if (response.status === 200 && resumed) {
        start = 0; // the server does not resume
        hash = newHash(file);
      }
      await append(response, { file, partial, start, before, hash }, { ...options, onPiece: () => idle.touch() });
    } finally {
      idle.end();
    }
  } else if (!resumed) {
    await (await open(partial, 'w')).close(); // an empty file needs no request
  }

  if (hash.digest('hex') !== file.digest.hex) {
    await rm(partial, { force: true });
    const message = `${file.path} does not have the digest that the hub announces (${file.digest.hex}): it was damaged on the way and is not kept`;
    // the damage may be in the part of an earlier try: one from the beginning tells
    throw resumed ? new TransientError(message) : new WorkError(`${message}; run it again`);
  }
  await replaceFile(partial, target);
}

/** Ends a request whose server has been silent for so many seconds. */
class IdleLimit {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly seconds: number,
    signal: AbortSignal | undefined,
  ) {
    this.signal = signal ? AbortSignal.any([signal, this.controller.signal]) : this.controller.signal;
    this.touch();
  }

  touch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.controller.abort(new Error(`not a byte within ${this.seconds} s`)),
      1000 * this.seconds,
    );
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

function newHash(file: RemoteFile): Hash {
  return file.digest.algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${file.size}\0`);
}

async function request(file: RemoteFile, start: number, options: FileDownloadOptions): Promise<Response> {
  const headers = { ...options.headers, 'Accept-Encoding': 'identity' };
  let response: Response;
  try {
    response = await fetch(file.url, {
      headers: start > 0 ? { ...headers, Range: `bytes=${start}-` } : headers,
      signal: options.signal ?? null,
    });
  } catch (error) {
    throw new TransientError(describeFetchError(error));
  }
  const range = response.headers.get('Content-Range');
  const isPage = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  const rightPlace = range?.startsWith(`bytes ${start}-`) ?? false;
  if (!isPage && (response.status === 200 || (response.status === 206 && rightPlace))) return response;
  await response.body?.cancel();
  const message = `HTTP ${response.status} for ${file.url}`;
  if (response.ok && isPage)
    throw new TransientError(`a web page was answered in its place, by ${new URL(response.url).origin}`);
  if (response.status === 206) throw new TransientError(`asked for the bytes from ${start} on, answered "${range}"`);
  if (response.status === 401 || response.status === 403)
    throw new UserError(`${message}: expected access; set HF_TOKEN`);
  if (response.status >= 500 || response.status === 429) {
    throw new TransientError(message, { retryAfter: retryAfter(response.headers.get('retry-after')) });
  }
  throw new WorkError(`the download of ${file.path} failed: ${message}`);
}

/** A file of which a part is there. */
interface PartialFile {
  file: RemoteFile;
  partial: string;
  /** Bytes of it that stay. */
  start: number;
  /** Bytes that were there before this try. */
  before: number;
  hash: Hash;
}

/** Writes the body behind the first `start` bytes of the partial file, and feeds it to the hash. */
async function append(
  response: Response,
  { file, partial, start, before, hash }: PartialFile,
  options: FileDownloadOptions & { onPiece: () => void },
): Promise<void> {
  const output = await open(partial, start > 0 ? 'a' : 'w');
  let done = start;
  try {
    for await (const piece of response.body ?? []) {
      options.onPiece();
      done += piece.length;
      if (done > file.size) break;
      hash.update(piece);
      await output.appendFile(piece);
      options.onBytes?.(done);
    }
    await syncFile(output);
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    if (isFull(error)) throw new PassingError(`no space for ${partial}: ${message}; free some`);
    throw new TransientError(describeFetchError(error), { progressed: done > before });
  } finally {
    await output.close();
  }
  if (done < file.size)
    throw new TransientError(`the connection ended after ${done} of ${quantity(file.size, 'bytes')}`, {
      progressed: done > before,
    });
  if (done > file.size) {
    await rm(partial, { force: true });
    throw new WorkError(
      `${file.path} is longer than the ${quantity(file.size, 'bytes')} that the hub announces, so it is not kept: check HF_ENDPOINT, or run it again`,
    );
  }
}
