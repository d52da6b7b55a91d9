/** Notebooks as files: reading, finding cells, and putting other code into one. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const NOTEBOOKS = fileURLToPath(new URL('../../notebooks/', import.meta.url));

export interface NotebookCell {
  cell_type: 'code' | 'markdown';
  id: string;
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
  metadata: Record<string, unknown>;
}

export interface Notebook {
  cells: NotebookCell[];
  metadata: { kernelspec: { name: string; language: string; display_name: string }; [key: string]: unknown };
  nbformat: number;
}

export function notebookNames(): string[] {
  return readdirSync(NOTEBOOKS)
    .filter((name) => !name.startsWith('.'))
    .sort();
}

export function readNotebook(name: string): Notebook {
  return JSON.parse(readFileSync(`${NOTEBOOKS}${name}`, 'utf8')) as Notebook;
}

export function sourceOf(cell: NotebookCell): string {
  return Array.isArray(cell.source) ? cell.source.join('') : cell.source;
}

/** Code cells in order, by id; `edits` replaces text in a cell, as a reader would. */
export function codeCells(
  notebook: Notebook,
  edits: Record<string, (source: string) => string> = {},
): { id: string; source: string }[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code');
  const unknown = Object.keys(edits).filter((id) => !cells.some((cell) => cell.id === id));
  if (unknown.length > 0) throw new Error(`no cell ${unknown.join(', ')}`);
  return cells.map((cell) => ({ id: cell.id, source: (edits[cell.id] ?? ((text) => text))(sourceOf(cell)) }));
}
