/**
 * Step 4 for a configuration: the engine, the base model on it, and the encoders made of it.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { readAdapter } from '../encoder/adapter-files.js';
import { type EncodedFile, type EncodeTextsOptions, encodeTextFile } from '../encoder/encode-file.js';
import { createEncoder, type Encoder, type EncoderOptions } from '../encoder/encoder.js';
import { fullParameters } from '../encoder/full-parameters.js';
import { initializeAdapter } from '../encoder/lora.js';
import { resolveTargetModules } from '../encoder/target-modules.js';
import { startEngine } from '../engine/start-engine.js';
import type { Engine } from '../engine/types.js';
import { isThere } from '../hub/model-files.js';
import { resolveModelFolder } from '../hub/resolve-model.js';
import { type BaseModel, loadBaseModel } from '../models/base-model.js';

/** Step 4: the engine with the base model on it. Close the engine to free both. */
export interface LoadedModel {
  engine: Engine;
  base: BaseModel;
}

export async function loadModel(config: Config, reporting: Reporting = {}): Promise<LoadedModel> {
  const folder = await modelFolder(config, reporting);
  const engine = await startEngine(config, reporting);
  try {
    return { engine, base: await loadBaseModel(folder, engine, reporting) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The base model as it is. */
export async function untunedEncoder(config: Config, { base }: LoadedModel): Promise<Encoder> {
  return createEncoder(base, encoderOptions(config));
}

/** The base model with a new adapter, or with the one that the configuration names, ready to train. */
export async function trainableEncoder(config: Config, { base }: LoadedModel): Promise<Encoder> {
  if (config.training.method === 'full') {
    if (config.encoder.adapter) {
      throw new UserError(
        `training.method = "full" cannot start from an adapter (encoder.adapter = "${config.encoder.adapter}"): export the merged model and start from that`,
      );
    }
    return createEncoder(base, { ...encoderOptions(config), full: await fullParameters(base) });
  }
  if (config.encoder.adapter) return adaptedEncoder(config, { base }, config.encoder.adapter);
  const { lora } = config.encoder;
  const adapter = { ...lora, targetModules: resolveTargetModules(lora.targetModules, base.config) };
  return createEncoder(base, {
    ...encoderOptions(config),
    adapter: { config: adapter, tensors: initializeAdapter(adapter, base.config, config.seed) },
  });
}

/** The base model with an adapter from a folder; or the model of the folder, where it holds a whole one. */
export async function adaptedEncoder(
  config: Config,
  { base }: Pick<LoadedModel, 'base'>,
  folder: string,
): Promise<Encoder> {
  if (!(await isThere(join(folder, 'config.json')))) {
    return createEncoder(base, { ...encoderOptions(config), adapter: await readAdapter(folder, base.config) });
  }
  const own = await loadBaseModel(folder, base.engine);
  const encoder = await createEncoder(own, encoderOptions(config));
  const dispose = encoder.dispose;
  encoder.dispose = async () => {
    await dispose();
    own.dispose();
  };
  return encoder;
}

function encoderOptions(config: Config): EncoderOptions {
  const { pooling, attention } = config.encoder;
  return {
    pooling,
    attention,
    tokenBudget: config.batches.tokenBudget,
    memoryBudget: config.training.memoryBudget * 1e9,
  };
}

export function modelFolder(config: Config, reporting: Reporting): Promise<string> {
  return resolveModelFolder(config.encoder.model, { revision: config.encoder.revision, ...reporting });
}

/** A file of texts to a file of embeddings, by the configured model with or without an adapter. */
export async function encodeFile(
  config: Config,
  options: Omit<EncodeTextsOptions, 'tokenBudget'> & { adapter?: string },
): Promise<EncodedFile> {
  const model = await loadModel(config, options);
  try {
    const encoder = options.adapter
      ? await adaptedEncoder(config, model, options.adapter)
      : await untunedEncoder(config, model);
    return await encodeTextFile(encoder, { ...options, tokenBudget: config.batches.tokenBudget });
  } finally {
    await model.engine.close();
  }
}
