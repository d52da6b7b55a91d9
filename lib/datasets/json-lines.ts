/**
 * Records from a file of one JSON object a line, streamed. Lines that are not records are counted and skipped, or end
 * the reading where `strict` asks for that.
 */
import { throwIfAborted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { jsonObjectOf } from '../files/json.js';
import { LineSplitter, MAX_LINE_BYTES } from '../files/line-splitter.js';
import { type ByteStream, openText } from '../files/open.js';
import { textProblem } from '../files/text-lines.js';
import { MalformedRecord, type SourceRecord } from './record.js';

/** What the reading met; filled in while reading. */
export interface ReadCounts {
  /** Lines or rows that were read and left out: malformed ones and those of unwanted topics. */
  skipped: number;
  malformed: number;
  /** The first malformed line; null where there is none. */
  firstMalformed: { line: number; reason: string } | null;
  /** Papers of unwanted primary categories, by category. */
  unwanted: Map<string, number>;
}

export function emptyCounts(): ReadCounts {
  return { skipped: 0, malformed: 0, firstMalformed: null, unwanted: new Map() };
}

/** Counts a malformed line, or ends the reading under `strict`. */
export function countMalformed(path: string, line: number, reason: string, strict: boolean, counts: ReadCounts): void {
  if (strict) {
    throw new UserError(`"${path}" line ${line}: ${reason}; mend the line, or set datasets.strict=false to skip it`);
  }
  counts.skipped++;
  counts.malformed++;
  counts.firstMalformed ??= { line, reason };
}

/** Counts a paper of an unwanted category. */
export function countUnwanted(category: string, counts: ReadCounts): void {
  counts.skipped++;
  // arXiv has fewer than 200 categories; the bound keeps a file of something else from filling the memory.
  if (counts.unwanted.size < 1000 || counts.unwanted.has(category)) {
    counts.unwanted.set(category, (counts.unwanted.get(category) ?? 0) + 1);
  }
}

export interface JsonLinesOptions {
  strict: boolean;
  /** A line to a record; throws {@link MalformedRecord}. */
  toRecord: (text: string, line: number) => SourceRecord;
  /** The unwanted category of the line in bytes [start, end), seen before it is parsed; null has it parsed. */
  unwantedLine?: (buffer: Buffer, start: number, end: number) => string | null;
  /** Whether records of this primary category are wanted. */
  isWanted: (primaryCategory: string) => boolean;
}

/**
 * The wanted records in the order of the file.
 *
 * @param counts receives what was met on the way
 * @throws UserError if the file cannot be read, or under `strict` at the first malformed line
 */
export async function* readJsonLines(
  path: string,
  options: JsonLinesOptions,
  counts: ReadCounts = emptyCounts(),
  reporting: Reporting = {},
): AsyncGenerator<SourceRecord> {
  const source = await openText(path);
  let records: SourceRecord[] = [];
  const malformed = (line: number, reason: string): void => countMalformed(path, line, reason, options.strict, counts);

  const splitter = new LineSplitter(
    (buffer, start, end, line) => {
      const skipped = options.unwantedLine?.(buffer, start, end) ?? null;
      if (skipped !== null) return countUnwanted(skipped, counts);
      const bytes = buffer.subarray(start, end);
      if (isBlank(bytes)) return;
      const problem = textProblem(bytes);
      if (problem !== null) return malformed(line, problem);
      let record: SourceRecord;
      try {
        record = options.toRecord(bytes.toString('utf8'), line);
      } catch (error) {
        if (!(error instanceof MalformedRecord)) throw error;
        return malformed(line, error.message);
      }
      const primary = record.categories[0] as string;
      if (!options.isWanted(primary)) return countUnwanted(primary, counts);
      records.push(record);
    },
    (line) => malformed(line, `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`),
  );

  for await (const chunk of source.chunks) {
    throwIfAborted(reporting.signal, 'nothing was changed');
    splitter.push(chunk);
    yield* records;
    records = [];
    reportReading(source, false, reporting);
  }
  splitter.finish();
  yield* records;
  reportReading(source, true, reporting);
}

/** Tells how much of a file is read; only its end is all of it, however small the file. */
export function reportReading(source: ByteStream, isEnd: boolean, reporting: Reporting): void {
  const total = Math.ceil(source.totalBytes / 1e6);
  const done = isEnd ? total : Math.min(total - 1, Math.floor(source.bytesRead() / 1e6));
  reporting.onProgress?.({ task: 'reading papers', done, total, unit: 'MB' });
}

/** A line as a JSON object. */
export function objectOfLine(text: string): Record<string, unknown> {
  const object = jsonObjectOf(text);
  if (typeof object === 'string') throw new MalformedRecord(object);
  return object;
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9) return false;
  return true;
}
