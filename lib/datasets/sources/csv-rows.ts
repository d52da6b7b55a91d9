/**
 * Records from a CSV or TSV file with a header; see files/csv.ts for how rows are told apart.
 */
import { throwIfAborted, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { csvRows } from '../../files/csv.js';
import { openText } from '../../files/open.js';
import { countMalformed, countUnwanted, type ReadCounts, reportReading } from '../json-lines.js';
import { MalformedRecord, type SourceRecord } from '../record.js';
import { type Columns, missingColumns, recordOfRow } from './columns.js';

export interface CsvOptions {
  strict: boolean;
  columns: Columns;
  isWanted: (topic: string) => boolean;
}

/**
 * @throws UserError if the file cannot be read or lacks a column, or under `strict` at the first malformed row
 */
export async function* readCsv(
  path: string,
  options: CsvOptions,
  counts: ReadCounts,
  reporting: Reporting = {},
): AsyncGenerator<SourceRecord> {
  const onMalformed = (line: number, reason: string): void =>
    countMalformed(path, line, reason, options.strict, counts);
  const checkHeader = (header: string[]): void => requireColumns(path, header, options.columns);
  const source = await openText(path);
  let rows = 0;
  for await (const { values, line } of csvRows(path, { source, checkHeader, onMalformed })) {
    if (++rows % 1000 === 0) reportReading(source, false, reporting);
    throwIfAborted(reporting.signal, 'nothing was changed');
    let record: SourceRecord;
    try {
      record = recordOfRow(values, options.columns, line);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      onMalformed(line, error.message);
      continue;
    }
    const topic = record.categories[0] as string;
    if (options.isWanted(topic)) yield record;
    else countUnwanted(topic, counts);
  }
  reportReading(source, true, reporting);
}

function requireColumns(path: string, header: string[], columns: Columns): void {
  const missing = missingColumns(header, columns);
  if (missing.length === 0) return;
  throw new UserError(
    `"${path}" has no column ${missing.map((name) => `"${name}"`).join(', ')}: it has ${header.map((name) => `"${name}"`).join(', ')}; name the columns with datasets.columns`,
  );
}
