/**
 * Records from a CSV or TSV file with a header (RFC 4180: quoted fields may hold delimiters and line breaks), streamed.
 */
import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { throwIfAborted, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { openBytes } from '../../files/open.js';
import { countMalformed, countUnwanted, type ReadCounts, reportReading } from '../json-lines.js';
import { MalformedRecord, type SourceRecord } from '../record.js';
import { type Columns, missingColumns, recordOfRow } from './columns.js';

export interface CsvOptions {
  strict: boolean;
  columns: Columns;
  isWanted: (topic: string) => boolean;
}

/** Characters of one row above which a quote is taken for unclosed. */
const MAX_ROW = 2 ** 20;

/**
 * @throws UserError if the file cannot be read or lacks a column, or under `strict` at the first malformed row
 */
export async function* readCsv(
  path: string,
  options: CsvOptions,
  counts: ReadCounts,
  reporting: Reporting = {},
): AsyncGenerator<SourceRecord> {
  const source = await openBytes(path);
  const chunks = source.chunks[Symbol.asyncIterator]();
  const first = await chunks.next();
  const beginning = first.done ? Buffer.alloc(0) : first.value;
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedHeader(path, header, options.columns),
    delimiter: delimiterOf(beginning),
    info: true,
    max_record_size: MAX_ROW,
    // A row with more or fewer fields has an unquoted delimiter or line break in it, and its text in the wrong column.
    relax_column_count: false,
    skip_empty_lines: true,
    skip_records_with_error: !options.strict,
    on_skip: (error) => {
      if (error) countMalformed(path, typeof error.lines === 'number' ? error.lines : 0, error.message, false, counts);
    },
  });
  const input = Readable.from(rest(beginning, chunks, () => reportReading(source, false, reporting)));
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, unknown>; info: Info }>) {
      throwIfAborted(reporting.signal, 'nothing was changed');
      const found = recordOf(path, record, info, options, counts);
      if (found) yield found;
    }
    reportReading(source, true, reporting);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`"${path}": ${error.message}; mend the row, or set datasets.strict=false to skip it`);
  } finally {
    input.destroy();
    parser.destroy();
  }
}

function recordOf(
  path: string,
  row: Record<string, unknown>,
  info: Info,
  options: CsvOptions,
  counts: ReadCounts,
): SourceRecord | null {
  try {
    const record = recordOfRow(row, options.columns, info.lines);
    const topic = record.categories[0] as string;
    if (!options.isWanted(topic)) {
      countUnwanted(topic, counts);
      return null;
    }
    counts.lines++;
    return record;
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    countMalformed(path, info.lines, error.message, options.strict, counts);
    return null;
  }
}

function checkedHeader(path: string, header: string[], columns: Columns): string[] {
  const repeated = header.find((name, index) => name !== '' && header.indexOf(name) < index);
  if (repeated !== undefined) throw new UserError(`"${path}" has two columns "${repeated}": rename one of them`);
  const missing = missingColumns(header, columns);
  if (missing.length === 0) return header;
  throw new UserError(
    `"${path}" has no column ${missing.map((name) => `"${name}"`).join(', ')}: it has ${header.map((name) => `"${name}"`).join(', ')}; name the columns with datasets.columns`,
  );
}

/** The delimiter that the header has most of. */
function delimiterOf(beginning: Buffer): string {
  const header = beginning.toString('utf8').split('\n', 1)[0] ?? '';
  const uses = (delimiter: string): number => header.split(delimiter).length;
  return [',', '\t', ';'].reduce((best, delimiter) => (uses(delimiter) > uses(best) ? delimiter : best));
}

/** All chunks; `onChunk` is told when one has been taken. */
async function* rest(first: Buffer, chunks: AsyncIterator<Buffer>, onChunk: () => void): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    onChunk();
    yield next.value;
  }
}
