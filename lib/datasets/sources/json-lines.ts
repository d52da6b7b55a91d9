/** The reader's own corpus as JSON lines: an object a line, whose fields are the columns. */
import type { Config } from '../../config/config.js';
import { objectOfLine, readJsonLines } from '../json-lines.js';
import type { SourceRecord } from '../record.js';
import { recordOfRow } from './columns.js';
import type { DataSource, ReadContext } from './source.js';

export const jsonLinesSource: DataSource = {
  name: 'json lines',
  help: 'JSON lines of your own',
  expects: 'rows with a title and a text; name their columns with datasets.columns',
  recognizes: ({ beginning }) => beginning.objects.length > 0,
  read: readRows,
};

/** Rows of JSON lines as records. */
export function readRows(path: string, context: ReadContext): AsyncIterable<SourceRecord> {
  const { settings, isWanted, counts, reporting } = context;
  const columns: Config['datasets']['columns'] = settings.columns;
  const toRecord = (text: string, line: number): SourceRecord => recordOfRow(objectOfLine(text), columns, line);
  return readJsonLines(path, { strict: settings.strict, toRecord, isWanted }, counts, reporting);
}
