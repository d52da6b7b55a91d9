/**
 * Tables as text: CSV with commas or semicolons (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes)
 * and TSV, where a line with the right number of fields is a row and a quote in it is a character like any other.
 *
 * Every physical line ends up in a row or is reported as malformed. A quote that nothing closes therefore costs its own line
 * and never the rows after it: reading continues at the next line.
 */
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { ByteStream } from './open.js';
import { type CheckedLine, checkedLines } from './text-lines.js';

/** Characters of one row above which a quote is taken for unclosed. */
const MAX_ROW = 2 ** 20;
const UNCLOSED = 'a quote that is not closed';

export interface CsvRow {
  /** By column, without a prototype. */
  values: Record<string, string>;
  /** Of its first line, from 1. */
  line: number;
}

export interface CsvOptions {
  /** The file, opened as text already by a caller that watches how much of it is read. */
  source?: ByteStream;
  /** Looks at the names of the columns, and throws where they will not do. */
  checkHeader?: (header: string[]) => void;
  /** Told of each line that is no row, or part of none; absent: the first one ends the reading. */
  onMalformed?: (line: number, reason: string) => void;
}

/** @throws UserError if the file is missing, empty or damaged, has no header or a column twice, or as `onMalformed` */
export async function* csvRows(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow> {
  const source = checkedLines(path, options.source);
  try {
    yield* rowsOf(path, new LineQueue(source), options);
  } finally {
    await source.return(undefined);
  }
}

async function* rowsOf(path: string, lines: LineQueue, options: CsvOptions): AsyncGenerator<CsvRow> {
  const malformed =
    options.onMalformed ??
    ((line: number, reason: string): never => {
      throw new UserError(`"${path}" line ${line}: ${reason}; mend the row`);
    });
  let first = await lines.next();
  while (first !== null && first.problem === null && first.text.trim() === '') first = await lines.next();
  if (first === null) return;
  if (first.problem !== null) throw new UserError(`"${path}" line ${first.line}: ${first.problem}; save it as UTF-8`);
  // Excel writes and reads such a line before the header
  const named = /^"?sep=([,;\t])"?$/i.exec(first.text)?.[1];
  if (named !== undefined) first = await lines.next();
  if (first === null) return;
  const delimiter = named ?? delimiterOf(first.text);
  const header = namesOf(path, cellsOfHeader(first.text, delimiter));
  options.checkHeader?.(header);
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line.problem === null && line.text.trim() === '') continue;
    const cells = line.problem ?? (await cellsOf(line.text, lines, header.length, delimiter));
    if (typeof cells === 'string') {
      malformed(line.line, cells);
      continue;
    }
    const values = Object.create(null) as Record<string, string>;
    header.forEach((name, i) => {
      values[name] = cells[i] as string;
    });
    yield { values, line: line.line };
  }
}

/** The cells of a row, or why it is none. */
async function cellsOf(text: string, lines: LineQueue, columns: number, delimiter: string): Promise<string[] | string> {
  if (delimiter !== '\t') return readQuoted(text, lines, columns, delimiter);
  const cells = text.split('\t').map(unquoted);
  if (cells.length === columns) return cells;
  // Spreadsheets quote a field with tabs or line breaks in it.
  return cells.some((cell) => cell.startsWith('"'))
    ? readQuoted(text, lines, columns, delimiter)
    : wrongCount(cells.length, columns);
}

/** The delimiter that a header has most of, and its cells; used to recognise a table as well. */
export function headerCells(line: string): string[] {
  return cellsOfHeader(line, delimiterOf(line));
}

function delimiterOf(header: string): string {
  const uses = (delimiter: string): number => header.split(delimiter).length;
  return [',', '\t', ';'].reduce((best, delimiter) => (uses(delimiter) > uses(best) ? delimiter : best));
}

function cellsOfHeader(line: string, delimiter: string): string[] {
  const cells = delimiter === '\t' ? line.split('\t').map(unquoted) : new RowParser(delimiter).read(line);
  return (cells ?? line.split(delimiter)).map((cell) => cell.trim());
}

function namesOf(path: string, header: string[]): string[] {
  const repeated = header.find((name, index) => name !== '' && header.indexOf(name) < index);
  if (repeated !== undefined) throw new UserError(`"${path}" has two columns "${repeated}": rename one of them`);
  return header;
}

