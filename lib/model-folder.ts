/**
 * From the name of a model to the folder that holds it.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.js';
import { downloadModel, type HubOptions } from './hub/download-model.js';
import { isThere } from './hub/model-files.js';

/** The small encoder that comes with this package. */
const SAMPLE_ENCODER = fileURLToPath(new URL('../../data/sample-encoder', import.meta.url));

/**
 * The folder of a model: "sample" is the encoder of this package, an existing folder is itself, and any other
 * "owner/name" comes from the Hugging Face hub (see {@link downloadModel}).
 *
 * @throws UserError when it is none of these, or the folder has no config.json; and whatever a download throws
 */
export async function resolveModelFolder(model: string, options: HubOptions): Promise<string> {
  const folder = model === 'sample' ? SAMPLE_ENCODER : model;
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) {
    if (await isThere(join(folder, 'config.json'))) return folder;
    throw new UserError(
      `${folder} has no config.json: expected a model folder (config.json, model.safetensors, tokenizer.json)`,
    );
  }
  if (found) throw new UserError(`model "${model}" is a file: expected the folder that holds it`);
  if (model === 'sample')
    throw new UserError(`the sample encoder is missing: expected it in ${folder}; install the package again`);
  if (/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(model)) return downloadModel(model, options);
  throw new UserError(
    `model "${model}": expected "sample", an existing folder, or a hub id such as Qwen/Qwen2.5-0.5B-Instruct`,
  );
}
