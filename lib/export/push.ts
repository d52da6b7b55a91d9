/** A run, a model or an export onto the hub. What is sent is an export: never the state of a training, or a cache. */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { reportingOf } from '../core/events.js';
import { checkPush, type PushedFolder, type PushFolderOptions, pushFolder } from '../hub/push-folder.js';
import type { StepResults } from '../pipeline/step-results.js';
import { checkExported, MANIFEST, readManifest } from './export-folder.js';
import { type ExportOptions, exportModel } from './export-model.js';
import { findTarget } from './registry.js';

/** What to push, and where to. */
export interface PushOptions extends Omit<ExportOptions, 'to'>, Pick<PushFolderOptions, 'confirm'> {
  /** "user/name". */
  id: string;
  /** Folder of an export, pushed as it is; absent: the run or model is exported first. */
  exported?: string;
  /** As what a run or model is exported; absent: sentence-transformers. */
  to?: string;
  /** Whether everybody may read it; absent: nobody but its owner. */
  isPublic?: boolean;
}

/** What was pushed, and from where. */
export interface PushedModel extends PushedFolder {
  folder: string;
  target: string;
}

/** @throws UserError where the export is not what its export.json says */
export async function pushModel(results: StepResults, config: Config, options: PushOptions): Promise<PushedModel> {
  const { id, exported, to = 'sentence-transformers', isPublic = false, confirm, ...rest } = options;
  const target = exported === undefined ? to : (await readManifest(exported))?.target;
  if (target !== undefined) checkIsModel(target);
  await checkPush(id, rest.signal);
  const folder = exported ?? (await exportModel(results, config, { ...rest, to, overwrite: true })).folder;
  const manifest = await readManifest(folder);
  if (!manifest) {
    throw new UserError(`${folder} is no export: name a run, a model, or a folder that "llm-embedding export" made`);
  }
  await checkExported(folder, manifest);
  const pushed = await pushFolder({
    ...reportingOf(rest),
    ...(confirm && { confirm }),
    id,
    folder,
    files: [...Object.keys(manifest.files), MANIFEST],
    title: `${manifest.name} as ${manifest.target}`,
    isPublic,
  });
  return { ...pushed, folder, target: manifest.target };
}

/** @throws UserError for what is no model */
function checkIsModel(target: string): void {
  if (findTarget(target).library !== null) return;
  throw new UserError(`a ${target} is no model, and holds papers: put its folder on a web server (docs/export.md)`);
}
