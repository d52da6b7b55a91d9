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
    return { name, align: numeric ? 'right' : 'left', maxWidth: 90 };
  });
  const rows = shown.map((record) => names.map((name) => plain(record[name])));
  const more = records.length > limit ? `${formatCount(limit)} of ${formatCount(records.length)} rows` : undefined;
  showTable(columns, rows, [caption, more].filter((part) => part !== undefined).join(' · ') || undefined);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
