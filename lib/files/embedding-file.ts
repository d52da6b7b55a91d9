/**
 * A file of embeddings that grows while texts are encoded, and outlives a kill. Rows go to their places in a file beside
 * the final one, which has its layout already; after each micro-batch, a journal notes which rows are there:
 *
 *   NAME.partial           header and rows [n, d], as NAME will have them
 *   NAME.partial.journal   a line that names the work, then a line for each micro-batch: a checksum, the numbers of its rows
 *
 * Opened again for the same work, rows of the journal need not be computed again; a line that a kill cut is ignored, and so is
 * one whose rows are not what they were, because the machine stopped before they were on the disk. When all rows are there,
 * the file gets its name and the journal goes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { isFull, PassingError, WorkError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { replaceFile, syncFile, writeAll } from './lasting.js';
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
  /**
   * Gives the file its name; all rows must be there.
   *
   * @param place puts the partial file under its name; should it fail, the rows are kept. Absent: replaces an older file
   */
  finish(place?: (partial: string, path: string) => Promise<void>): Promise<void>;
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
    const noted = await notedBatches(journalPath, work, rows);
    const usable = noted !== null && (await stat(partial).catch(() => null))?.size === size;
    data = await open(partial, usable ? 'r+' : 'w+');
    if (!usable) {
      await writeAll(data, header, 0);
      await data.truncate(size);
    }
    const kept = usable ? await intactBatches(data, noted, header.length, rowBytes) : [];
    journal = await open(journalPath, 'w');
    // the journal is written anew, so that the line a kill cut is gone
    await writeAll(journal, Buffer.from([work, ...kept.map(lineOf), ''].join('\n')));
    return embeddingFile(data, journal, new Set(kept.flatMap(({ numbers }) => numbers)));
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
          for (const { start, length } of runsOf(numbers)) {
            const bytes = new Uint8Array(values.buffer, values.byteOffset + start * rowBytes, length * rowBytes);
            await writeAll(file, bytes, header.length + (numbers[start] as number) * rowBytes);
          }
          for (const row of numbers) written.add(row);
          await writeAll(log, Buffer.from(`${lineOf({ checksum: checksumOf([values]), numbers })}\n`));
        } catch (error) {
          throw failed(error);
        }
      },
      async finish(place = replaceFile) {
        if (written.size !== rows) throw new Error(`${path} has ${written.size} of its ${quantity(rows, 'rows')}`);
        try {
          await syncFile(file);
          await place(partial, path);
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
    return unwritten(path, error);
  }
}

function headerOf(path: string, { rows, dimensions, metadata }: EmbeddingFileOptions): Buffer {
  if (extname(path) === '.npy') return npyHeader([rows, dimensions]);
  const shape = [rows, dimensions];
  return safetensorsHeader([{ name: 'embeddings', dtype: 'F32', shape, bytes: 4 * rows * dimensions }], metadata);
}

/** Rows that were written together. */
interface Batch {
  checksum: string;
  numbers: readonly number[];
}

const lineOf = ({ checksum, numbers }: Batch): string => `${checksum} ${numbers.join(' ')}`;

function checksumOf(values: Iterable<Float32Array | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of values) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex').slice(0, 16);
}

/** What a journal notes for this work; null where there is none for it. */
async function notedBatches(path: string, work: string, rows: number): Promise<Batch[] | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [first, ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
  if (first !== work) return null;
  return lines.flatMap((line) => {
    const [checksum = '', ...words] = line.split(' ');
    const numbers = words.map(Number);
    const valid = numbers.every((row) => Number.isInteger(row) && row >= 0 && row < rows);
    return valid && numbers.length > 0 ? [{ checksum, numbers }] : [];
  });
}

/** Those whose rows are on the disk as they were written. */
async function intactBatches(
  file: FileHandle,
  batches: readonly Batch[],
  dataStart: number,
  rowBytes: number,
): Promise<Batch[]> {
  const intact: Batch[] = [];
  for (const batch of batches) {
    const found: Uint8Array[] = [];
    for (const { start, length } of runsOf(batch.numbers)) {
      const bytes = new Uint8Array(length * rowBytes);
      await file.read(bytes, 0, bytes.length, dataStart + (batch.numbers[start] as number) * rowBytes);
      found.push(bytes);
    }
    if (checksumOf(found) === batch.checksum) intact.push(batch);
  }
  return intact;
}

async function lock(partial: string, path: string): Promise<() => Promise<void>> {
  try {
    // Longer than a killed process's lock takes to become void. Should another take over from a process that stood still,
    // nothing is lost: rows are noted after they are written, whoever wrote them.
    return await acquireLock(partial, { wait: 6_000 });
  } catch (error) {
    if (error instanceof LockedError) {
      throw new PassingError(`${error.owner} is writing ${path}: wait for it, or take another name`);
    }
    throw unwritten(path, error);
  }
}

function unwritten(path: string, error: unknown): WorkError {
  if (error instanceof WorkError) return error;
  const text = `could not write ${path}: ${(error as Error).message}`;
  return isFull(error)
    ? new PassingError(`${text}; make room and run the same command again`, { cause: error })
    : new WorkError(text, { cause: error });
}

/** Runs of rows that follow each other, as places in the list. */
function runsOf(rows: readonly number[]): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (const [i, row] of rows.entries()) {
    const last = runs.at(-1);
    if (last && row === (rows[i - 1] as number) + 1) last.length++;
    else runs.push({ start: i, length: 1 });
  }
  return runs;
}
