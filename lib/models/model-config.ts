/**
 * The configuration of an encoder, from the `config.json` of its folder, by the architecture that its `model_type` names.
 * What the encoder would compute wrongly is refused there, by name.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { readJsonFile } from '../files/json-file.js';
import type { ModelConfig } from './architecture.js';
import { ConfigFile } from './config-file.js';
import { findArchitecture, supportedArchitectures } from './registry.js';

/**
 * @param folder of a model, as transformers saves it
 * @throws UserError where config.json is missing, broken, or describes a model that the encoder can't compute
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new UserError(
      `${folder} is not a folder: expected a model folder with config.json, model.safetensors and tokenizer.json`,
    );
  }
  const path = join(folder, 'config.json');
  // The type comes first: of another architecture's file, "not supported" helps more than "hidden_size is missing".
  const content = await readJsonFile(
    path,
    z.looseObject({ model_type: z.string() }),
    'expected the config.json of a transformers model',
  );
  const modelType = content.model_type;
  const own = z.looseObject({ auto_map: z.record(z.string(), z.unknown()).nullish() }).safeParse(content)
    .data?.auto_map;
  if (own && ('AutoModel' in own || 'AutoConfig' in own)) {
    throw new UserError(
      `${path}: auto_map asks for code of the model's own (${JSON.stringify(own.AutoModel ?? own.AutoConfig)}), which is not run: expected a model_type whose architecture is known here: ${supportedArchitectures()}`,
    );
  }
  return findArchitecture(modelType, path).parseConfig(new ConfigFile(path, content), modelType);
}
