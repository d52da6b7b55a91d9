/**
 * MPNet (Song et al., 2020, arXiv:2004.09297), without pooler and heads: a BERT layer with positions of RoBERTa, no token
 * types, and T5's relative positions (Raffel et al., 2019, arXiv:1910.10683), one table for all layers, added to the
 * scores of attention.
 */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Architecture, BatchInput, EmbeddingStage } from '../architecture.js';
import { addPositions, positionInput } from '../layers/position-table.js';
import { type BertConfig, parseBertConfig } from './bert-config.js';
import { embeddingNorm, embeddingNormTensors, postNormLayers } from './post-norm.js';

const POSITIONS = 'embeddings.position_embeddings.weight';
const DISTANCES = 'encoder.relative_attention_bias.weight';
/** Kinds of distances; transformers takes no other number, whatever relative_attention_num_buckets says. */
const BUCKETS = 32;
/** Distances from here on are one kind. */
const FARTHEST = 128;

const embedding: EmbeddingStage<BertConfig> = {
  table: 'embeddings.word_embeddings.weight',
  tensors: (config) => ({
    [POSITIONS]: [config.positionRows, config.hiddenSize],
    ...embeddingNormTensors(config),
  }),
  inputs: ({ positionRows, positionOffset }) => ({ positions: positionInput(positionRows, positionOffset) }),
  run(rows, parameters, { positions }, config) {
    const placed = addPositions(rows, positions as tf.Tensor, parameters[POSITIONS] as tf.Tensor);
    return embeddingNorm(placed, parameters, config);
  },
};

/** From the offset between two tokens to its kind: half of the kinds for either direction; half of those for one distance each, the others for ever wider ranges. */
export function distanceBucket(offset: number): number {
  const side = BUCKETS / 2;
  const exact = side / 2;
  const distance = Math.abs(offset);
  const start = offset > 0 ? side : 0;
  if (distance < exact) return start + distance;
  // in 32 bits, as the reference implementation computes it
  const share = Math.fround(Math.fround(Math.log(distance / exact)) / Math.fround(Math.log(FARTHEST / exact)));
  return start + Math.min(side - 1, exact + Math.trunc(Math.fround(share * (side - exact))));
}

/** [S*S, 32]: 1 at the kind of the distance from token i to token j. */
const distanceInput: BatchInput = {
  dtype: 'float32',
  shape: ['sequence*sequence', BUCKETS],
  values({ sequence }) {
    const out = new Float32Array(sequence * sequence * BUCKETS);
    for (let i = 0; i < sequence; i++) {
      for (let j = 0; j < sequence; j++) out[(i * sequence + j) * BUCKETS + distanceBucket(j - i)] = 1;
    }
    return out;
  },
  inGraph({ positions }) {
    const sequence = positions.shape[0] as number;
    const offsets = tf.sub(tf.reshape(positions, [1, sequence]), tf.reshape(positions, [sequence, 1]));
    const offset = tf.reshape(offsets, [sequence * sequence, 1]);
    const distance = tf.abs(offset);
    const row = (numbers: number[]): tf.Tensor => tf.tensor2d(numbers, [1, BUCKETS], 'float32');
    const isNear = tf.logicalAnd(
      tf.greaterEqual(distance, row(BUCKET_RANGES.map(([from]) => from))),
      tf.less(distance, row(BUCKET_RANGES.map(([, to]) => to))),
    );
    const isAhead = tf.equal(
      tf.cast(tf.greater(offset, 0), 'float32'),
      row(BUCKET_RANGES.map((_, i) => (i < BUCKETS / 2 ? 0 : 1))),
    );
    return tf.cast(tf.logicalAnd(isNear, isAhead), 'float32');
  },
};

/** Distances [from, to) of each kind, the first half behind or at the token itself, the second ahead of it. */
const BUCKET_RANGES: [number, number][] = Array.from({ length: BUCKETS }, (_, bucket) => {
  const sign = bucket < BUCKETS / 2 ? -1 : 1;
  const own = Array.from({ length: FARTHEST + 1 }, (_, distance) => distance).filter(
    (distance) => distanceBucket(sign * distance) === bucket,
  );
  const isLast = (bucket + 1) % (BUCKETS / 2) === 0;
  return [own[0] ?? FARTHEST + 1, isLast ? 1e9 : (own.at(-1) ?? -1) + 1];
});

/** [1, H, S, S] */
function distanceBias(distances: tf.Tensor, table: tf.Tensor, sequence: number): tf.Tensor {
  const heads = table.shape[1] as number;
  const bias = tf.reshape(tf.matMul(distances, table), [1, sequence, sequence, heads]);
  return tf.transpose(bias, [0, 3, 1, 2]);
}

export const mpnet: Architecture<BertConfig> = {
  modelTypes: { mpnet: 'MPNet' },
  prefixes: ['mpnet.'],
  ignoredTensors: /^(pooler|lm_head|classifier)\.|\.position_ids$/,
  parseConfig(file, modelType) {
    const config = parseBertConfig(file, modelType, {
      positionsBehindPadding: true,
      defaults: { tokenTypes: 0, layerNormEpsilon: 1e-12, padTokenId: 1 },
    });
    const own = file.read(z.looseObject({ relative_attention_num_buckets: z.number().default(BUCKETS) }));
    if (own.relative_attention_num_buckets !== BUCKETS) {
      file.refuse(`relative_attention_num_buckets = ${own.relative_attention_num_buckets}`, String(BUCKETS));
    }
    return { ...config, tokenTypes: 0 };
  },
  embedding,
  layers: postNormLayers({
    prefix: 'encoder.layer.',
    names: {
      query: 'attention.attn.q',
      key: 'attention.attn.k',
      value: 'attention.attn.v',
      attentionOutput: 'attention.attn.o',
      attentionNorm: 'attention.LayerNorm',
      up: 'intermediate.dense',
      down: 'output.dense',
      outputNorm: 'output.LayerNorm',
    },
    shared: ({ attentionHeads }) => ({ [DISTANCES]: [BUCKETS, attentionHeads] }),
    inputs: () => ({ distances: distanceInput }),
    scoreBias: (parameters, { distances, attentionBias }) =>
      distanceBias(
        distances as tf.Tensor,
        parameters[DISTANCES] as tf.Tensor,
        (attentionBias as tf.Tensor).shape.at(-1) as number,
      ),
  }),
};
