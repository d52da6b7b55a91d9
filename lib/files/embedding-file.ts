/**
 * A file of embeddings that grows while texts are encoded, and outlives a kill. Rows go to their places in a file beside
 * the final one, which has its layout already; after each micro-batch, a journal notes which rows are there:
 *
 *   NAME.partial           header and rows [n, d], as NAME will have them
 *   NAME.partial.journal   a line that names the work, then a line for each micro-batch: the numbers of its rows
 *
 * Opened again for the same work, rows of the journal need not be computed again; a line that a kill cut is ignored. When
 * all rows are there, the file gets its name and the journal goes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { WorkError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { replaceFile, syncFile } from './lasting.js';
import { acquireLock, LockedError } from './lock.js';
import { npyHeader } from './npy.js';
import { safetensorsHeader } from './safetensors.js';

export interface EmbeddingFileOptions {
  rows: number;
  dimensions: number;
  /** Of a safetensors file. */
  metadata: Record<string, string>;
  /** All that the embeddings depend on: another one starts the file anew. */
  fingerprint: string;
}

export interface EmbeddingFile {
  /** Whether a row was there when the file was opened. */
  has(row: number): boolean;
  /** Rows that were there. */
  readonly found: number;
  /** @param rows their numbers  @param values [rows, dimensions] */
  add(rows: readonly number[], values: Float32Array): Promise<void>;
  /** Gives the file its name; all rows must be there. */
  finish(): Promise<void>;
  /** Closes the file, leaving what is there, if anything, for the next time. */
  close(): Promise<void>;
}

/** @param path ending in .safetensors or .npy  @throws WorkError where it can't be written or another process does */
export async function openEmbeddingFile(path: string, options: EmbeddingFileOptions): Promise<EmbeddingFile> {
  const { rows, dimensions } = options;
  const partial = `${path}.partial`;
  const journalPath = `${partial}.journal`;
  const header = headerOf(path, options);
  const rowBytes = 4 * dimensions;
  const work = createHash('sha256').update(JSON.stringify(options)).digest('hex');
  const unlock = await lock(partial, path);
  let data: FileHandle | undefined;
  let journal: FileHandle | undefined;
  try {
    const size = header.length + rows * rowBytes;
    const done = await doneRows(journalPath, work, rows);
    const usable = done !== null && (await stat(partial).catch(() => null))?.size === size;
    data = await open(partial, usable ? 'r+' : 'w+');
    if (!usable) {
      await data.write(header, 0, header.length, 0);
      await data.truncate(size);
    }
    journal = await open(journalPath, 'w');
    const present = new Set(usable ? done : []);
    // the journal is written anew, so that the line a kill cut is gone
    await journal.write(`${work}\n${present.size > 0 ? `${[...present].join(' ')}\n` : ''}`);
    return embeddingFile(data, journal, present);
  } catch (error) {
    await data?.close();
    await journal?.close();
    await unlock();
    throw failed(error);
  }

  function embeddingFile(file: FileHandle, log: FileHandle, present: ReadonlySet<number>): EmbeddingFile {
    const written = new Set(present);
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
      await log.close();
      if (written.size === 0) for (const name of [partial, journalPath]) await rm(name, { force: true });
      await unlock();
    };
    return {
      has: (row) => present.has(row),
      found: present.size,
      async add(numbers, values) {
        try {
          for (const [i, row] of numbers.entries()) {
            const bytes = new Uint8Array(values.buffer, values.byteOffset + i * rowBytes, rowBytes);
            await file.write(bytes, 0, rowBytes, header.length + row * rowBytes);
            written.add(row);
          }
          await log.write(`${numbers.join(' ')}\n`);
        } catch (error) {
          throw failed(error);
        }
      },
      async finish() {
        if (written.size !== rows) throw new Error(`${path} has ${written.size} of its ${quantity(rows, 'rows')}`);
        try {
          await syncFile(file);
          await replaceFile(partial, path);
          await rm(journalPath, { force: true });
        } catch (error) {
          throw failed(error);
        }
        await close();
      },
      close,
    };
  }

  function failed(error: unknown): WorkError {
    return new WorkError(`could not write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function headerOf(path: string, { rows, dimensions, metadata }: EmbeddingFileOptions): Buffer {
  if (extname(path) === '.npy') return npyHeader([rows, dimensions]);
  const shape = [rows, dimensions];
  return safetensorsHeader([{ name: 'embeddings', dtype: 'F32', shape, bytes: 4 * rows * dimensions }], metadata);
}

/** The rows that a journal notes for this work; null where there is none for it. */
async function doneRows(path: string, work: string, rows: number): Promise<number[] | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [first, ...lines] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  if (first !== work) return null;
  const numbers = lines.flatMap((line) => line.split(' ').filter((word) => word !== '')).map(Number);
  return numbers.every((row) => Number.isInteger(row) && row >= 0 && row < rows) ? numbers : null;
}

async function lock(partial: string, path: string): Promise<() => Promise<void>> {
  try {
    // Longer than a killed process's lock takes to become void. Should another take over from a process that stood still,
    // nothing is lost: rows are noted after they are written, whoever wrote them.
    return await acquireLock(partial, { wait: 6_000 });
  } catch (error) {
    if (error instanceof LockedError) {
      throw new WorkError(`${error.owner} is writing ${path}: wait for it, or take another name`);
    }
    throw new WorkError(`could not write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
