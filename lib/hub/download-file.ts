/**
 * One file over HTTP: resumed where an earlier try stopped, verified by its digest, and under its final name only when
 * it is whole. What @huggingface/hub leaves out of its own download.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pRetry from 'p-retry';
import lockfile from 'proper-lockfile';
import { Interrupted, throwIfAborted, UserError, WorkError } from '../core/errors.js';

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
  signal?: AbortSignal | undefined;
  /** Bytes of this file that are there, after each piece. */
  onBytes?: (done: number) => void;
}

/** A failure that another try may mend: a dropped connection, an overloaded server. */
export class TransientError extends Error {
  /** @param progressed part of the work was done and is kept, so that the next try begins further on */
  constructor(
    message: string,
    readonly progressed = false,
  ) {
    super(message);
  }
}

/** Tries again after a {@link TransientError}, after 0.3, 0.6, 1.2... seconds; tries that got further don't count. */
export function withRetries<T>(work: () => Promise<T>, retries: number, signal: AbortSignal | undefined): Promise<T> {
  return pRetry(work, {
    retries,
    minTimeout: 300,
    shouldConsumeRetry: ({ error }) => !(error instanceof TransientError && error.progressed),
    shouldRetry: ({ error }) => error instanceof TransientError && !signal?.aborted,
  });
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
  const unlock = await lock(target, options.signal);
  try {
    if (await exists(target)) return;
    await withRetries(() => attempt(file, target, options), 4, options.signal);
  } catch (error) {
    if (options.signal?.aborted) throw new Interrupted(`stopped; what came of ${file.path} is kept`);
    if (error instanceof TransientError) {
      throw new WorkError(
        `the download of ${file.path} failed: ${error.message}; what came is kept: run it again to go on`,
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

  let hash = newHash(file);
  if (resumed) for await (const piece of createReadStream(partial)) hash.update(piece as Buffer);
  if (start < file.size) {
    const response = await request(file, start, options);
    if (response.status === 200 && resumed) {
      start = 0; // the server does not resume
      hash = newHash(file);
    }
    await append(response, partial, start, hash, file, options);
  } else if (!resumed) {
    await (await open(partial, 'w')).close(); // an empty file needs no request
  }

  if (hash.digest('hex') !== file.digest.hex) {
    await rm(partial, { force: true });
    const message = `${file.path} does not have the digest that the hub announces (${file.digest.hex}): it was damaged on the way and is not kept`;
    // the damage may be in the part of an earlier try: one from the beginning tells
    throw resumed ? new TransientError(message) : new WorkError(`${message}; run it again`);
  }
  await rename(partial, target);
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
  const rightPlace = response.headers.get('Content-Range')?.startsWith(`bytes ${start}-`) ?? false;
  if (response.status === 200 || (response.status === 206 && rightPlace)) return response;
  await response.body?.cancel();
  const message = `HTTP ${response.status} for ${file.url}`;
  if (response.status === 401 || response.status === 403)
    throw new UserError(`${message}: expected access; set HF_TOKEN`);
  if (response.status >= 500 || response.status === 429) throw new TransientError(message);
  throw new WorkError(`the download of ${file.path} failed: ${message}`);
}

/** Writes the body behind the first `start` bytes of the partial file, and feeds it to the hash. */
async function append(
  response: Response,
  partial: string,
  start: number,
  hash: Hash,
  file: RemoteFile,
  options: FileDownloadOptions,
): Promise<void> {
  const output = await open(partial, start > 0 ? 'a' : 'w');
  let done = start;
  try {
    for await (const piece of response.body ?? []) {
      done += piece.length;
      if (done > file.size) break;
      hash.update(piece);
      await output.appendFile(piece);
      options.onBytes?.(done);
    }
    await output.sync();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new WorkError(`no space for ${partial}: ${message}; free some`);
    throw new TransientError(describeFetchError(error), done > start);
  } finally {
    await output.close();
  }
  if (done < file.size)
    throw new TransientError(`the connection ended after ${done} of ${file.size} bytes`, done > start);
  if (done > file.size) {
    await rm(partial, { force: true });
    throw new WorkError(`${file.path} is longer than the ${file.size} bytes that the hub announces; it is not kept`);
  }
}

/** fetch hides the reason ("ECONNREFUSED") in the cause of a general error. */
export function describeFetchError(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message;
  return reason ? `${message} (${reason})` : message;
}

async function lock(target: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockfile.lock(target, {
        realpath: false,
        lockfilePath: `${target}.lock`,
        stale: 5_000,
        onCompromised: () => {}, // the digest is verified whoever wrote
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      throwIfAborted(signal, 'another process was downloading the same file');
      await setTimeout(500);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
