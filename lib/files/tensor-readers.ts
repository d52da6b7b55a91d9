/** Tensors of safetensors files as float32 or bfloat16: read in this thread where they are small, in threads of their own where not. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError, WorkError } from '../core/errors.js';
import {
  type NumberArrays,
  type NumberType,
  openSafetensors,
  readNumbers,
  type SafetensorsFile,
} from './safetensors.js';
import type { ReadAnswer, ReadRequest } from './tensor-reader-worker.js';

/** Below this a thread takes longer to start than it saves. */
const WORTH_THREADS = 64e6;
/** Each holds one tensor, and a disk serves only so many at once. */
const MOST_THREADS = 4;

export interface TensorToRead {
  path: string;
  name: string;
  /** As stored. */
  bytes: number;
}

/** Reads the tensors, a few ahead of the caller, and gives them in their order. Leaving the loop ends the threads. */
export async function* readTensors<T extends TensorToRead, Type extends NumberType>(
  tensors: T[],
  type: Type,
): AsyncGenerator<{ tensor: T; data: NumberArrays[Type] }, void, undefined> {
  const total = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total < WORTH_THREADS) yield* readHere(tensors, type);
  else yield* readInThreads(tensors, type);
}

async function* readHere<T extends TensorToRead, Type extends NumberType>(
  tensors: T[],
  type: Type,
): AsyncGenerator<{ tensor: T; data: NumberArrays[Type] }, void, undefined> {
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const tensor of tensors) {
      const file = files.get(tensor.path) ?? (await openSafetensors(tensor.path));
      files.set(tensor.path, file);
      yield { tensor, data: await readNumbers(file, tensor.name, type) };
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
}

async function* readInThreads<T extends TensorToRead, Type extends NumberType>(
  tensors: T[],
  type: Type,
): AsyncGenerator<{ tensor: T; data: NumberArrays[Type] }, void, undefined> {
  const readers = Array.from({ length: Math.min(availableParallelism(), MOST_THREADS) }, () => new Reader());
  // reader i has the tensors i, i + n, i + 2n, ...: one at a time each, taken in turn
  const underWay: Promise<NumberArrays[Type]>[] = [];
  const start = (index: number): void => {
    const tensor = tensors[index];
    if (!tensor) return;
    const data = (readers[index % readers.length] as Reader).read({ path: tensor.path, name: tensor.name, type });
    // a later one may fail while an earlier one is awaited: the error is met in its turn
    data.catch(() => undefined);
    underWay.push(data);
  };
  try {
    readers.forEach((_, i) => {
      start(i);
    });
    for (const [index, tensor] of tensors.entries()) {
      const data = await (underWay.shift() as Promise<NumberArrays[Type]>);
      start(index + readers.length);
      yield { tensor, data };
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.end()));
  }
}

class Reader {
  private readonly worker = new Worker(new URL('./tensor-reader-worker.js', import.meta.url), { execArgv: [] });

  read<Type extends NumberType>(request: ReadRequest & { type: Type }): Promise<NumberArrays[Type]> {
    return new Promise((resolve, reject) => {
      const settle = (answer: ReadAnswer): void => {
        this.worker.off('error', fail);
        if ('data' in answer) resolve(answer.data as NumberArrays[Type]);
        else if (answer.error.isUserError) reject(new UserError(answer.error.message));
        else reject(new WorkError(`${request.path}: ${answer.error.message}`));
      };
      const fail = (error: Error): void => {
        this.worker.off('message', settle);
        reject(new WorkError(`the thread that reads ${request.path} failed: ${error.message}`, { cause: error }));
      };
      this.worker.once('message', settle);
      this.worker.once('error', fail);
      this.worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
