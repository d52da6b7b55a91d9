/** config.json and the tokenizer's files of an exported transformer. */
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readJsonFile, readText } from '../files/json-file.js';
import { jsonLike } from '../files/json-floats.js';
import { ConfigFile } from '../models/config-file.js';
import { findArchitecture } from '../models/registry.js';
import type { ExportSource } from './source.js';

export const WEIGHT_TYPES = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const;
export type WeightType = keyof typeof WEIGHT_TYPES;

const objectSchema = z.record(z.string(), z.unknown());
const FIX = 'copy or download the model again';

/** The classes of transformers that load an encoder without a head. */
const BARE_CLASSES: Readonly<Record<string, string>> = {
  qwen2: 'Qwen2Model',
  qwen3: 'Qwen3Model',
  bert: 'BertModel',
  roberta: 'RobertaModel',
  'xlm-roberta': 'XLMRobertaModel',
  camembert: 'CamembertModel',
  mpnet: 'MPNetModel',
  modernbert: 'ModernBertModel',
};

/** Files of tokenizers, old and new. */
const TOKENIZER_FILES =
  /^(tokenizer|special_tokens_map|added_tokens|vocab)\.json$|^(merges|vocab)\.txt$|^(tokenizer|spiece|sentencepiece(\.bpe)?)\.model$/;

/**
 * The content of config.json: the base's, with the attention that the encoder was trained with, and without what is of
 * the place where it was made.
 *
 * @throws UserError where config.json of this architecture cannot say which tokens see each other
 */
export async function exportedConfig(
  { folder, config, use }: Pick<ExportSource, 'folder' | 'config' | 'use'>,
  type: WeightType,
): Promise<Record<string, unknown>> {
  const path = join(folder, 'config.json');
  const content = await readJsonFile(path, objectSchema, FIX);
  const { _name_or_path: _, auto_map: _map, dtype: _dtype, torch_dtype: _type, ...kept } = content;
  const bare = BARE_CLASSES[config.modelType];
  const written: Record<string, unknown> = {
    ...kept,
    ...(bare ? { architectures: [bare] } : {}),
    ...(use.causal === config.causal ? {} : { is_causal: use.causal }),
    torch_dtype: WEIGHT_TYPES[type],
  };
  const parsed = findArchitecture(config.modelType, path).parseConfig(new ConfigFile(path, written), config.modelType);
  if (parsed.causal !== use.causal) {
    const attention = use.causal ? 'causal' : 'bidirectional';
    throw new UserError(
      `encoder.attention = "${attention}" cannot be said in the config.json of a model_type "${config.modelType}": transformers would compute something else; train with encoder.attention=auto to export the model so, or take --to onnx`,
    );
  }
  return written;
}

/** @param from folder whose config.json the content is made of */
export async function writeConfig(folder: string, from: string, content: Record<string, unknown>): Promise<void> {
  const source = await readText(join(from, 'config.json'));
  await writeFileAtomic(join(folder, 'config.json'), `${jsonLike(source, content)}\n`);
}

/** @param changes to tokenizer_config.json */
export async function copyTokenizer(
  { folder: from, use }: Pick<ExportSource, 'folder' | 'use'>,
  folder: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  const present = await readdir(from);
  for (const name of present.filter((file) => TOKENIZER_FILES.test(file))) {
    await copyFile(join(from, name), join(folder, name));
  }
  const settings = 'tokenizer_config.json';
  const content = present.includes(settings) ? await readJsonFile(join(from, settings), objectSchema, FIX) : {};
  const { name_or_path: _, ...kept } = content;
  await writeJson(folder, settings, { ...kept, model_max_length: use.maxTokens, ...changes });
}

export async function writeJson(folder: string, name: string, content: unknown): Promise<void> {
  await writeFileAtomic(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
}
