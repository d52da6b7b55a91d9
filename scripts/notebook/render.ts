/**
 * `npm run notebook -- --render [FOLDER]`: runs the notebooks from first to last and writes each as a page, with nbconvert,
 * which comes with JupyterLab. The notebooks themselves stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findJupyterLab } from '../../lib/doctor/jupyter-lab.js';
import { jupyterEnvironment } from './data-folder.js';
import { PROJECT } from './project.js';
import { renderedPage } from './rendered-page.js';

export const RENDERED = join(PROJECT, 'docs', 'notebooks');
const NOTEBOOKS = join(PROJECT, 'notebooks');

/**
 * @param folder of the pages
 * @throws Error naming the notebook in which a cell failed
 */
export async function renderNotebooks(folder: string, say: (line: string) => void): Promise<void> {
  const lab = await findJupyterLab();
  if (!lab) throw new Error('rendering takes JupyterLab: npm run notebook -- --set-up installs it');
  const names = readdirSync(NOTEBOOKS)
    .filter((name) => name.endsWith('.ipynb'))
    .sort();
  for (const name of names) {
    say(`running ${name}`);
    const options = ['--to', 'html', '--execute', '--template', 'classic', '--output-dir', resolve(folder)];
    const more = ['--ExecutePreprocessor.timeout=-1', '--no-prompt', '--log-level=ERROR', join(NOTEBOOKS, name)];
    // the program of JupyterLab, "jupyter-lab", has "jupyter" beside it
    const program = lab.program.replace(/jupyter-lab(?=(?:\.exe)?$)/, 'jupyter');
    const { status } = spawnSync(program, ['nbconvert', ...options, ...more], {
      cwd: PROJECT,
      env: jupyterEnvironment(),
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error(`${name} could not be rendered: what is above says which cell failed`);
    const title = basename(name, '.ipynb');
    const page = join(resolve(folder), `${title}.html`);
    // run folders are told by their place in the project, not on this machine
    writeFileSync(page, renderedPage(readFileSync(page, 'utf8').replaceAll(PROJECT, ''), title));
  }
  say(`pages are in ${resolve(folder)}`);
}
