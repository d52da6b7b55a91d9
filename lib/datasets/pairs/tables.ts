/** Rows of a table, whatever it is written as: JSON lines, CSV or TSV with a header, Parquet. */
import { csvRows, headerCells } from '../../files/csv.js';
import { jsonObjectOf } from '../../files/json.js';
import { isParquet, openParquet } from '../../files/parquet.js';
import { beginningOf, refuseWholeJson } from '../../files/text-format.js';
import { checkedLines } from '../../files/text-lines.js';

export interface TableRow {
  /** By column. */
  values: Record<string, unknown>;
  /** Of its first line, from 1; of Parquet the row. */
  line: number;
}

export interface Table {
  /** Names of the columns; of JSON lines those that the first lines have. */
  header: string[];
  /** Names of all columns: a line of JSON may be the first to have one. Reads all lines of JSON. */
  columns(): Promise<string[]>;
  /** What rows are counted as: "line 3", "row 3". */
  unit: 'line' | 'row';
  /** @param onMalformed told of what is no row */
  rows(onMalformed: (line: number, reason: string) => void): AsyncGenerator<TableRow>;
}

/** Endings of the names of tables, those of compressions left out. */
export const TABLE_ENDINGS = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.parquet'];

/** @throws UserError if the file is missing, empty or damaged, or JSON that is no line an object */
export async function openTable(path: string): Promise<Table> {
  if (await isParquet(path)) {
    const file = await openParquet(path);
    return { header: file.columns, columns: async () => file.columns, unit: 'row', rows: () => numbered(file.rows()) };
  }
  const beginning = await beginningOf(path);
  if (beginning.objects.length > 0) {
    const header = [...new Set(beginning.objects.flatMap((object) => Object.keys(object)))];
    return {
      header,
      columns: () => keysOf(path, header),
      unit: 'line',
      rows: (onMalformed) => jsonRows(path, onMalformed),
    };
  }
  refuseWholeJson(path, beginning);
  const header = headerCells(beginning.lines[0] ?? '');
  return { header, columns: async () => header, unit: 'line', rows: (onMalformed) => csvRows(path, { onMalformed }) };
}

/** The keys of all lines, the given ones first. */
async function keysOf(path: string, first: readonly string[]): Promise<string[]> {
  const keys = new Set(first);
  for await (const { values } of jsonRows(path, () => {})) for (const key of Object.keys(values)) keys.add(key);
  return [...keys];
}

async function* numbered(rows: AsyncIterable<Record<string, unknown>>): AsyncGenerator<TableRow> {
  let line = 0;
  for await (const values of rows) yield { values, line: ++line };
}

async function* jsonRows(path: string, onMalformed: (line: number, reason: string) => void): AsyncGenerator<TableRow> {
  for await (const { text, line, problem } of checkedLines(path)) {
    if (problem === null && text.trim() === '') continue;
    const values = problem ?? jsonObjectOf(text);
    if (typeof values === 'string') onMalformed(line, values);
    else yield { values, line };
  }
}
