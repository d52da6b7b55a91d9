/** Where JupyterLab is: in the Python environment of this project, or on the path. */
import { join } from 'node:path';
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
  /** As it tells it: "4.4.1". */
  version: string;
  /** Whether it is of version 4 or later, which the notebooks need. */
  recent: boolean;
}

/** The JupyterLab to use: the project's own before that on the path, a recent one before an old; null where there is none. */
export async function findJupyterLab(environment: string = PYTHON_ENVIRONMENT): Promise<FoundLab | null> {
  const found: FoundLab[] = [];
  for (const program of [environmentProgram(environment, 'jupyter-lab'), 'jupyter-lab']) {
    const version = /\d+\.\d+\S*/.exec((await programVersion(program)) ?? '')?.[0];
    if (version) found.push({ program, version, recent: Number.parseInt(version, 10) >= 4 });
  }
  return found.find(({ recent }) => recent) ?? found[0] ?? null;
}