/** A field that is quoted as a whole, as spreadsheets write those with quotes in them, loses that quoting. */
function unquoted(cell: string): string {
  if (cell.length < 2 || !cell.startsWith('"') || !cell.endsWith('"')) return cell;
  const inner = cell.slice(1, -1);
  return inner.replaceAll('""', '').includes('"') ? cell : inner.replaceAll('""', '"');
}

async function readQuoted(
  text: string,
  lines: LineQueue,
  columns: number,
  delimiter: string,
): Promise<string[] | string> {
  const parser = new RowParser(delimiter);
  let cells = parser.read(text);
  let size = text.length;
  // Lines behind the first are looked at, and taken only when they complete a row.
  let taken = 0;
  while (cells === null && parser.problem === null) {
    const next = await lines.peek(taken);
    const isOver = next === null || next.problem !== null || size > MAX_ROW;
    // A line of a TSV that is a row by itself belongs to no other.
    if (isOver || (delimiter === '\t' && next.text.split('\t').length === columns)) return UNCLOSED;
    size += next.text.length + 1;
    taken++;
    cells = parser.read(next.text);
  }
  if (cells === null) return parser.problem ?? UNCLOSED;
  if (cells.length !== columns) return wrongCount(cells.length, columns);
  lines.take(taken);
  return cells;
}

/** Whether a cell is what spreadsheets make of a long number, "1.23E+11": its last digits are lost. */
export function isRoundedNumber(cell: string): boolean {
  return /^\d([.,]\d+)?E\+\d{2,}$/.test(cell.trim());
}

function wrongCount(found: number, expected: number): string {
  return `${quantity(found, 'fields')} where the header has ${expected}`;
}

/** Cuts a row into cells, one physical line after the other. */
class RowParser {
  problem: string | null = null;
  private readonly cells: string[] = [];
  /** What a quoted field that continues in the next line holds so far; null outside of one. */
  private open: string | null = null;

  constructor(private readonly delimiter: string) {}

  /** The cells when the line completes the row; null when a quoted field continues, or with {@link problem} set. */
  read(line: string): string[] | null {
    let at = 0;
    if (this.open !== null) this.open += '\n';
    for (;;) {
      if (this.open !== null || line[at] === '"') {
        at = this.readQuotedField(line, this.open === null ? at + 1 : at);
        if (at < 0) return null;
        if (at >= line.length) return this.cells;
        at++;
        continue;
      }
      const end = line.indexOf(this.delimiter, at);
      if (end < 0) {
        this.cells.push(line.slice(at));
        return this.cells;
      }
      this.cells.push(line.slice(at, end));
      at = end + 1;
    }
  }

  /** @returns where the delimiter behind the field is, or the end of the line; below 0 where the field is not over */
  private readQuotedField(line: string, start: number): number {
    let value = this.open ?? '';
    this.open = null;
    for (let at = start; ; ) {
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        this.open = value + line.slice(at);
        return -1;
      }
      value += line.slice(at, quote);
      if (line[quote + 1] === '"') {
        value += '"';
        at = quote + 2;
        continue;
      }
      if (quote + 1 < line.length && line[quote + 1] !== this.delimiter) {
        this.problem = 'a quote in the middle of a quoted field, or one that is not closed';
        return -1;
      }
      this.cells.push(value);
      return quote + 1;
    }
  }
}

/** Lines that can be looked at before they are taken. */
class LineQueue {
  private waiting: CheckedLine[] = [];
  private taken = 0;

  constructor(private readonly iterator: AsyncIterator<CheckedLine>) {}

  async next(): Promise<CheckedLine | null> {
    const line = await this.peek(0);
    if (line !== null) this.take(1);
    return line;
  }

  async peek(ahead: number): Promise<CheckedLine | null> {
    while (this.waiting.length - this.taken <= ahead) {
      const next = await this.iterator.next();
      if (next.done) return null;
      this.waiting.push(next.value);
    }
    return this.waiting[this.taken + ahead] as CheckedLine;
  }

  take(count: number): void {
    this.taken += count;
    if (this.taken < this.waiting.length) return;
    this.waiting = [];
    this.taken = 0;
  }
}
