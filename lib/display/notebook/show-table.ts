/**
 * Tables below notebook cells: HTML with aligned numbers, text where there is no notebook.
 */
import { formatCount, formatNumber, formatQuantity } from '../format.js';
import { type TextColumn, textTable } from '../terminal/text-table.js';
import { display } from './output.js';
import { notebookTable } from './table-html.js';

/** A table with a caption; columns of numbers are aligned to the right unless they say otherwise. */
export function showTable(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly (string | number)[])[],
  caption?: string,
): void {
  const text = textTable(columns, rows);
  display({ 'text/html': notebookTable(columns, rows, caption), 'text/plain': caption ? `${caption}\n${text}` : text });
}

/** What of the records a table shows. */
export interface RecordTableOptions {
  /** Which fields, in which order; default: those of the first record. */
  columns?: readonly string[];
  /** Rows shown; default 10. */
  limit?: number;
  caption?: string;
}

/** A table of arquero, or of anything that gives its rows as objects. */
export interface RecordSource {
  numRows(): number;
  objects(options?: { limit?: number }): object[];
}

/**
 * The first rows of an arquero table or a list of records, and how many there are. A click on the head of a column sorts the
 * rows shown. Whole numbers have separators, others three digits.
 */
export function showRecords(records: readonly object[] | RecordSource, options: RecordTableOptions = {}): void {
  const { limit = 10, caption } = options;
  const isList = Array.isArray(records);
  const source = records as RecordSource;
  const total = isList ? records.length : source.numRows();
  const shown = (isList ? records.slice(0, limit) : source.objects({ limit })) as Record<string, unknown>[];
  const names = options.columns ?? Object.keys(shown[0] ?? {});
  const columns = names.map((name): TextColumn => {
    const numeric = shown.some((record) => typeof record[name] === 'number');
    return { name, align: numeric ? 'right' : 'left', maxWidth: 120 };
  });
  const formats = new Map(
    names.map((name) => [
      name,
      numberFormat(
        name,
        shown.map((record) => record[name]),
      ),
    ]),
  );
  const rows = shown.map((record) =>
    names.map((name) => ({ text: plain(record[name], formats.get(name)!), sortBy: record[name] })),
  );
  const size =
    total > shown.length
      ? `first ${formatCount(shown.length)} of ${formatQuantity(total, 'rows')}`
      : formatQuantity(total, 'rows');
  const title = caption === undefined ? size : `${caption} · ${size}`;
  const text = textTable(
    columns,
    rows.map((row) => row.map((cell) => cell.text)),
  );
  display({ 'text/html': notebookTable(columns, rows, title, { sortable: true }), 'text/plain': `${title}\n${text}` });
}

/** Whether a value is shown as a table: one of arquero, or a list of plain records. */
export function isRecords(value: unknown): value is readonly object[] | RecordSource {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlainRecord);
  const { numRows, objects } = (value ?? {}) as Partial<RecordSource>;
  return typeof numRows === 'function' && typeof objects === 'function';
}

function isPlainRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // rows of another context (a cell of the kernel) have an Object of their own
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

type NumberFormat = (value: number) => string;

/**
 * One format for a column, so that its decimal points are below each other: whole numbers with separators, others with the
 * decimals that give the largest three digits. Columns of very small or very large numbers have a format for each.
 */
function numberFormat(name: string, values: readonly unknown[]): NumberFormat {
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (numbers.every(Number.isInteger)) return /year/i.test(name) ? String : formatCount;
  const largest = Math.max(...numbers.map(Math.abs));
  if (largest < 1e-2 || largest >= 1000) return formatNumber;
  const decimals = Math.max(0, 3 - Math.max(0, Math.floor(Math.log10(largest)) + 1));
  return (value) => (Number.isFinite(value) ? value.toFixed(decimals).replace('-', '−') : formatNumber(value));
}

function plain(value: unknown, format: NumberFormat): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return format(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
