/** Qwen2.5-0.5B, the model of the reference experiment, for what measures its shapes without its weights. */
import type { QwenConfig } from './qwen-config.js';

export const QWEN_HALF_BILLION: QwenConfig = {
  modelType: 'qwen2',
  hiddenSize: 896,
  intermediateSize: 4864,
  layers: 24,
  attentionHeads: 14,
  keyValueHeads: 2,
  headDimension: 64,
  vocabularySize: 151_936,
  rmsNormEpsilon: 1e-6,
  ropeTheta: 1e6,
  attentionBias: true,
  queryKeyNorm: false,
  causal: true,
  maxPositions: 32_768,
  padTokenId: null,
};
