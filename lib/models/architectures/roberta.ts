/**
 * RoBERTa (Liu et al., 2019, arXiv:1907.11692) and XLM-RoBERTa (Conneau et al., 2019, arXiv:1911.02116), without pooler
 * and heads: BERT whose positions begin behind the row of padding. INDUS, multilingual E5, BGE-M3.
 */
import type { Architecture } from '../architecture.js';
import { BERT_LAYER_NAMES } from './bert.js';
import { type BertConfig, parseBertConfig } from './bert-config.js';
import { bertEmbedding } from './bert-embedding.js';
import { postNormLayers } from './post-norm.js';

export const roberta: Architecture<BertConfig> = {
  modelTypes: {
    roberta: 'RoBERTa, INDUS',
    'xlm-roberta': 'XLM-RoBERTa, multilingual E5, BGE-M3',
    camembert: 'CamemBERT',
  },
  prefixes: ['roberta.'],
  ignoredTensors: /^(pooler|lm_head|classifier|qa_outputs)\.|\.(position_ids|token_type_ids)$/,
  parseConfig: (file, modelType) =>
    parseBertConfig(file, modelType, {
      positionsBehindPadding: true,
      defaults: { tokenTypes: 2, layerNormEpsilon: 1e-12, padTokenId: 1 },
    }),
  embedding: bertEmbedding,
  layers: postNormLayers({ prefix: 'encoder.layer.', names: BERT_LAYER_NAMES }),
};
