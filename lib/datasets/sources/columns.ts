/**
 * A row of the reader's own corpus to a record. Which columns hold what is named by options; title and text are the two
 * that the experiment needs.
 */
import { type Config, configSchema } from '../../config/config.js';
import { isRoundedNumber } from '../../files/csv.js';
import { parsePaperId } from '../arxiv-id.js';
import {
  foldWhitespace,
  isoDate,
  MAX_TEXT,
  MalformedRecord,
  requiredProse,
  requiredText,
  type SourceRecord,
  shortened,
} from '../record.js';

/** Names of the columns (or fields of a JSON object). */
export type Columns = Config['datasets']['columns'];

/** Where nobody names columns: an id where there is one, title, abstract or text, topic or category, published or date. */
export const DEFAULT_COLUMNS: Columns = configSchema.parse({}).datasets.columns;

/** The topic of rows that name none. */
export const WHOLE_CORPUS = 'corpus';

/**
 * @param line number of the row's first line in its file, for rows without id
 * @throws MalformedRecord saying what is missing
 */
export function recordOfRow(row: Record<string, unknown>, columns: Columns, line: number): SourceRecord {
  const topic = columns.topic === null ? topicOf(row) : requiredText(row, columns.topic);
  return {
    ...parsePaperId(idOf(row, columns.id, line)),
    title: requiredProse(row, columns.title),
    abstract: requiredProse(row, textColumn(Object.keys(row), columns), MAX_TEXT),
    categories: [topic],
    published: isoDate(columns.published === null ? (row.published ?? row.date) : row[columns.published]),
    comments: '',
  };
}

function idOf(row: Record<string, unknown>, column: string | null, line: number): string {
  const value = column === null ? (row.id ?? row._id) : row[column];
  if (value === undefined || value === null) {
    if (column !== null) throw new MalformedRecord(`no "${column}"`);
    return `line-${line}`;
  }
  // A whole number is an id as good as a text; a fraction was a text once ("704.0001" was 0704.0001).
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') throw new MalformedRecord(`the id must be a string, got ${shortened(value)}`);
  const id = foldWhitespace(value);
  if (id === '') throw new MalformedRecord('the id is empty');
  if (isRoundedNumber(id)) {
    throw new MalformedRecord(`the id ${id} was rounded by a spreadsheet: save that column as text`);
  }
  return id;
}

/** Characters of the longest name that a column of topics which nobody named is taken to hold. */
const MAX_TOPIC = 80;

/** What the row has for "topic" or "category", where it is a name and no sentence. */
function topicOf(row: Record<string, unknown>): string {
  const value = row.topic ?? row.category;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') return WHOLE_CORPUS;
  const name = foldWhitespace(value);
  return name === '' || name.length > MAX_TOPIC ? WHOLE_CORPUS : name;
}

/** The configured column; where that is the default and the rows lack it, "text". */
function textColumn(header: readonly string[], columns: Columns): string {
  const name: string | null = columns.text;
  if (name !== null && (name !== DEFAULT_COLUMNS.text || header.includes(name))) return name;
  return header.includes('abstract') ? 'abstract' : 'text';
}

/** The columns that a header lacks. */
export function missingColumns(header: readonly string[], columns: Columns): string[] {
  const named = [columns.id, columns.title, textColumn(header, columns), columns.topic, columns.published];
  return named.filter((name): name is string => name !== null && !header.includes(name));
}
