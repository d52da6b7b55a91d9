/**
 * Tables as the last expression of a cell: an arquero table or a list of records is a table below the cell, not the text that
 * Node would print. The kernel, as this project starts it, asks here before it prints the value of a cell; what a cell itself
 * logs stays as it is.
 */
import { isRecords, showRecords } from './show-table.js';

/** Rows of a table that nobody asked to be shorter. */
const ROWS = 20;

/** Where the kernel looks for who shows a value; scripts/notebook/kernel/last-value.ts has the same. */
const SHOW_VALUE = Symbol.for('llm-embedding.show-value');

/** From here on in this process. */
export function showTablesOfCells(): void {
  Object.assign(globalThis, { [SHOW_VALUE]: showValue });
}

/** @returns false for what the kernel may print itself */
function showValue(value: unknown): boolean {
  if (!isRecords(value)) return false;
  showRecords(value, { limit: ROWS });
  return true;
}
