/**
 * How a sentence-embedding model wants to be used, from the files that sentence-transformers writes beside it:
 *
 *   modules.json                       the steps after the encoder, each with its folder
 *   1_Pooling/config.json              which pooling
 *   config_sentence_transformers.json  prompts for queries and documents
 *   sentence_bert_config.json          longest input, lower case
 *
 * A folder without them is read as sentence-transformers reads it: mean pooling, no prompts.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { checkJson, readJsonValueSync } from '../../files/json-file.js';
import type { TextKind } from './embedding-model.js';

export type SentencePooling = 'mean' | 'cls' | 'last';

export interface SentenceConfig {
  pooling: SentencePooling;
  /** Put before each text of a kind; may be empty. */
  prompts: Record<TextKind, string>;
  /** Tokens; null where the tokenizer's own limit holds. */
  maxTokens: number | null;
  lowerCase: boolean;
}

const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }));
const poolingSchema = z.looseObject({ pooling_mode: z.string().optional() });
const promptsSchema = z.object({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
});
const transformerSchema = z.object({
  max_seq_length: z.number().int().min(1).nullish(),
  do_lower_case: z.boolean().nullish(),
});

const POOLING_NAMES = new Map<string, SentencePooling>([
  ['mean', 'mean'],
  ['mean_tokens', 'mean'],
  ['cls', 'cls'],
  ['cls_token', 'cls'],
  ['lasttoken', 'last'],
]);

/**
 * Reads the configuration of a model folder.
 *
 * @throws UserError for a file that cannot be read, or a step that is not supported (another pooling, a dense layer)
 */
export function readSentenceConfig(folder: string): SentenceConfig {
  const modules = read(folder, 'modules.json', modulesSchema) ?? [];
  let pooling: SentencePooling = 'mean';
  for (const { type, path: name } of modules) {
    const step = type.split('.').at(-1) as string;
    if (step === 'Pooling') pooling = readPooling(folder, name);
    // Vectors are scaled to unit length in any case.
    else if (step !== 'Transformer' && step !== 'Normalize') {
      throw new UserError(
        `${folder}: the step "${step}" of its modules.json is not supported; export it into the ONNX model`,
      );
    }
  }
  const { prompts, default_prompt_name } = read(folder, 'config_sentence_transformers.json', promptsSchema) ?? {};
  const prompt = (...names: string[]): string => {
    const name = [...names, default_prompt_name ?? ''].find((each) => Object.hasOwn(prompts ?? {}, each));
    return name === undefined ? '' : (prompts?.[name] ?? '');
  };
  const transformer = read(folder, 'sentence_bert_config.json', transformerSchema);
  return {
    pooling,
    prompts: { query: prompt('query'), document: prompt('document', 'passage', 'corpus') },
    maxTokens: transformer?.max_seq_length ?? null,
    lowerCase: transformer?.do_lower_case ?? false,
  };
}

function readPooling(folder: string, name: string): SentencePooling {
  const file = path.join(name, 'config.json');
  const config = read(folder, file, poolingSchema);
  if (!config) throw new UserError(`${path.join(folder, file)} is missing: copy or download the model again`);
  const flags = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const modes =
    config.pooling_mode === undefined ? flags.map((key) => key.slice('pooling_mode_'.length)) : [config.pooling_mode];
  const pooling = modes.length === 1 ? POOLING_NAMES.get(modes[0] as string) : undefined;
  if (!pooling) {
    throw new UserError(
      `${path.join(folder, file)}: pooling ${modes.join(' + ') || '(none)'} is not supported: expected mean, cls or lasttoken`,
    );
  }
  return pooling;
}

/** A JSON file of the folder; null if it is not there. */
function read<T>(folder: string, name: string, schema: z.ZodType<T>): T | null {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) return null;
  const fix = 'copy or download the model again';
  return checkJson(file, readJsonValueSync(file, fix), schema, fix);
}
