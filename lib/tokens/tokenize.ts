/**
 * Many texts to token ids: in this thread where that is quick, in worker threads where it isn't. The result and its
 * order are the same. `tokenizeAhead` yields chunk by chunk, so that the encoder works while the next are tokenized.
 */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { throwIfAborted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import type { TokenizeReply, TokenizeRequest, TokenizeWorkerData } from './tokenize-worker.js';
import { loadTokenizer } from './tokenizer.js';

export interface TokenizeOptions extends Reporting {
  /** Worker threads; 0 stays in this thread. By default as many as pay off (see {@link workersWorthStarting}). */
  workers?: number;
  /** What the progress bar says. */
  task?: string;
}

export interface TokenizeAheadOptions extends TokenizeOptions {
  /** Texts a chunk. */
  chunkSize?: number;
  /** Chunks that may be finished or under way before they are asked for; bounds the memory. */
  ahead?: number;
}

/** Texts that may be fetched when their turn comes; an array is one. */
export interface TextList {
  readonly length: number;
  slice(from: number, to: number): string[];
}

/** A run of texts, in the order of the input. */
export interface TokenizedChunk {
  /** Index of its first text. */
  start: number;
  /** Token ids of each text. */
  ids: Int32Array[];
}

/** Measured: what one thread tokenizes in a second, and how long tokenizer.json takes to load, on a 2-core server. */
const CHARACTERS_PER_SECOND = 1e6;
const LOAD_SECONDS_PER_BYTE = 0.085e-6;
const START_SECONDS = 0.1;

/**
 * Token ids of each text, in the order of the input.
 *
 * @param folder with tokenizer.json
 * @param maxLength tokens of a text at most, special ones included
 * @throws UserError when the folder has no usable tokenizer; Interrupted when the signal fires
 */
export async function tokenizeTexts(
  folder: string,
  texts: readonly string[],
  maxLength?: number,
  options: TokenizeOptions = {},
): Promise<Int32Array[]> {
  const all: Int32Array[] = new Array(texts.length);
  for await (const { start, ids } of tokenizeAhead(folder, texts, maxLength, {
    ...options,
    ahead: Number.POSITIVE_INFINITY,
  })) {
    for (let i = 0; i < ids.length; i++) all[start + i] = ids[i] as Int32Array;
  }
  return all;
}

/**
 * Token ids of the texts, chunk by chunk in the order of the input, computed ahead of the reader in worker threads.
 * Leaving the loop ends the threads.
 */
export async function* tokenizeAhead(
  folder: string,
  texts: TextList,
  maxLength?: number,
  options: TokenizeAheadOptions = {},
): AsyncGenerator<TokenizedChunk, void, void> {
  const { chunkSize = 256, ahead = 8, onProgress, signal, task = 'tokenizing' } = options;
  const workers = options.workers ?? (await workersWorthStarting(folder, texts.slice(0, texts.length)));
  const chunks = Math.ceil(texts.length / chunkSize);
  const textsOf = (chunk: number): string[] => texts.slice(chunk * chunkSize, (chunk + 1) * chunkSize);
  const source =
    workers > 0 && chunks > 0
      ? inWorkers(folder, maxLength, chunks, textsOf, Math.min(workers, chunks), ahead)
      : inThisThread(folder, maxLength, chunks, textsOf);
  let done = 0;
  for await (const ids of source) {
    throwIfAborted(signal, `${done} of ${quantity(texts.length, 'texts')} ${agreeing(done, 'was', 'were')} tokenized`);
    const start = done;
    done += ids.length;
    onProgress?.({ task, done, total: texts.length, unit: 'texts' });
    yield { start, ids };
  }
}

/**
 * Worker threads that finish the texts sooner than this thread would: each has to load the tokenizer first, which is
 * 50 ms for 8,000 tokens and a second for the 150,000 of Qwen2.5.
 */
export async function workersWorthStarting(folder: string, texts: readonly string[]): Promise<number> {
  const size = await stat(join(folder, 'tokenizer.json')).then(
    (file) => file.size,
    () => 0,
  );
  const threads = Math.min(availableParallelism(), 8);
  const seconds = texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_SECOND;
  const saved = seconds - seconds / threads;
  return saved > START_SECONDS + size * LOAD_SECONDS_PER_BYTE ? threads : 0;
}

async function* inThisThread(
  folder: string,
  maxLength: number | undefined,
  chunks: number,
  textsOf: (chunk: number) => string[],
): AsyncGenerator<Int32Array[], void, void> {
  const { encode } = await loadTokenizer(folder);
  let lastPause = performance.now();
  for (let chunk = 0; chunk < chunks; chunk++) {
    const ids: Int32Array[] = [];
    for (const text of textsOf(chunk)) {
      ids.push(encode(text, maxLength));
      if (performance.now() - lastPause > 50) {
        await setImmediate(); // lets timers, progress and the stop button have their turn
        lastPause = performance.now();
      }
    }
    yield ids;
  }
}

/** Hands chunks to whichever thread is free, and yields the answers in the order of the chunks. */
async function* inWorkers(
  folder: string,
  maxLength: number | undefined,
  chunks: number,
  textsOf: (chunk: number) => string[],
  workers: number,
  ahead: number,
): AsyncGenerator<Int32Array[], void, void> {
  const data: TokenizeWorkerData = { folder, maxLength };
  const pool = Array.from(
    { length: workers },
    () => new Worker(new URL('./tokenize-worker.js', import.meta.url), { workerData: data }),
  );
  const idle = [...pool];
  const finished = new Map<number, Int32Array[]>();
  let failure: Error | undefined;
  let wake = (): void => {};
  let wanted = 0;
  let next = 0;

  const dispatch = (): void => {
    while (next < chunks && next <= wanted + ahead && idle.length > 0) {
      const request: TokenizeRequest = { chunk: next, texts: textsOf(next) };
      idle.pop()?.postMessage(request);
      next++;
    }
  };
  for (const worker of pool) {
    worker.on('message', (reply: TokenizeReply) => {
      if ('error' in reply) {
        failure ??= reply.error.isUserError ? new UserError(reply.error.message) : new WorkError(reply.error.message);
      } else {
        finished.set(reply.chunk, split(reply.ids, reply.lengths));
        idle.push(worker);
        dispatch();
      }
      wake();
    });
    worker.on('error', (error) => {
      failure ??= new WorkError(`a tokenizing thread failed: ${error.message}`);
      wake();
    });
  }
  try {
    for (; wanted < chunks; wanted++) {
      dispatch();
      while (!finished.has(wanted)) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const ids = finished.get(wanted) as Int32Array[];
      finished.delete(wanted);
      yield ids;
    }
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
}

/** Each text gets ids of its own, so that one may be transferred elsewhere without taking its neighbours along. */
function split(ids: Int32Array, lengths: number[]): Int32Array[] {
  let offset = 0;
  return lengths.map((length) => {
    const row = ids.slice(offset, offset + length);
    offset += length;
    return row;
  });
}
