/**
 * Tables as text: columns aligned, a rule under the head, nothing else to keep from reading or from `grep`.
 */
import Table from 'cli-table3';

export interface TextColumn {
  name: string;
  align?: 'left' | 'right';
  /** Characters; longer cells are cut with an ellipsis. */
  maxWidth?: number;
}

/**
 * @param columns names, or names with an alignment; numbers are to the right unless said otherwise
 * @returns lines without a line break at the end
 */
export function textTable(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const full = columns.map((column) => (typeof column === 'string' ? { name: column } : column) as TextColumn);
  const aligns = full.map(
    ({ align }, i) => align ?? (rows.length > 0 && rows.every((row) => typeof row[i] === 'number') ? 'right' : 'left'),
  );
  const table = new Table({
    chars: NO_BORDERS,
    colAligns: aligns,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  const cells = [full.map(({ name }) => name), ...rows.map((row) => full.map((_, i) => String(row[i] ?? '')))];
  table.push(...cells.map((row) => row.map((cell, i) => cut(cell.replace(/\s+/g, ' '), full[i]!.maxWidth))));
  const [head = '', ...body] = table.toString().split('\n');
  const lines = [head, ...body].map((line) => line.trimEnd());
  const width = Math.max(...[head, ...body].map(visibleWidth));
  return [lines[0], '─'.repeat(width), ...lines.slice(1)].join('\n');
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

function cut(text: string, maxWidth: number | undefined): string {
  const characters = [...text];
  return maxWidth === undefined || characters.length <= maxWidth
    ? text
    : `${characters
        .slice(0, maxWidth - 1)
        .join('')
        .trimEnd()}…`;
}

/** Columns that a line of the table takes; all lines are padded to the same, so that one without wide characters tells. */
function visibleWidth(line: string): number {
  return [...line].length;
}
