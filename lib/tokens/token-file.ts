/**
 * Token ids of millions of papers in a file: written in blocks as they are made, continued where a process was stopped, and
 * read a paper at a time. Twenty bytes a paper stay in memory.
 *
 * A block is a header of four numbers (papers; numbers that follow; eight bytes of their SHA-256), the lengths of title and
 * abstract of each paper, and their ids, paper by paper. All are int32 in the byte order of the machine.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { WorkError } from '../core/errors.js';
import { unwritable } from '../files/writing.js';
import type { TokenizedPaper } from './token-statistics.js';

const HEADER = 4;

/** Closes files whose tokens nobody holds any more. */
const openFiles = new FinalizationRegistry<number>((file) => closeSync(file));

export class TokenFile {
  /** Tokens of the titles and of the abstracts of the papers that are there. */
  readonly titleLengths: Int32Array;
  readonly abstractLengths: Int32Array;
  private readonly starts: Float64Array;
  private papersThere = 0;
  private end = 0;
  private latest: { place: number; tokens: TokenizedPaper } | null = null;

  private constructor(
    private readonly path: string,
    private readonly file: number,
    /** How many it is for. */
    readonly papers: number,
  ) {
    this.titleLengths = new Int32Array(papers);
    this.abstractLengths = new Int32Array(papers);
    this.starts = new Float64Array(papers);
    openFiles.register(this, file);
  }

  /** Opens or makes the file; blocks behind one that is damaged are made again. @throws UserError where it cannot be made */
  static open(path: string, papers: number): TokenFile {
    let file: number;
    try {
      file = openSync(path, 'a+', 0o600);
    } catch (error) {
      throw unwritable(path, error);
    }
    const tokens = new TokenFile(path, file, papers);
    while (tokens.readBlock());
    ftruncateSync(file, tokens.end);
    return tokens;
  }

  /** Papers that are there, from the first. */
  get done(): number {
    return this.papersThere;
  }

  /** @throws WorkError for a full disk; what was there stays */
  append(papers: readonly TokenizedPaper[]): void {
    const lengths = papers.flatMap(({ title, abstract }) => [title.length, abstract.length]);
    const numbers = lengths.reduce((sum, length) => sum + length, lengths.length);
    const block = new Int32Array(HEADER + numbers);
    block.set([papers.length, numbers]);
    block.set(lengths, HEADER);
    let at = HEADER + lengths.length;
    for (const { title, abstract } of papers) {
      block.set(title, at);
      block.set(abstract, at + title.length);
      at += title.length + abstract.length;
    }
    block.set(digestOf(block.subarray(HEADER)), 2);
    const bytes = new Uint8Array(block.buffer);
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.file, bytes, from);
    } catch (error) {
      ftruncateSync(this.file, this.end);
      throw unwritable(this.path, error);
    }
    this.note(block);
  }

  /** Waits until all of it is on the disk. */
  flush(): void {
    fsyncSync(this.file);
  }

  /** @throws WorkError where the file was cut short */
  paper(place: number): TokenizedPaper {
    if (this.latest?.place === place) return this.latest.tokens;
    const title = this.titleLengths[place] as number;
    const ids = new Int32Array(title + (this.abstractLengths[place] as number));
    if (!this.fill(ids, this.starts[place] as number)) {
      throw new WorkError(`"${this.path}" was cut short: remove it, and run the same command again`);
    }
    const tokens = { title: ids.slice(0, title), abstract: ids.slice(title) };
    this.latest = { place, tokens };
    return tokens;
  }

  private readBlock(): boolean {
    const header = new Int32Array(HEADER);
    if (!this.fill(header, this.end)) return false;
    const [papers, numbers] = header as unknown as [number, number];
    if (papers < 1 || papers > this.papers - this.papersThere || numbers < 2 * papers) return false;
    const block = new Int32Array(HEADER + numbers);
    if (!this.fill(block, this.end)) return false;
    const [first, second] = digestOf(block.subarray(HEADER));
    if (header[2] !== first || header[3] !== second) return false;
    this.note(block);
    return true;
  }

  /** Notes where the papers of the block at the end are. */
  private note(block: Int32Array): void {
    const papers = block[0] as number;
    let at = this.end + 4 * (HEADER + 2 * papers);
    for (let i = 0; i < papers; i++) {
      const [title, abstract] = [block[HEADER + 2 * i] as number, block[HEADER + 2 * i + 1] as number];
      this.titleLengths[this.papersThere] = title;
      this.abstractLengths[this.papersThere] = abstract;
      this.starts[this.papersThere++] = at;
      at += 4 * (title + abstract);
    }
    this.end += block.byteLength;
  }

  private fill(numbers: Int32Array, position: number): boolean {
    const bytes = new Uint8Array(numbers.buffer);
    for (let from = 0; from < bytes.length; ) {
      const read = readSync(this.file, bytes, from, bytes.length - from, position + from);
      if (read === 0) return false;
      from += read;
    }
    return true;
  }
}

/** Eight bytes of the SHA-256. */
function digestOf({ buffer, byteOffset, byteLength }: Int32Array): Int32Array {
  const digest = createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest();
  return Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4));
}
