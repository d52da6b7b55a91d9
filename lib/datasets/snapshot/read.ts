/**
 * Reads a metadata snapshot as a stream of records. Lines of papers of other categories are skipped before they are
 * parsed; lines that are not records are counted and skipped, or end the reading where `strict` asks for that.
 */
import { isUtf8 } from 'node:buffer';
import { throwIfAborted, UserError } from '../../errors.js';
import type { Reporting } from '../../events.js';
import { MalformedRecord, type SourceRecord } from '../record.js';
import { CategoryFilter } from './category-filter.js';
import { LineSplitter, MAX_LINE_BYTES } from './lines.js';
import { openBytes } from './open.js';
import { recordOfLine } from './record-of-line.js';

export interface SnapshotOptions {
  /** Whether papers of this primary category are wanted. */
  isWanted: (primaryCategory: string) => boolean;
  /** A malformed line ends the reading with an error that names it. */
  strict: boolean;
}

/** What the reading met; filled in as it goes on. */
export interface SnapshotCounts {
  /** Lines that are not blank. */
  lines: number;
  malformed: number;
  /** The first malformed line; null where there is none. */
  firstMalformed: { line: number; reason: string } | null;
  /** Papers of unwanted primary categories, by category. */
  unwanted: Map<string, number>;
}

export function emptySnapshotCounts(): SnapshotCounts {
  return { lines: 0, malformed: 0, firstMalformed: null, unwanted: new Map() };
}

/**
 * The wanted records of a snapshot, in the order of the file.
 *
 * @param counts receives what was met on the way
 * @throws UserError if the file cannot be read, or under `strict` at the first malformed line
 */
export async function* readSnapshot(
  path: string,
  options: SnapshotOptions,
  counts: SnapshotCounts = emptySnapshotCounts(),
  reporting: Reporting = {},
): AsyncGenerator<SourceRecord> {
  const source = await openBytes(path);
  const filter = new CategoryFilter(options.isWanted);
  let records: SourceRecord[] = [];

  const malformed = (line: number, reason: string): void => {
    if (options.strict) {
      throw new UserError(`"${path}" line ${line}: ${reason}; mend the line, or read without --strict to skip it`);
    }
    counts.lines++;
    counts.malformed++;
    counts.firstMalformed ??= { line, reason };
  };
  const countUnwanted = (category: string): void => {
    counts.lines++;
    // arXiv has fewer than 200 categories; the bound keeps a file of something else from filling the memory.
    if (counts.unwanted.size < 1000 || counts.unwanted.has(category)) {
      counts.unwanted.set(category, (counts.unwanted.get(category) ?? 0) + 1);
    }
  };
  const splitter = new LineSplitter(
    (buffer, lineStart, end, line) => {
      const start = line === 1 ? afterByteOrderMark(buffer, lineStart, end) : lineStart;
      const skipped = filter.unwanted(buffer, start, end);
      if (skipped !== null) return countUnwanted(skipped);
      const bytes = buffer.subarray(start, end);
      if (isBlank(bytes)) return;
      if (!isUtf8(bytes)) return malformed(line, 'not UTF-8');
      let record: SourceRecord;
      try {
        record = recordOfLine(bytes.toString('utf8'));
      } catch (error) {
        if (!(error instanceof MalformedRecord)) throw error;
        return malformed(line, error.message);
      }
      const primary = record.categories[0] as string;
      if (!options.isWanted(primary)) return countUnwanted(primary);
      counts.lines++;
      records.push(record);
    },
    (line) => malformed(line, `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`),
  );

  for await (const chunk of source.chunks) {
    throwIfAborted(reporting.signal, 'nothing was changed');
    splitter.push(chunk);
    yield* records;
    records = [];
    reporting.onProgress?.({
      task: 'reading papers',
      done: Math.round(source.bytesRead() / 1e6),
      total: Math.ceil(source.totalBytes / 1e6),
      unit: 'MB',
    });
  }
  splitter.finish();
  yield* records;
}

function afterByteOrderMark(buffer: Buffer, start: number, end: number): number {
  const marked = end - start >= 3 && buffer[start] === 0xef && buffer[start + 1] === 0xbb && buffer[start + 2] === 0xbf;
  return marked ? start + 3 : start;
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9) return false;
  return true;
}
