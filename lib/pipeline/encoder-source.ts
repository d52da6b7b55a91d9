/** What a user names as an encoder: a run folder, the folder of an adapter, or a model. */
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { type Config, type ConfigSources, presetFor, resolveConfig } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { isThere } from '../files/is-there.js';
import { readJsonFile } from '../files/json-file.js';
import type { EncoderUse } from './encoder-use.js';
import type { OpenEncoderOptions } from './open-encoder.js';
import { readProvenance } from './provenance.js';
import { readRunConfig } from './run-folder.js';
import { readRunRecord, runName } from './run-record.js';

/** Settings on top of those that the encoder comes with. */
export type EncoderSettings = Pick<ConfigSources, 'preset' | 'input' | 'settings'>;

export interface EncoderSource {
  /** As people call it: the name of a run, a hub id, the name of a folder. */
  name: string;
  config: Config;
  /** Which encoder of the configuration. */
  which: Pick<OpenEncoderOptions, 'run' | 'adapter' | 'given'>;
}

const adapterSchema = z.looseObject({ base_model_name_or_path: z.string().nullish() });

/**
 * @param source a run folder, the folder of an adapter, a model folder, a hub id, or an encoder of this package
 * @throws UserError for an adapter that does not say what it belongs to; whether a model exists shows when it is opened
 */
export async function encoderSource(source: string, settings: EncoderSettings = {}): Promise<EncoderSource> {
  if (source.trim() === '') throw new UserError('the name of the encoder is empty: expected a run folder or a model');
  if (await isRunFolder(source)) {
    const config = resolveConfig({ ...settings, base: await readRunConfig(source) });
    return { name: runName(source, await readRunRecord(source)), config: lasting(config), which: { run: source } };
  }
  if (await isThere(join(source, 'adapter_config.json'))) {
    const config = modelConfig(await baseOf(source), settings);
    return { name: basename(source), config, which: { adapter: source, given: givenUse(settings) } };
  }
  const name = (await isThere(source)) ? basename(source) : source;
  return { name, config: modelConfig(source, settings), which: {} };
}

/** Older runs have no run.json. */
async function isRunFolder(folder: string): Promise<boolean> {
  return (await isThere(join(folder, 'run.json'))) || (await isThere(join(folder, 'papers.jsonl')));
}

async function baseOf(folder: string): Promise<string> {
  const provenance = await readProvenance(folder);
  if (provenance) return provenance.use.model;
  const path = join(folder, 'adapter_config.json');
  const file = await readJsonFile(path, adapterSchema, 'save the adapter again with PEFT');
  const base = file.base_model_name_or_path;
  if (base) return base;
  throw new UserError(
    `${path} does not name its model (base_model_name_or_path): write the model's folder or hub id there`,
  );
}

function modelConfig(model: string, { preset, input = {}, settings }: EncoderSettings): Config {
  return lasting(
    resolveConfig({
      preset: preset ?? presetFor(model),
      base: { encoder: { model } },
      input,
      ...(settings && { settings }),
    }),
  );
}

/** The current folder may change or vanish while an encoder is in use, and a relative path would then lead nowhere. */
function lasting(config: Config): Config {
  return { ...config, cache: resolve(config.cache) };
}

function givenUse({ input, settings = [] }: EncoderSettings): (keyof EncoderUse)[] {
  const named = (input as { encoder?: Record<string, unknown> } | undefined)?.encoder ?? {};
  return (['pooling', 'attention'] as const).filter(
    (key) => named[key] !== undefined || settings.some((setting) => setting.startsWith(`encoder.${key}=`)),
  );
}
