/**
 * Tables below notebook cells: HTML with aligned numbers, text where there is no notebook.
 */
import { formatCount, formatNumber } from '../format.js';
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

export interface RecordTableOptions {
  /** Which fields, in which order; default: those of the first record. */
  columns?: readonly string[];
  /** Rows shown; default 10. */
  limit?: number;
  caption?: string;
}

/** The first records of a list, such as `table.objects()`: whole numbers with separators, others to three digits. */
export function showRecords(records: readonly object[], options: RecordTableOptions = {}): void {
  const { limit = 10, caption } = options;
  const names = options.columns ?? Object.keys(records[0] ?? {});
  const shown = records.slice(0, limit) as readonly Record<string, unknown>[];
  const columns = names.map((name): TextColumn => {
    const numeric = shown.some((record) => typeof record[name] === 'number');
    return { name, align: numeric ? 'right' : 'left', maxWidth: 120 };
  });
  const formats = new Map(names.map((name) => [name, numberFormat(shown.map((record) => record[name]))]));
  const rows = shown.map((record) => names.map((name) => plain(record[name], formats.get(name)!)));
  const more = records.length > limit ? `${formatCount(limit)} of ${formatCount(records.length)} rows` : undefined;
  showTable(columns, rows, [caption, more].filter((part) => part !== undefined).join(' · ') || undefined);
}

type NumberFormat = (value: number) => string;

/**
 * One format for a column, so that its decimal points are below each other: whole numbers with separators, others with the
 * decimals that give the largest three digits. Columns of very small or very large numbers have a format for each.
 */
function numberFormat(values: readonly unknown[]): NumberFormat {
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (numbers.every(Number.isInteger)) return formatCount;
  const largest = Math.max(...numbers.map(Math.abs));
  if (largest < 1e-2 || largest >= 1000) return formatNumber;
  const decimals = Math.max(0, 3 - Math.max(0, Math.floor(Math.log10(largest)) + 1));
  return (value) => (Number.isFinite(value) ? value.toFixed(decimals).replace('-', '−') : formatNumber(value));
}

function plain(value: unknown, format: NumberFormat): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return format(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
