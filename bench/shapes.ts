/**
 * What is measured: four models with the batch they get. (b) is two layers of Qwen2.5-0.5B, (c) and (d) are all of it.
 *
 *   B texts of S tokens, D hidden size, L layers
 */
import type { QwenConfig } from '../lib/models/architectures/qwen-config.js';
import { QWEN_HALF_BILLION } from '../lib/models/architectures/qwen-half-billion.js';

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

const narrow: QwenConfig = {
  ...QWEN_HALF_BILLION,
  hiddenSize: 256,
  intermediateSize: 768,
  layers: 4,
  attentionHeads: 4,
  vocabularySize: 8192,
};
/** The width of Qwen2.5-0.5B in as many layers as asked for. */
export const halfBillionWidth = (layers: number, vocabularySize = 8192): QwenConfig => ({
  ...QWEN_HALF_BILLION,
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
  c: { name: 'c', description: 'Qwen2.5-0.5B', mode: 'train', model: QWEN_HALF_BILLION, batch: 4, sequence: 256 },
  d: { name: 'd', description: 'Qwen2.5-0.5B', mode: 'encode', model: QWEN_HALF_BILLION, batch: 8, sequence: 256 },
};

/** Rank, alpha and modules of the adapter that is trained: all seven linear modules. */
export const ADAPTER_RANK = 16;
export const ADAPTER_ALPHA = 32;
