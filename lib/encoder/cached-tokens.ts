/**
 * How many tokens a CPU's cache has room for. With products in 8 bits the passes over activations between them, which
 * wait for memory, take as long as the products: with Qwen2.5-0.5B in batches of 2 x 256 tokens instead of 8 x 256 it
 * encodes a fifth faster (docs/benchmarks.md), and training takes less memory. In float32 the products outweigh all else.
 */
import type { Engine } from '../engine/types.js';
import type { ModelConfig } from '../models/architecture.js';

/** Bytes of the widest activations; some of them, and the weights, share what a core has of the last cache. */
const WIDEST_ACTIVATIONS = 10e6;

/** @returns infinity where it makes no difference */
export function cachedTokens({ precision }: Pick<Engine, 'precision'>, config: ModelConfig): number {
  if (precision !== 'int8') return Number.POSITIVE_INFINITY;
  return Math.floor(WIDEST_ACTIVATIONS / (4 * Math.max(config.hiddenSize, config.intermediateSize)));
}
