/**
 * A Python environment of this project, .venv, with JupyterLab from the pinned requirements: made where there is no
 * JupyterLab 4 yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environmentProgram, PYTHON_ENVIRONMENT } from '../../lib/doctor/jupyter-lab.js';
import { PROJECT } from './project.js';

const REQUIREMENTS = join(PROJECT, 'scripts/notebook/requirements.txt');
/** What the pinned packages need. */
const OLDEST_PYTHON = [3, 11] as const;

/**
 * Makes .venv with JupyterLab in it.
 *
 * @param say gets what happens, line by line
 * @throws Error where there is no Python, or the packages cannot be installed; the message says what to do
 */
export function makePythonEnvironment(say: (line: string) => void): void {
  const own = environmentProgram(PYTHON_ENVIRONMENT, 'python');
  if (!existsSync(own)) {
    say('making a Python environment for JupyterLab in .venv');
    run(findPython(), ['-m', 'venv', PYTHON_ENVIRONMENT], 'python -m venv .venv failed');
  }
  say('installing JupyterLab into .venv; about a minute');
  run(
    own,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS],
    'JupyterLab could not be installed: check the network and the settings of pip, and try again',
  );
}

function findPython(): string {
  const version = OLDEST_PYTHON.join(', ');
  const check = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${version}))`;
  const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];
  const found = names.find((name) => spawnSync(name, ['-c', check], { timeout: 60_000 }).status === 0);
  if (found) return found;
  throw new Error(
    `there is neither JupyterLab 4 nor a Python ${OLDEST_PYTHON.join('.')} with venv to install it: install one of them ` +
      '(Debian and Ubuntu: apt install python3-venv) and try again, or open the notebooks in VS Code, see docs/notebooks.md',
  );
}

function run(program: string, args: string[], failure: string): void {
  // standard output stays free, as with every command of this project
  const { status } = spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(failure);
}
