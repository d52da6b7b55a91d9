/**
 * Step 4: encoders made of the base model: as it is, with an adapter to train, or with one that was trained.
 */
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { readAdapter } from '../../encoder/adapter-files.js';
import { createEncoder, type Encoder, type EncoderOptions } from '../../encoder/encoder.js';
import { fullParameters } from '../../encoder/full-parameters.js';
import { addsNothing, initializeAdapter } from '../../encoder/lora.js';
import { resolveTargetModules } from '../../encoder/target-modules.js';
import { isThere } from '../../files/is-there.js';
import { type BaseModel, loadBaseModel } from '../../models/base-model.js';
import { sentenceUse } from '../../models/sentence/sentence-use.js';
import type { Step } from '../step.js';
import type { LoadedModel } from './model.js';

/** The base model with a new adapter, or with the one that the configuration names, ready to train. */
export const encoderStep: Step<[LoadedModel], Encoder> = {
  name: 'encoder',
  reads: ['encoder', 'seed', 'training.method', 'training.memoryBudget', 'batches.tokenBudget'],
  async run(config, { base }) {
    if (config.training.method === 'full') {
      if (base.channelsFingerprint) {
        throw new UserError(
          'precision = "int8" keeps frozen weights in 8 bits, and training.method = "full" freezes none: use precision=float32, or training.method=lora',
        );
      }
      if (config.encoder.adapter) {
        throw new UserError(
          `training.method = "full" cannot start from an adapter (encoder.adapter = "${config.encoder.adapter}"): merge it into its model with PEFT's merge_and_unload, and name that folder as encoder.model`,
        );
      }
      return createEncoder(base, { ...encoderOptions(config, base), full: await fullParameters(base) });
    }
    if (config.encoder.adapter) return adaptedEncoder(config, { base }, config.encoder.adapter, { trains: true });
    const { lora } = config.encoder;
    const adapter = { ...lora, targetModules: resolveTargetModules(lora.targetModules, base.config) };
    return createEncoder(base, {
      ...encoderOptions(config, base),
      adapter: { config: adapter, tensors: initializeAdapter(adapter, base.config, config.seed) },
    });
  },
};

/** The base model as it is. */
export async function untunedEncoder(config: Config, { base }: Pick<LoadedModel, 'base'>): Promise<Encoder> {
  return createEncoder(base, encoderOptions(config, base));
}

/**
 * The base model, with the adapter that a training started from where there was one.
 *
 * @param trained folder of what is compared with it; encoder.adapter itself is compared with the base model
 */
export function encoderBeforeTraining(config: Config, model: LoadedModel, trained: string | null): Promise<Encoder> {
  const { adapter } = config.encoder;
  return adapter === null || adapter === trained
    ? untunedEncoder(config, model)
    : adaptedEncoder(config, model, adapter);
}

/**
 * The base model with an adapter from a folder; or the model of the folder, where it holds a whole one.
 *
 * @param trains whether the adapter is to be trained; else one that adds nothing, as a training without a gain leaves it,
 *   is left out: the encoder is the base model then, by its fingerprint too, and nobody embeds a text with both
 */
export async function adaptedEncoder(
  config: Config,
  { base }: Pick<LoadedModel, 'base'>,
  folder: string,
  { onMessage, trains = false }: Pick<Reporting, 'onMessage'> & { trains?: boolean } = {},
): Promise<Encoder> {
  if (!(await isThere(join(folder, 'config.json')))) {
    const { baseModel, ...adapter } = await readAdapter(folder, base.config);
    if (baseModel !== null && !mayBeSameModel(baseModel, config.encoder.model)) {
      const text = `the adapter ${folder} was trained on "${baseModel}" and is used with "${config.encoder.model}": if these are not the same model, its embeddings mean nothing`;
      onMessage?.({ level: 'warning', text });
    }
    const used = trains || !addsNothing(adapter.tensors) ? { adapter } : {};
    return createEncoder(base, { ...encoderOptions(config, base), ...used });
  }
  const own = await loadBaseModel(folder, base.engine);
  const encoder = await createEncoder(own, encoderOptions(config, own));
  const dispose = encoder.dispose;
  encoder.dispose = async () => {
    await dispose();
    own.dispose();
  };
  return encoder;
}

/** By name: a hub id, a folder that is called like it, or where the hub's cache has it. */
function mayBeSameModel(one: string, other: string): boolean {
  const lastName = (model: string): string => (model.split(/[\\/]/).filter(Boolean).at(-1) ?? '').toLowerCase();
  const isCacheOf = (folder: string, id: string): boolean => folder.includes(id.replaceAll('/', '--'));
  return lastName(one) === lastName(other) || isCacheOf(one, other) || isCacheOf(other, one);
}

function encoderOptions(config: Config, { sentence }: BaseModel): EncoderOptions {
  return {
    pooling: sentenceUse(config.encoder, sentence).pooling,
    attention: config.encoder.attention,
    tokenBudget: config.batches.tokenBudget,
    memoryBudget: config.training.memoryBudget * 1e9,
    plan: config.encoder.plan,
  };
}
