/** A folder that transformers loads with AutoModel: the adapter is merged into the weights. */

import { normalizeRowsInPlace } from '../../core/rows.js';
import { createEncoder } from '../../encoder/encoder.js';
import { loadBaseModel } from '../../models/base-model.js';
import { encoderTensorShapes, tokenTableName } from '../../models/parameters.js';
import { storedWeightType } from '../../models/weights.js';
import { mergedWeights } from '../merged-weights.js';
import { isPlainUse, writeSentenceFiles } from '../sentence-files.js';
import { writeWeights } from '../sharded-safetensors.js';
import type { ExportSource } from '../source.js';
import type { ExportedVariant, ExportTarget, WriteOptions } from '../target.js';
import { copyTokenizer, exportedConfig, WEIGHT_TYPES, type WeightType, writeConfig } from '../transformer-files.js';

export const mergedTarget: ExportTarget = {
  name: 'merged',
  description: 'a folder that transformers loads with AutoModel, the adapter merged into the weights',
  precisions: Object.keys(WEIGHT_TYPES),
  several: false,
  library: 'transformers',
  check: async (source) => {
    await exportedConfig(source, 'f32');
  },
  write: async (folder, source, options) => {
    const variant = await writeTransformer(folder, source, options);
    // another pooling or prompt would be lost, and other embeddings computed without a word
    if (!isPlainUse(source, source.config.maxPositions)) await writeSentenceFiles(folder, source);
    return [variant];
  },
};

/** Configuration, tokenizer and weights. */
export async function writeTransformer(
  folder: string,
  source: ExportSource,
  { precisions: [asked], shardBytes, ...reporting }: WriteOptions,
): Promise<ExportedVariant> {
  const { config, adapter, use } = source;
  const type = (asked as WeightType | undefined) ?? (await defaultType(source));
  await writeConfig(folder, source.folder, await exportedConfig(source, type));
  await copyTokenizer(source, folder);
  const { vocabularySize, hiddenSize } = config;
  const shapes = new Map([[tokenTableName(config), [vocabularySize, hiddenSize]], ...encoderTensorShapes(config)]);
  const weights = mergedWeights(source.folder, config, adapter, reporting);
  const written = await writeWeights(folder, weights, shapes, { type, shardBytes });
  return {
    precision: type,
    ...written,
    async open(out, engine) {
      const base = await loadBaseModel(out, engine);
      // the steps of sentence-transformers may not be there, where they are the usual ones
      const encoder = await createEncoder(base, { pooling: use.pooling });
      return {
        embed: async (texts) => normalizeRowsInPlace(await encoder.embed(texts), encoder.dimensions),
        async close() {
          await encoder.dispose();
          base.dispose();
        },
      };
    },
  };
}

/** That of the files which the weights are from; bf16 holds what 8 bits held. */
async function defaultType({ folder, config }: ExportSource): Promise<WeightType> {
  const stored = await storedWeightType(folder, config);
  const types: Partial<Record<typeof stored, WeightType>> = {
    BF16: 'bf16',
    F16: 'f16',
    F8_E5M2: 'bf16',
    F8_E4M3: 'bf16',
  };
  return types[stored] ?? 'f32';
}
