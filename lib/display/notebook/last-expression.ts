/**
 * What a reader sees of the last expression of a cell, in place of the text that Node would print: of an arquero table or a
 * list of records a table, of a result of this package what its maker says. The kernel, as this project starts it, asks here
 * before it prints the value of a cell; what a cell itself logs stays as it is.
 */
import { currentCell, display } from './output.js';
import { isRecords, showRecords } from './show-table.js';

/** Rows of a table that nobody asked to be shorter. */
const ROWS = 20;

/** Where the kernel looks for who shows a value; scripts/notebook/kernel/last-value.ts has the same. */
const SHOW_VALUE = Symbol.for('llm-embedding.show-value');

interface Shown {
  show: () => void;
  /** The cell below which it was shown when it was made. */
  cell: object | null;
}

const results = new WeakMap<object, Shown>();

/** From here on in this process. */
export function showValuesOfCells(): void {
  Object.assign(globalThis, { [SHOW_VALUE]: showValue });
}

/** Says how a result is shown where it is the last expression of a cell. */
export function shownAs<T extends object>(result: T, show: (result: T) => void): T {
  results.set(result, { show: () => show(result), cell: null });
  return result;
}

/** The same of a result that is seen already: the cell that made it shows it no second time, a later one does. */
export function alreadyShown<T extends object>(result: T, show: (result: T) => void): T {
  results.set(result, { show: () => show(result), cell: currentCell() });
  return result;
}

/** @returns false for what the kernel may print itself */
function showValue(value: unknown): boolean {
  const known = typeof value === 'object' && value !== null ? results.get(value) : undefined;
  if (known) {
    if (known.cell === null || known.cell !== currentCell()) known.show();
    return true;
  }
  if (isPromise(value)) {
    display({ 'text/plain': 'a promise: write "await" before it to wait for its value' });
    return true;
  }
  if (!isRecords(value)) return false;
  showRecords(value, { limit: ROWS });
  return true;
}

/** Also one of a cell, whose class is that of another context. */
function isPromise(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Promise]';
}
