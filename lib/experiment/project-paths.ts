/** Paths of notebooks: cells run in the folder of the notebooks, and mean paths from the project's. */
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { withAbsolutePaths } from '../pipeline/absolute-paths.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** A path that is meant from the project's folder, in full. */
export function fromProject(path: string): string {
  return resolve(PROJECT, path);
}

/** A folder as seen from the project's; in full where it is elsewhere. */
export function placeOf(folder: string): string {
  const path = relative(PROJECT, folder);
  return path.startsWith('..') ? folder : path;
}

/** The configuration with its paths meant from the project's folder. */
export function inProject(config: Config): Config {
  return withAbsolutePaths(config, PROJECT);
}
