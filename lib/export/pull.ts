/** A model of the hub into a folder of its own: every file of the repository, verified, byte for byte. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { TransientError } from '../core/retry.js';
import { connection, explain, isOffline, unreachable } from '../hub/connection.js';
import { HUB_ID } from '../hub/hub-id.js';
import { commitOf, downloadInto, listRepository } from '../hub/repository.js';
import { checkExportFolder } from './export-folder.js';

/** What to pull, and where to. */
export interface PullOptions extends Reporting {
  /** Absent: a folder called by the name of the model, here. */
  out?: string;
  /** Branch, tag or commit; absent: main. */
  revision?: string;
  /** Replace an export that is there. */
  overwrite?: boolean;
}

/** What was pulled. */
export interface PulledModel {
  id: string;
  folder: string;
  commit: string;
  files: string[];
}

/** What git and the hub keep for themselves. */
const NOT_OF_THE_MODEL = /^\.git/;

/**
 * Brings a model of the hub into a folder; a pull that was stopped continues.
 *
 * @param id "user/name"
 * @throws UserError where it is not there, access is denied, or something is in the way
 */
export async function pullModel(id: string, options: PullOptions = {}): Promise<PulledModel> {
  const { revision = 'main', overwrite = false, ...reporting } = options;
  if (!HUB_ID.test(id)) throw new UserError(`${id} is no name of a model on the hub: expected user/name`);
  if (isOffline()) throw new UserError('HF_HUB_OFFLINE is set: unset it to pull a model');
  const folder = resolve(options.out ?? (id.split('/')[1] as string));
  await checkExportFolder(folder, overwrite);
  const hub = await connection(reporting.signal);
  try {
    const commit = await commitOf(hub, id, revision);
    const all = await listRepository(hub, id, commit, true);
    const entries = all.filter(({ type, path }) => type === 'file' && !NOT_OF_THE_MODEL.test(path));
    // named by the commit, so that a pull that was stopped continues, and never with files of another
    const staging = join(dirname(folder), `.${basename(folder)}.pull-${commit}`);
    await mkdir(staging, { recursive: true });
    await downloadInto(staging, { id, commit, hub }, entries, reporting);
    await replace(staging, folder);
    return { id, folder, commit, files: entries.map(({ path }) => path) };
  } catch (error) {
    throw error instanceof TransientError ? unreachable(hub, error) : explain(error, hub, id, folder);
  }
}

async function replace(staging: string, folder: string): Promise<void> {
  if (await stat(folder).catch(() => null)) await rm(folder, { recursive: true });
  await rename(staging, folder);
}
