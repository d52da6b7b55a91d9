/**
 * What a model folder must hold.
 */

import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { isThere } from '../files/is-there.js';
import { jsonProblem, parseJson } from '../files/json.js';
import { readText } from '../files/json-file.js';

/** Files of a model beside its weights, where the repository has them. */
export const SMALL_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'modules.json',
  'config_sentence_transformers.json',
  'sentence_bert_config.json',
  'sentence_roberta_config.json',
  'sentence_xlm-roberta_config.json',
  // of an adapter beside the weights, which is refused by its name
  'adapter_config.json',
];

/** Files of the steps that sentence-transformers puts after the encoder: "1_Pooling/config.json". */
export const STEP_FILES = /^\d+_[A-Za-z]+\/(config\.json|model\.safetensors)$/;

/**
 * Names of the files that a folder lacks to be a model: configuration, tokenizer, all shards of the weights, and the
 * settings of the steps that its modules.json lists.
 */
export async function missingModelFiles(folder: string): Promise<string[]> {
  const needed = ['config.json', 'tokenizer.json'];
  const index = 'model.safetensors.index.json';
  if (!(await isThere(join(folder, 'model.safetensors'))) && (await isThere(join(folder, index)))) {
    needed.push(...(await shardNames(join(folder, index))));
  } else {
    needed.push('model.safetensors');
  }
  const modules = join(folder, 'modules.json');
  if (await isThere(modules)) needed.push(...(await stepFiles(modules)));
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
    map = (parseJson(await readText(indexFile)) as { weight_map?: unknown } | null)?.weight_map;
  } catch (error) {
    throw new UserError(`${indexFile} can't be read as JSON: ${jsonProblem(error)}; copy or download it again`);
  }
  const names = [...new Set(typeof map === 'object' ? Object.values(map ?? {}) : [])];
  if (names.length === 0 || !names.every((name) => typeof name === 'string' && /^[\w-][\w.-]*$/.test(name))) {
    throw new UserError(`${indexFile}: expected a weight_map from tensors to files beside it`);
  }
  return names as string[];
}

/** Those without which a step cannot be computed; a file that says something else is left to whoever reads it. */
async function stepFiles(modulesFile: string): Promise<string[]> {
  const modules: unknown = await readText(modulesFile)
    .then((text) => parseJson(text))
    .catch(() => null);
  if (!Array.isArray(modules)) return [];
  return modules.flatMap(({ type, path }: { type?: unknown; path?: unknown }) => {
    const step = String(type).split('.').at(-1);
    if (step === 'Pooling') return [`${path}/config.json`];
    return step === 'Dense' ? [`${path}/config.json`, `${path}/model.safetensors`] : [];
  });
}
