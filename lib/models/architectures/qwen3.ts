/** Qwen3 and Qwen3-Embedding (Qwen Team, 2025, arXiv:2505.09388), without the language-model head. */
import { z } from 'zod';
import type { Architecture } from '../architecture.js';
import { parseQwenConfig, type QwenConfig } from './qwen-config.js';
import { qwenEmbedding, qwenHead, qwenLayers } from './qwen-layer.js';

export const qwen3: Architecture<QwenConfig> = {
  modelTypes: { qwen3: 'Qwen3, Qwen3-Embedding' },
  prefixes: ['model.'],
  ignoredTensors: /^lm_head\.|\.rotary_emb\.inv_freq$/,
  parseConfig(file, modelType) {
    // Where the file is silent, transformers gives Qwen3 heads of 128, whatever the hidden size.
    const config = parseQwenConfig(file, { modelType, attentionBias: false, queryKeyNorm: true, headDimension: 128 });
    const { attention_bias: bias } = file.read(z.looseObject({ attention_bias: z.boolean().default(false) }));
    if (bias) file.refuse('attention_bias = true', 'false for qwen3');
    return config;
  },
  embedding: qwenEmbedding,
  layers: qwenLayers,
  head: qwenHead,
};
