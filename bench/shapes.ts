/**
 * What is measured: four models with the batch they get. (b) is two layers of Qwen2.5-0.5B, (c) and (d) are all of it.
 *
 *   B texts of S tokens, D hidden size, L layers
 */
import type { QwenConfig } from '../lib/models/architectures/qwen-config.js';

export type ShapeName = 'a' | 'b' | 'c' | 'd';

export interface Shape {
  name: ShapeName;
  description: string;
  /** Forward and backward pass of a LoRA adapter, or the forward pass alone. */
  mode: 'train' | 'encode';
  model: QwenConfig;
  batch: number;
  sequence: number;
}

const qwen2: QwenConfig = {
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
const narrow: QwenConfig = {
  ...qwen2,
  hiddenSize: 256,
  intermediateSize: 768,
  layers: 4,
  attentionHeads: 4,
  vocabularySize: 8192,
};
/** The width of Qwen2.5-0.5B in as many layers as asked for. */
export const halfBillionWidth = (layers: number, vocabularySize = 8192): QwenConfig => ({
  ...qwen2,
  layers,
  vocabularySize,
});

export const SHAPES: Record<ShapeName, Shape> = {
  a: { name: 'a', description: 'D 256, 4 layers', mode: 'train', model: narrow, batch: 32, sequence: 128 },
  b: {
    name: 'b',
    description: 'Qwen2.5-0.5B width, 2 layers',
    mode: 'train',
    model: halfBillionWidth(2),
    batch: 4,
    sequence: 256,
  },
  c: { name: 'c', description: 'Qwen2.5-0.5B', mode: 'train', model: qwen2, batch: 4, sequence: 256 },
  d: { name: 'd', description: 'Qwen2.5-0.5B', mode: 'encode', model: qwen2, batch: 8, sequence: 256 },
};

/** Rank, alpha and modules of the adapter that is trained: all seven linear modules. */
export const ADAPTER_RANK = 16;
export const ADAPTER_ALPHA = 32;
