/**
 * A pre-trained model on an engine: its frozen weights, once in memory, for any number of encoders with different
 * adapters. The embedding table stays on this side, in the type it is stored in, since a batch needs few of its rows.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { DeviceTensor, Engine, InputChannels } from '../engine/types.js';
import { hashFile } from '../files/hash-file.js';
import { elementCount } from '../files/safetensors.js';
import type { ModelConfig } from './architecture.js';
import type { EmbeddingTable } from './embedding-table.js';
import { readModelConfig } from './model-config.js';
import { type DenseStep, readDenseWeights } from './sentence/dense-step.js';
import { readSentenceConfig, type SentenceConfig } from './sentence/sentence-config.js';
import { readBfloat16Weights, readEmbeddingTable, readWeights } from './weights.js';

export interface BaseModel {
  folder: string;
  config: ModelConfig;
  engine: Engine;
  table: EmbeddingTable;
  /** All weights but the embedding table, by full name. */
  weights: Map<string, DeviceTensor>;
  /** How the folder says it is used. */
  sentence: SentenceConfig;
  /** Weights of the linear layers after the pooling, by the names of {@link denseNames}. */
  dense: Map<string, DeviceTensor>;
  parameterCount: number;
  /** Changes whenever a file of the model does. */
  fingerprint: string;
  /** Of the channels that weights in 8 bits were made with; absent without. */
  channelsFingerprint?: string;
  dispose(): void;
}

/**
 * Reads a model folder (config.json and safetensors) onto the engine.
 *
 * @param channels of the inputs of the linear modules, by the full names of their weights: these are kept in 8 bits, on an
 *   engine that can
 */
export async function loadBaseModel(
  folder: string,
  engine: Engine,
  reporting: Reporting = {},
  channels?: ReadonlyMap<string, InputChannels>,
): Promise<BaseModel> {
  const config = await readModelConfig(folder);
  const sentence = await readSentenceConfig(folder);
  checkDense(folder, config, sentence);
  const table = await readEmbeddingTable(folder, config);
  const weights = new Map<string, DeviceTensor>();
  let parameterCount = config.vocabularySize * config.hiddenSize;
  const dense = new Map<string, DeviceTensor>();
  const dispose = (): void => engine.release([...weights.values(), ...dense.values()]);
  // of the files, while other threads read tensors from them
  const fingerprinting = fingerprintModel(folder);
  fingerprinting.catch(() => undefined);
  let fingerprint: string;
  try {
    const { uploadBfloat16 } = engine;
    const keep = (name: string, tensor: DeviceTensor): void => {
      weights.set(name, tensor);
      parameterCount += elementCount(tensor.shape);
    };
    if (uploadBfloat16) {
      for await (const { name, shape, data } of readBfloat16Weights(folder, config, reporting)) {
        keep(name, await uploadBfloat16(shape, data));
      }
    } else {
      for await (const { name, shape, data } of readWeights(folder, config, reporting)) {
        const ofInput = channels?.get(name);
        const inBytes = ofInput && (await engine.uploadQuantized?.(shape, data, ofInput));
        keep(name, inBytes ?? (await engine.upload({ dtype: 'float32', shape, data })));
      }
    }
    for (const [i, step] of sentence.dense.entries()) {
      for (const [name, { shape, data }] of Object.entries(await readDenseWeights(folder, step))) {
        dense.set(`dense.${i}.${name}`, await engine.upload({ dtype: 'float32', shape, data }));
        parameterCount += elementCount(shape);
      }
    }
    fingerprint = await fingerprinting;
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    folder,
    config,
    engine,
    table,
    weights,
    sentence,
    dense,
    parameterCount,
    fingerprint,
    ...(channels && { channelsFingerprint: fingerprintOfChannels(channels) }),
    dispose,
  };
}

/** Names of the parameters of a linear layer after the pooling, weight and bias. */
export function denseNames(step: DenseStep, index: number): { weight: string; bias: string | undefined } {
  const prefix = `dense.${index}`;
  return { weight: `${prefix}.weight`, bias: step.bias ? `${prefix}.bias` : undefined };
}

function checkDense(folder: string, { hiddenSize }: ModelConfig, { dense }: SentenceConfig): void {
  let width = hiddenSize;
  for (const { path, inputs, outputs } of dense) {
    if (inputs !== width) {
      throw new UserError(
        `${join(folder, path)} takes vectors of ${inputs} where those before it have ${width}: take both from the same model`,
      );
    }
    width = outputs;
  }
}

function fingerprintOfChannels(channels: ReadonlyMap<string, InputChannels>): string {
  const hash = createHash('sha256');
  for (const [name, { scales, outliers, zeroPoint }] of channels) {
    hash.update(`${name} ${outliers} ${scales} ${zeroPoint}\n`);
  }
  return hash.digest('hex');
}

const DECISIVE_FILES = /^(config|tokenizer[^/]*|modules|(config_)?sentence_[^/]*)\.json$|^[^/]+\.safetensors$/;
const FILES_OF_STEPS = /^\d+_[A-Za-z]+\/(config\.json|model\.safetensors)$/;

/** SHA-256 over the names and contents of the files that decide what the model computes. */
export async function fingerprintModel(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const all = (await readdir(folder, { recursive: true })).map((name) => name.split(sep).join('/'));
  const files = all.filter((file) => DECISIVE_FILES.test(file) || FILES_OF_STEPS.test(file));
  for (const file of files.sort()) {
    hash.update(`${file}\n`);
    await hashFile(hash, join(folder, file));
  }
  return hash.digest('hex');
}
