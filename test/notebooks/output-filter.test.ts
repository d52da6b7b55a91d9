/** The clean filter in a real clone: running notebooks changes nothing that git sees, and other changes still show. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filterOutputs } from '../../scripts/notebook/output-filter.js';
import { NOTEBOOKS, type Notebook, notebookNames } from './notebook-file.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let clone: string;
const git = (...args: string[]): string => execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8' });

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'llm-embedding-clone-'));
  git('init', '--quiet');
  git('config', 'user.email', 'a@b.c');
  git('config', 'user.name', 'a');
  cpSync(NOTEBOOKS, join(clone, 'notebooks'), { recursive: true });
  mkdirSync(join(clone, 'scripts/notebook'), { recursive: true });
  cpSync(join(ROOT, 'scripts/notebook/strip-outputs.mjs'), join(clone, 'scripts/notebook/strip-outputs.mjs'));
  git('add', '.');
  git('commit', '--quiet', '--message', 'as committed');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** As JupyterLab saves a notebook that ran. */
function run(name: string): void {
  const path = join(clone, 'notebooks', name);
  const notebook = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
  for (const cell of notebook.cells.filter((of) => of.cell_type === 'code')) {
    cell.execution_count = 3;
    cell.outputs = [{ output_type: 'stream', name: 'stdout', text: ['much\n'] }];
    cell.metadata.scrolled = true;
  }
  (notebook.metadata.language_info as Record<string, unknown>).version = '9';
  writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`);
}

it('leaves the committed notebooks as they are, byte for byte', () => {
  expect(filterOutputs(clone)).toContain('without their outputs');
  expect(filterOutputs(clone)).toBeNull();
  git('add', '--renormalize', '.');
  expect(git('status', '--porcelain')).toBe('');
});

it('hides what running adds, and nothing else', () => {
  filterOutputs(clone);
  for (const name of notebookNames()) {
    run(name);
    // as JupyterLab does after each save
    execFileSync(process.execPath, [join(ROOT, 'scripts/notebook/refresh-index.mjs'), join(clone, 'notebooks', name)]);
  }
  expect(git('diff', '--stat')).toBe('');
  expect(git('status', '--porcelain')).toBe('');
  const path = join(clone, 'notebooks/1-datasets.ipynb');
  writeFileSync(path, readFileSync(path, 'utf8').replace('# 1 · Datasets', '# 1 · Papers'));
  expect(git('diff', '--numstat')).toMatch(/^1\t1\tnotebooks\/1-datasets.ipynb\n$/);
  execFileSync(process.execPath, [join(ROOT, 'scripts/notebook/refresh-index.mjs'), path]);
  expect(git('status', '--porcelain')).toBe(' M notebooks/1-datasets.ipynb\n');
});

it('stays out of a linked worktree, whose settings are those of others too', () => {
  const linked = `${clone}-linked`;
  git('worktree', 'add', '--quiet', linked);
  try {
    expect(filterOutputs(linked)).toContain('linked worktree');
    expect(() => git('config', 'filter.notebook-outputs.clean')).toThrow();
  } finally {
    rmSync(linked, { recursive: true, force: true });
  }
});
