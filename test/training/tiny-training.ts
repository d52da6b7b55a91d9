/** A training small enough to repeat many times: twelve pairs, four batches an epoch, on a model of one layer. */
import { type Config, resolveConfig } from '../../lib/config/config.js';
import type { ParameterMap } from '../../lib/encoder/adapter-files.js';
import type { TrainingPair } from '../../lib/training/trainer.js';
import { randomModel, randomTexts } from '../encoder/tiny-models.js';

export const tinyModel = randomModel(31, {
  hiddenSize: 8,
  intermediateSize: 10,
  layers: 1,
  attentionHeads: 2,
  keyValueHeads: 1,
  headDimension: 4,
});
const queries = randomTexts(31, [3, 4, 2, 5, 3, 4, 6, 2, 3, 5, 4, 3], tinyModel.config.vocabularySize);
const documents = randomTexts(32, [7, 9, 5, 8, 6, 7, 9, 4, 8, 6, 5, 7], tinyModel.config.vocabularySize);
export const tinyPairs: TrainingPair[] = queries.map((query, i) => ({ query, document: documents[i] as Int32Array }));

/** Four batches of three pairs, in another order each epoch. */
export const tinyBatchesOf = (epoch: number): number[][] =>
  [0, 1, 2, 3].map((batch) => [0, 1, 2].map((i) => (3 * ((batch + epoch) % 4) + i) % 12));

export type TrainingInput = Partial<Config['training']>;
export const tinyConfig = (training: TrainingInput, seed = 42): Config =>
  resolveConfig({
    input: {
      seed,
      batches: { tokenBudget: 64 },
      training: { epochs: 1, maxSteps: null, validateEvery: null, adapterStrengths: [], ...training },
    },
  });

/** Equal text for equal bytes. */
export const bytesOf = (tensors: ParameterMap): string =>
  [...tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { data }]) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`)
    .join('\n');
