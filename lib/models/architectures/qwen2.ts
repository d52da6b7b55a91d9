/** Qwen2 and Qwen2.5 (Qwen Team, 2024, arXiv:2407.10671), without the language-model head. */
import type { Architecture } from '../architecture.js';
import { parseQwenConfig, type QwenConfig } from './qwen-config.js';
import { qwenEmbedding, qwenHead, qwenLayers } from './qwen-layer.js';
import { qwenTokenForm } from './qwen-token-form.js';

export const qwen2: Architecture<QwenConfig> = {
  modelTypes: { qwen2: 'Qwen2, Qwen2.5, and embedding models made from them' },
  prefixes: ['model.'],
  ignoredTensors: /^lm_head\.|\.rotary_emb\.inv_freq$/,
  parseConfig: (file, modelType) => parseQwenConfig(file, { modelType, attentionBias: true, queryKeyNorm: false }),
  embedding: qwenEmbedding,
  layers: qwenLayers,
  head: qwenHead,
  tokenForm: qwenTokenForm,
};
