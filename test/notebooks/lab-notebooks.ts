/** Copies of the notebooks with a small preset, opened in JupyterLab; cells go by their ids. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFailed } from 'vitest';
import { type Lab, type LabPage, type OpenOptions, ROOT } from './lab.js';
import { codeCells, readNotebook } from './notebook-file.js';
import { newWorkspace, smallPreset, type Workspace } from './small-run.js';

export interface NotebookPage extends LabPage {
  /** Number of a code cell. */
  indexOf(id: string): number;
  runAndWait(id: string): Promise<void>;
  writeTo(id: string, source: string): Promise<void>;
  /** What a cell has put out. */
  textOf(id: string): Promise<string>;
}

export interface LabNotebooks {
  workspace: Workspace;
  open(name: string, options?: OpenOptions & { training?: object }): Promise<NotebookPage>;
  remove(): void;
}

/** Number of a code cell, from 0. */
export function indexOf(name: string, id: string): number {
  const index = codeCells(readNotebook(`${name}.ipynb`)).findIndex((cell) => cell.id === id);
  if (index < 0) throw new Error(`${name} has no cell ${id}`);
  return index;
}

export function sourceOf(name: string, id: string): string {
  return codeCells(readNotebook(`${name}.ipynb`))[indexOf(name, id)]!.source;
}

let made = 0;

/** On a cache and a folder of runs of their own. Inside of the project, where the kernel finds the package. */
export function labNotebooks(lab: Lab): LabNotebooks {
  const workspace = newWorkspace();
  // never the folder of others: a kernel outlives its page, and would stay in the folder that they removed
  const copies = `test-results/notebooks-${process.pid}-${made++}`;
  mkdirSync(join(ROOT, copies), { recursive: true });
  return {
    workspace,
    async open(name, { training, ...options } = {}) {
      const notebook = readNotebook(`${name}.ipynb`);
      const edits = smallPreset(workspace, training);
      for (const cell of notebook.cells) {
        const edit = edits[cell.id];
        if (edit) cell.source = edit(Array.isArray(cell.source) ? cell.source.join('') : cell.source);
      }
      writeFileSync(join(ROOT, copies, `${name}.ipynb`), JSON.stringify(notebook));
      const page = await lab.open(`${copies}/${name}.ipynb`, options);
      // whatever went wrong, this is what the reader saw
      onTestFailed(() => page.picture(join(ROOT, 'test-results', `failed-${name}-${Date.now()}.png`)));
      await page.ready();
      const index = (id: string): number => indexOf(name, id);
      return {
        ...page,
        indexOf: index,
        async runAndWait(id) {
          await page.run(index(id));
          await page.done(index(id), 240_000);
        },
        writeTo: (id, source) => page.write(index(id), source),
        textOf: (id) => page.text(index(id)),
      };
    },
    remove() {
      rmSync(join(ROOT, copies), { recursive: true, force: true });
      workspace.remove();
    },
  };
}
