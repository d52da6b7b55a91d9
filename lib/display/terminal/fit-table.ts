/**
 * Tables that fit the terminal: long texts wrap inside their column, and columns that still have no room are continued
 * below, each part with the first column before it. Where the output goes elsewhere (a file, a pipe) every row is one line.
 */

/** A column in characters. */
export interface ColumnWidth {
  width: number;
  /** Texts may wrap; numbers may not. */
  wraps: boolean;
}

/** Characters between two columns. */
export const GAP = 2;
/** A column of texts gets no narrower than this. */
const MIN_WIDTH = 20;

/** Characters of a line of the terminal; infinite where the output is none. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
}

/** Widths with which columns fit into a line, the widest texts made narrower first; they may still not fit. */
export function fittedWidths(columns: readonly ColumnWidth[], limit: number): number[] {
  const widths = columns.map(({ width }) => width);
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1);
  for (;;) {
    const wide = columns.flatMap(({ wraps }, i) => (wraps && widths[i]! > MIN_WIDTH ? [i] : []));
    if (total() <= limit || wide.length === 0) return widths;
    const widest = wide.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest]!--;
  }
}

/** Which columns stand together, by number; the first is part of every group. */
export function columnGroups(widths: readonly number[], limit: number): number[][] {
  const groups: number[][] = [];
  let group = widths.length > 0 ? [0] : [];
  let used = widths[0] ?? 0;
  for (let i = 1; i < widths.length; i++) {
    if (group.length > 1 && used + GAP + widths[i]! > limit) {
      groups.push(group);
      group = [0];
      used = widths[0]!;
    }
    group.push(i);
    used += GAP + widths[i]!;
  }
  return [...groups, group];
}

/** A text in lines of at most so many characters, broken at spaces, and inside of words that are longer. */
export function wrapText(text: string, width: number): string[] {
  if ([...text].length <= width) return [text];
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(/ +/)) {
    let rest = [...word];
    const separator = line.trim() === '' ? '' : ' ';
    if ([...line].length + separator.length + rest.length > width && line.trim() !== '') {
      lines.push(line);
      line = indent;
    } else line += separator;
    while ([...line].length + rest.length > width && rest.length > 0) {
      const room = Math.max(1, width - [...line].length);
      lines.push(line + rest.slice(0, room).join(''));
      rest = rest.slice(room);
      line = indent;
    }
    line += rest.join('');
  }
  return line.trim() === '' ? lines : [...lines, line];
}
