/**
 * The project's own Jupyter data folder, .jupyter: kernel, extension, and the settings that this JupyterLab starts with.
 * Nothing outside of the project is touched.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PYTHON_ENVIRONMENT } from '../../lib/doctor/jupyter-lab.js';
import { installKernelspec } from './kernelspec.js';
import { installLabextension } from './labextension.js';
import { PROJECT } from './project.js';

export const DATA_FOLDER: string = join(PROJECT, '.jupyter');

/** Laid under the reader's own settings: no question about news at the first start, and no search for updates. */
const LAB_DEFAULTS = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/** After each save git learns that a notebook with other outputs is the same, see output-filter.ts. */
const AFTER_SAVE = `# written by npm run notebook
import subprocess

def refresh_index(model, os_path, contents_manager, **kwargs):
    if model["type"] == "notebook":
        subprocess.Popen([${JSON.stringify(process.execPath)}, ${JSON.stringify(join(PROJECT, 'scripts/notebook/refresh-index.mjs'))}, os_path])

c.FileContentsManager.post_save_hook = refresh_index
`;

/** Fills .jupyter; and .venv where it is there, because VS Code finds the kernels of Python environments. */
export function prepareDataFolder(): void {
  installKernelspec(DATA_FOLDER);
  installLabextension(DATA_FOLDER);
  const labconfig = join(DATA_FOLDER, 'config', 'labconfig');
  mkdirSync(labconfig, { recursive: true });
  writeFileSync(join(labconfig, 'default_setting_overrides.json'), `${JSON.stringify(LAB_DEFAULTS, null, 2)}\n`);
  writeFileSync(join(DATA_FOLDER, 'config', 'jupyter_server_config.py'), AFTER_SAVE);
  if (existsSync(PYTHON_ENVIRONMENT)) installKernelspec(join(PYTHON_ENVIRONMENT, 'share', 'jupyter'));
}

/** The environment in which Jupyter finds it all. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const before = (own: string, name: string): string => [own, process.env[name]].filter(Boolean).join(delimiter);
  return {
    ...process.env,
    JUPYTER_PATH: before(DATA_FOLDER, 'JUPYTER_PATH'),
    JUPYTER_CONFIG_PATH: before(join(DATA_FOLDER, 'config'), 'JUPYTER_CONFIG_PATH'),
  };
}

/** Jupyter's data folder of this user: https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(APPDATA ?? homedir(), 'jupyter');
  return join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter');
}
