/**
 * Titles and abstracts of many papers in one file, read where they lie: UTF-8, the title of a paper directly before its
 * abstract. Twelve bytes a paper stay in memory. Reading is synchronous (a few microseconds, from the page cache of the
 * operating system as a rule), so that a paper whose texts are there can be used as any other.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { WorkError } from '../core/errors.js';
import { unwritable } from '../files/writing.js';

/** Where the texts of a paper lie, in bytes of the file. */
export interface TextPlace {
  start: number;
  titleBytes: number;
  abstractBytes: number;
}

const BUFFER_BYTES = 2 ** 22;

/** Closes files whose papers nobody holds any more. */
const openFiles = new FinalizationRegistry<number>((file) => closeSync(file));

export class PaperTexts {
  private count = 0;
  private starts = new Float64Array(1024);
  private titleBytes = new Uint16Array(1024);
  private abstractBytes = new Uint32Array(1024);
  /** Bytes in the file; those after them wait in `pending`. */
  private written: number;
  private pending: Buffer;
  private waiting = 0;
  private scratch = Buffer.alloc(2 ** 16);
  /** The paper that was read last, whose other text is likely to be asked for next. */
  private latest = { position: -1, title: '', abstract: '' };

  private constructor(
    private path: string,
    private readonly file: number,
    bufferBytes: number,
  ) {
    this.written = fstatSync(file).size;
    this.pending = Buffer.alloc(bufferBytes);
    openFiles.register(this, file);
  }

  /** A new file. @throws UserError where it cannot be made */
  static create(path: string): PaperTexts {
    try {
      return new PaperTexts(path, openSync(path, 'wx+', 0o600), BUFFER_BYTES);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** A file that was kept; {@link place} says where its papers are. */
  static open(path: string): PaperTexts {
    return new PaperTexts(path, openSync(path, 'r'), 0);
  }

  /** Bytes of all texts. */
  get bytes(): number {
    return this.written + this.waiting;
  }

  /** @returns the position of the paper. @throws WorkError for a full disk */
  add(title: string, abstract: string): number {
    const [titleBytes, abstractBytes] = [Buffer.byteLength(title), Buffer.byteLength(abstract)];
    const needed = titleBytes + abstractBytes;
    if (this.waiting + needed > this.pending.length) this.flush();
    if (needed > this.pending.length) this.pending = Buffer.alloc(needed);
    const position = this.place({ start: this.bytes, titleBytes, abstractBytes });
    this.pending.write(title, this.waiting);
    this.pending.write(abstract, this.waiting + titleBytes);
    this.waiting += needed;
    return position;
  }

  /** Notes where the texts of a paper lie. @returns its position */
  place({ start, titleBytes, abstractBytes }: TextPlace): number {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts, Float64Array);
      this.titleBytes = grown(this.titleBytes, Uint16Array);
      this.abstractBytes = grown(this.abstractBytes, Uint32Array);
    }
    this.starts[this.count] = start;
    this.titleBytes[this.count] = titleBytes;
    this.abstractBytes[this.count] = abstractBytes;
    return this.count++;
  }

  placeOf(position: number): TextPlace {
    return {
      start: this.starts[position] as number,
      titleBytes: this.titleBytes[position] as number,
      abstractBytes: this.abstractBytes[position] as number,
    };
  }

  /** @throws WorkError where the file was cut short */
  read(position: number): { title: string; abstract: string } {
    if (this.latest.position === position) return this.latest;
    const { start, titleBytes, abstractBytes } = this.placeOf(position);
    const bytes = this.bytesAt(start, titleBytes + abstractBytes);
    const title = bytes.toString('utf8', 0, titleBytes);
    this.latest = { position, title, abstract: bytes.toString('utf8', titleBytes) };
    return this.latest;
  }

  /** Gives the file its lasting name, in the same folder. */
  keepAs(path: string): void {
    this.flush();
    this.pending = Buffer.alloc(0);
    try {
      fsyncSync(this.file);
      renameSync(this.path, path);
    } catch (error) {
      throw unwritable(path, error);
    }
    this.path = path;
  }

  /** Removes the file of texts that nobody wants. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  private bytesAt(start: number, length: number): Buffer {
    if (start >= this.written) return this.pending.subarray(start - this.written, start - this.written + length);
    if (this.scratch.length < length) this.scratch = Buffer.alloc(2 * length);
    const read = readSync(this.file, this.scratch, 0, length, start);
    if (read < length) throw new WorkError(`"${this.path}" was cut short: remove it, and run the same command again`);
    return this.scratch.subarray(0, length);
  }

  private flush(): void {
    try {
      for (let from = 0; from < this.waiting; ) from += writeSync(this.file, this.pending, from, this.waiting - from);
    } catch (error) {
      throw unwritable(this.path, error);
    }
    this.written += this.waiting;
    this.waiting = 0;
  }
}

function grown<T extends Float64Array | Uint16Array | Uint32Array>(from: T, Type: new (length: number) => T): T {
  const to = new Type(2 * from.length);
  to.set(from);
  return to;
}
