/**
 * From the name of a model to the folder that holds it.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { isThere } from '../files/is-there.js';
import { readJsonValue } from '../files/json-file.js';
import { downloadModel, type HubOptions } from './download-model.js';
import { HUB_ID } from './hub-id.js';

/**
 * The small encoders that come with this package:
 *
 *   sample           pre-trained by `llm-embedding pretrain` on papers of all topics: the one to search with
 *   sample-general   the same without any paper of gr-qc, the experiment's main topic
 *   sample-base      before it learned to retrieve: the one that the default experiment fine-tunes
 */
export const SAMPLE_ENCODERS: Readonly<Record<string, string>> = {
  sample: dataFolder('sample-encoder'),
  'sample-general': dataFolder('sample-encoder-general'),
  'sample-base': dataFolder('sample-base'),
};

function dataFolder(name: string): string {
  return fileURLToPath(new URL(`../../../data/${name}`, import.meta.url));
}

/**
 * The folder of a model: "sample" and its relatives are encoders of this package, an existing folder is itself, and any other
 * "owner/name" comes from the Hugging Face hub (see `downloadModel`).
 *
 * @throws UserError when it is none of these, or the folder has no config.json; and whatever a download throws
 */
export async function resolveModelFolder(model: string, options: HubOptions): Promise<string> {
  const sample = Object.hasOwn(SAMPLE_ENCODERS, model) ? SAMPLE_ENCODERS[model] : undefined;
  const folder = sample ?? model;
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) {
    if (await isThere(join(folder, 'config.json'))) {
      await warnOfOwnCode(folder, options);
      return folder;
    }
    throw new UserError(
      `${folder} has no config.json: expected a model folder (config.json, model.safetensors, tokenizer.json)`,
    );
  }
  if (found) throw new UserError(`model "${model}" is a file: expected the folder that holds it`);
  if (sample)
    throw new UserError(`the encoder "${model}" is missing: expected it in ${folder}; install the package again`);
  if (HUB_ID.test(model)) {
    const downloaded = await downloadModel(model, options);
    await warnOfOwnCode(downloaded, options);
    return downloaded;
  }
  throw new UserError(
    `model "${model}": expected ${Object.keys(SAMPLE_ENCODERS)
      .map((name) => `"${name}"`)
      .join(', ')}, an existing folder, or a hub id such as Qwen/Qwen2.5-0.5B-Instruct`,
  );
}

/** A model that comes with Python code may compute something else than its type says; that code is not run here. */
async function warnOfOwnCode(folder: string, { onMessage }: Reporting): Promise<void> {
  const path = join(folder, 'config.json');
  // Whoever reads the file for its content says what is wrong with it.
  const config = (await readJsonValue(path, '').catch(() => null)) as { auto_map?: unknown } | null;
  const own = config?.auto_map;
  if (typeof own !== 'object' || own === null || Object.keys(own).length === 0) return;
  const text = `${path} names code of its own (auto_map: ${Object.keys(own).join(', ')}), which is not run: the model is computed as its model_type says`;
  onMessage?.({ level: 'warning', text });
}
