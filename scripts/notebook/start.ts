/**
 * `npm run notebook`: opens the notebooks in JupyterLab, with the kernel of this project. Everything it needs is put into
 * .jupyter, and into .venv where JupyterLab 4 has to be installed first.
 *
 *   npm run notebook                    set up and open
 *   npm run notebook -- --set-up        only set up: for VS Code, and for a JupyterLab that runs already
 *   npm run notebook -- --user          set up for this user everywhere, not only for this project
 *   npm run notebook -- --no-browser …  whatever else is said goes to jupyter lab
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findJupyterLab } from '../../lib/doctor/jupyter-lab.js';
import { DATA_FOLDER, jupyterEnvironment, prepareDataFolder, userDataFolder } from './data-folder.js';
import { installKernelspec } from './kernelspec.js';
import { installLabextension } from './labextension.js';
import { PROJECT } from './project.js';
import { makePythonEnvironment } from './python-environment.js';

const FIRST = join(PROJECT, 'notebooks', '1-datasets.ipynb');
const SET_UP = '--set-up';
const USER = '--user';

function say(line: string): void {
  process.stderr.write(`notebook: ${line}\n`);
}

async function main(given: string[]): Promise<number> {
  const forLab = given.filter((option) => option !== SET_UP && option !== USER);
  if (given.includes(USER)) {
    const folder = userDataFolder();
    say(`kernel: ${installKernelspec(folder)}`);
    say(`plots in JupyterLab: ${installLabextension(folder)}`);
    return 0;
  }
  if (given.includes(SET_UP)) {
    prepareDataFolder();
    say(`the kernel "TypeScript (llm-embedding)" is in ${DATA_FOLDER}; docs/notebooks.md says how VS Code finds it`);
    return 0;
  }
  return openLab(forLab);
}

async function openLab(args: string[]): Promise<number> {
  let lab = await findJupyterLab();
  if (!lab?.recent) {
    if (lab) say(`JupyterLab ${lab.version} is too old: the notebooks need version 4`);
    makePythonEnvironment(say);
    lab = await findJupyterLab();
    if (!lab?.recent) throw new Error('JupyterLab does not start: remove the folder .venv and try again');
  }
  prepareDataFolder();
  say(`JupyterLab ${lab.version}; Ctrl-C twice ends it`);
  // a path among the arguments is what the reader wants to open
  const opens = args.some((argument) => !argument.startsWith('-') && existsSync(argument)) ? [] : [FIRST];
  const all = [`--ServerApp.root_dir=${PROJECT}`, ...args, ...opens];
  const child = spawn(lab.program, all, { cwd: PROJECT, stdio: 'inherit', env: jupyterEnvironment() });
  // Ctrl-C reaches JupyterLab too, which asks whether it is meant: this process waits for the answer
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
