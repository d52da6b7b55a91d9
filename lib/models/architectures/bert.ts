/**
 * BERT (Devlin et al., 2018, arXiv:1810.04805), without pooler and heads: MiniLM, E5, BGE, GTE, SciBERT, SPECTER, SciNCL
 * and many others.
 */
import type { Architecture } from '../architecture.js';
import { type BertConfig, parseBertConfig } from './bert-config.js';
import { bertEmbedding } from './bert-embedding.js';
import { type PostNormNames, postNormLayers } from './post-norm.js';

export const BERT_LAYER_NAMES: PostNormNames = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  outputNorm: 'output.LayerNorm',
};

export const bert: Architecture<BertConfig> = {
  modelTypes: { bert: 'BERT, MiniLM, E5, BGE, GTE, SciBERT, SPECTER2, SciNCL' },
  prefixes: ['bert.'],
  ignoredTensors: /^(pooler|cls|classifier|qa_outputs|lm_head)\.|\.position_ids$/,
  // checkpoints converted from TensorFlow
  currentName: (name) =>
    name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias'),
  parseConfig: (file, modelType) =>
    parseBertConfig(file, modelType, {
      positionsBehindPadding: false,
      defaults: { tokenTypes: 2, layerNormEpsilon: 1e-12, padTokenId: 0 },
    }),
  embedding: bertEmbedding,
  layers: postNormLayers({ prefix: 'encoder.layer.', names: BERT_LAYER_NAMES }),
};
