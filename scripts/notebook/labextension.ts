/**
 * The extension that draws Plotly descriptions in JupyterLab, put where this project's JupyterLab looks for extensions.
 * It is prebuilt: two files of this repository and the plotly.js of node_modules.
 */
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PROJECT } from './project.js';

export const LABEXTENSION_NAME = 'llm-embedding-plotly';

const SOURCE = join(PROJECT, 'scripts/notebook/labextension');

/** Copies the extension into a Jupyter data folder, and returns its folder. */
export function installLabextension(dataFolder: string): string {
  const folder = join(dataFolder, 'labextensions', LABEXTENSION_NAME);
  mkdirSync(join(folder, 'static'), { recursive: true });
  for (const file of ['package.json', 'static/remoteEntry.js']) copyFileSync(join(SOURCE, file), join(folder, file));
  const plotly = createRequire(import.meta.url).resolve('plotly.js-dist/plotly.js');
  const target = join(folder, 'static/plotly.js');
  if (statSync(target, { throwIfNoEntry: false })?.size !== statSync(plotly).size) copyFileSync(plotly, target);
  return folder;
}
