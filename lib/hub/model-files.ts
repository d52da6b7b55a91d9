/**
 * What a model folder must hold.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { jsonProblem } from '../files/json.js';
import { readText } from '../files/json-file.js';

/** Names of the files that a folder lacks to be a model: configuration, tokenizer, and all shards of the weights. */
export async function missingModelFiles(folder: string): Promise<string[]> {
  const needed = ['config.json', 'tokenizer.json'];
  const index = 'model.safetensors.index.json';
  if (!(await isThere(join(folder, 'model.safetensors'))) && (await isThere(join(folder, index)))) {
    needed.push(...(await shardNames(join(folder, index))));
  } else {
    needed.push('model.safetensors');
  }
  const missing: string[] = [];
  for (const name of needed) if (!(await isThere(join(folder, name)))) missing.push(name);
  return missing;
}

/**
 * File names of the shards that an index (model.safetensors.index.json) spreads the tensors over.
 *
 * @throws UserError when it isn't such an index, or names a file outside its folder
 */
export async function shardNames(indexFile: string): Promise<string[]> {
  let map: unknown;
  try {
    map = (JSON.parse(await readText(indexFile)) as { weight_map?: unknown } | null)?.weight_map;
  } catch (error) {
    throw new UserError(`${indexFile} can't be read as JSON: ${jsonProblem(error)}; copy or download it again`);
  }
  const names = [...new Set(typeof map === 'object' ? Object.values(map ?? {}) : [])];
  if (names.length === 0 || !names.every((name) => typeof name === 'string' && /^[\w-][\w.-]*$/.test(name))) {
    throw new UserError(`${indexFile}: expected a weight_map from tensors to files beside it`);
  }
  return names as string[];
}

/** Follows links: one that leads nowhere counts as missing. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
