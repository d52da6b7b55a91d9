/**
 * The clean filter that `npm run notebook` sets for this clone: git sees notebooks without what running them adds. Reads a
 * notebook from standard input and writes it, so that an unchanged notebook is the committed file byte for byte; what is no
 * notebook passes as it is. https://git-scm.com/docs/gitattributes#_filter
 */
import { readFileSync } from 'node:fs';

const text = readFileSync(0, 'utf8');
process.stdout.write(stripped(text));

function stripped(content) {
  let notebook;
  try {
    notebook = JSON.parse(content);
  } catch {
    return content;
  }
  if (!Array.isArray(notebook?.cells)) return content;
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
    // what Jupyter and VS Code remember of a run and of the view
    for (const key of ['collapsed', 'scrolled', 'execution', 'ExecuteTime', 'jupyter', 'vscode', 'trusted']) {
      delete cell.metadata?.[key];
    }
  }
  for (const key of ['widgets', 'vscode', 'signature']) delete notebook.metadata?.[key];
  // the kernel's TypeScript is not the notebook's matter
  delete notebook.metadata?.language_info?.version;
  return `${JSON.stringify(sorted(notebook), null, 1)}\n`;
}

/** Keys in the order in which Jupyter writes them. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
