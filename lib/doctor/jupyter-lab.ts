/** Where JupyterLab is: in the Python environment of this project, in that of the current folder, or on the path. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programVersion } from './machine.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The Python environment that `npm run notebook` makes where there is no JupyterLab 4. */
export const PYTHON_ENVIRONMENT: string = join(PROJECT, '.venv');

/** A program of a Python environment. */
export function environmentProgram(environment: string, name: string): string {
  return process.platform === 'win32' ? join(environment, 'Scripts', `${name}.exe`) : join(environment, 'bin', name);
}

export interface FoundLab {
  /** What to start. */
  program: string;
  /** The Python environment that it was found in, active or not; null: on the path. */
  environment: string | null;
  /** As it tells it: "4.4.1". */
  version: string;
  /** Whether it is of version 4 or later, which the notebooks need. */
  recent: boolean;
}

/**
 * The JupyterLab to use: one in an environment before that on the path, a recent one before an old; null where there is none.
 *
 * @param environments to look into, none of which need be active; default: .venv of the project and of the current folder
 */
export async function findJupyterLab(
  environments: readonly string[] = [PYTHON_ENVIRONMENT, resolve('.venv')],
): Promise<FoundLab | null> {
  const found: FoundLab[] = [];
  for (const environment of [...new Set(environments), null]) {
    const program = environment === null ? 'jupyter-lab' : environmentProgram(environment, 'jupyter-lab');
    const version = /\d+\.\d+\S*/.exec((await programVersion(program)) ?? '')?.[0];
    if (version) found.push({ program, environment, version, recent: Number.parseInt(version, 10) >= 4 });
  }
  return found.find(({ recent }) => recent) ?? found[0] ?? null;
}
