/**
 * Tables as the last expression of a cell. The kernel prints that value with `console.log` as Node would; an arquero table
 * or a list of records becomes a table below the cell instead. What a cell itself logs stays as it is.
 */
import { isRecords, showRecords } from './show-table.js';

/** Rows of a table that nobody asked to be shorter. */
const ROWS = 20;
const EXECUTOR = /[\\/]tslab[\\/]dist[\\/]executor\.js/;
let installed = false;

/** Takes effect once a process; does nothing to what is not printed by the kernel. */
export function showTablesOfCells(): void {
  if (installed) return;
  installed = true;
  const log = console.log;
  console.log = (...values: unknown[]): void => {
    // the line of the caller: the kernel for the value of a cell, the cell for what it logs itself
    const caller = new Error().stack?.split('\n')[2] ?? '';
    if (values.length === 1 && EXECUTOR.test(caller) && isRecords(values[0])) showRecords(values[0], { limit: ROWS });
    else log(...values);
  };
}
