/**
 * `npm run notebook`: opens the notebooks in JupyterLab, with the kernel of this project. Everything it needs is put into
 * .jupyter, and into .venv where JupyterLab 4 has to be installed first.
 *
 *   npm run notebook                    set up and open
 *   npm run notebook -- --set-up        only set up: for VS Code, and for a JupyterLab that you start yourself
 *   npm run notebook -- --render [DIR]  run all six and write them as pages, into docs/notebooks
 *   npm run notebook -- --user          set up for this user everywhere, not only for this project
 *   npm run notebook -- --no-browser …  whatever else is said goes to jupyter lab
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundLab, findJupyterLab, PYTHON_ENVIRONMENT } from '../../lib/doctor/jupyter-lab.js';
import { jupyterEnvironment, prepareDataFolder, userDataFolder } from './data-folder.js';
import { installKernelspec } from './kernelspec.js';
import { installLabextension } from './labextension.js';
import { filterOutputs } from './output-filter.js';
import { PROJECT } from './project.js';
import { makePythonEnvironment } from './python-environment.js';
import { RENDERED, renderNotebooks } from './render.js';

const FIRST = join(PROJECT, 'notebooks', '1-datasets.ipynb');
const SET_UP = '--set-up';
const USER = '--user';
const RENDER = '--render';

function say(line: string): void {
  process.stderr.write(`notebook: ${line}\n`);
}

async function main(given: string[]): Promise<number> {
  if (given.includes(USER)) {
    registerForUser();
    return 0;
  }
  const told = filterOutputs();
  if (told) say(told);
  if (given.includes(SET_UP)) return setUp();
  if (given[0] === RENDER) {
    await installLab();
    await renderNotebooks(given[1] ?? RENDERED, say);
    return 0;
  }
  return openLab(given);
}

function registerForUser(): void {
  const folder = userDataFolder();
  say(`kernel: ${installKernelspec(folder)}`);
  say(`plots in JupyterLab: ${installLabextension(folder)}`);
}

/** Everything where VS Code looks: kernels of the folder's Python environment, or else those of the user. */
function setUp(): number {
  try {
    if (!existsSync(PYTHON_ENVIRONMENT)) makePythonEnvironment(say);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  prepareDataFolder();
  if (existsSync(PYTHON_ENVIRONMENT)) {
    say('the kernel "TypeScript (llm-embedding)" is in .venv, whose kernels VS Code lists for this folder');
  } else {
    say('the kernel "TypeScript (llm-embedding)" is registered for your user, since there is no .venv:');
    registerForUser();
  }
  return 0;
}

/** JupyterLab 4, installed where there is none, and what this project adds to it. */
async function installLab(): Promise<FoundLab> {
  let lab = await findJupyterLab();
  if (!lab?.recent) {
    if (lab) say(`JupyterLab ${lab.version} is too old: the notebooks need version 4`);
    makePythonEnvironment(say);
    lab = await findJupyterLab();
    if (!lab?.recent) throw new Error('JupyterLab does not start: remove the folder .venv and try again');
  }
  prepareDataFolder();
  return lab;
}

async function openLab(args: string[]): Promise<number> {
  const lab = await installLab();
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
