/** The embedding stage of BERT and RoBERTa: token, position and token type added up, then a norm. */
import * as tf from '@tensorflow/tfjs';
import type { EmbeddingStage } from '../architecture.js';
import { addPositions, positionInput } from '../layers/position-table.js';
import type { BertConfig } from './bert-config.js';
import { embeddingNorm, embeddingNormTensors } from './post-norm.js';

const TYPES = 'embeddings.token_type_embeddings.weight';
const POSITIONS = 'embeddings.position_embeddings.weight';

export const bertEmbedding: EmbeddingStage<BertConfig> = {
  table: 'embeddings.word_embeddings.weight',
  tensors: (config) => ({
    [POSITIONS]: [config.positionRows, config.hiddenSize],
    ...(config.tokenTypes > 0 ? { [TYPES]: [config.tokenTypes, config.hiddenSize] } : {}),
    ...embeddingNormTensors(config),
  }),
  inputs: ({ positionRows, positionOffset }) => ({ positions: positionInput(positionRows, positionOffset) }),
  run(rows, parameters, { positions }, config) {
    const placed = addPositions(rows, positions as tf.Tensor, parameters[POSITIONS] as tf.Tensor);
    const types = parameters[TYPES];
    // one text alone is all of the first type
    const typed = types ? tf.add(placed, tf.slice(types, [0, 0], [1, config.hiddenSize])) : placed;
    return embeddingNorm(typed, parameters, config);
  },
};
