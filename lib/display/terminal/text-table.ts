/**
 * Tables as text: columns aligned, a rule under the head, nothing else to keep from reading or from `grep`. What a cell
 * holds is shown and never obeyed, see core/printable.ts.
 */
import Table from 'cli-table3';
import { printableLine } from '../../core/printable.js';
import { formatCount, formatNumber } from '../format.js';
import { columnGroups, fittedWidths, terminalWidth, wrapText } from './fit-table.js';

export interface TextColumn {
  name: string;
  align?: 'left' | 'right';
  /** Characters; longer cells are cut with an ellipsis. */
  maxWidth?: number;
}

/**
 * A table as text, for a terminal.
 *
 * @param columns names, or names with an alignment; numbers are to the right unless said otherwise
 * @param limit characters of a line, within which texts wrap and columns are continued below; default those of the terminal
 * @returns lines without a line break at the end
 */
export function textTable(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly (string | number)[])[],
  limit: number = terminalWidth(),
): string {
  const full = resolveColumns(columns, rows);
  const cells = [full.map(({ name }) => name), ...rows.map((row) => full.map((_, i) => cellText(row[i])))].map((row) =>
    row.map((cell, i) => cutText(printableLine(cell), full[i]!.maxWidth)),
  );
  const sizes = full.map(({ align }, i) => ({
    width: Math.max(...cells.map((row) => [...row[i]!].length)),
    wraps: align === 'left',
  }));
  const parts = columnGroups(fittedWidths(sizes, limit), limit).map((group) => {
    // columns that are continued below leave room for the texts of this part
    const widths = fittedWidths(
      group.map((i) => sizes[i]!),
      limit,
    );
    const aligns = group.map((i) => full[i]!.align);
    return alignedLines(
      aligns,
      cells.map((row) => group.map((i, nth) => wrapText(row[i]!, widths[nth]!).join('\n'))),
    );
  });
  return parts.join('\n\n');
}

/** Rows in columns, a rule below the first. */
function alignedLines(colAligns: ('left' | 'right')[], rows: readonly string[][]): string {
  const table = new Table({
    chars: NO_BORDERS,
    colAligns,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...rows);
  const padded = table.toString().split('\n');
  // Every line is padded to the same width; the longest in characters is one without characters of double width.
  const width = Math.max(...padded.map((line) => [...line].length));
  const lines = padded.map((line) => line.trimEnd());
  const head = Math.max(...rows[0]!.map((cell) => cell.split('\n').length));
  return [...lines.slice(0, head), '─'.repeat(width), ...lines.slice(head)].join('\n');
}

/** Numbers as everywhere: whole ones with separators, others with three digits. */
export function cellText(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

/** Columns with their alignment: to the right where every row has a number, unless said otherwise. */
export function resolveColumns(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly unknown[])[],
): (TextColumn & { align: 'left' | 'right' })[] {
  return columns.map((column, i) => {
    const numeric = rows.length > 0 && rows.every((row) => typeof row[i] === 'number');
    const given = typeof column === 'string' ? { name: column } : column;
    return { ...given, align: given.align ?? (numeric ? 'right' : 'left') };
  });
}

/** The text, or its beginning and an ellipsis where it has more characters than allowed. */
export function cutText(text: string, maxWidth: number | undefined): string {
  const characters = [...text];
  if (maxWidth === undefined || characters.length <= maxWidth) return text;
  const kept = characters.slice(0, maxWidth - 1).join('');
  // after a whole word, where one ends near
  const word = characters[maxWidth - 1] === ' ' ? kept : kept.replace(/(?<=\S) +\S{1,12}$/, '');
  return `${word.trimEnd().replace(/[,;:]$/, '')}…`;
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
