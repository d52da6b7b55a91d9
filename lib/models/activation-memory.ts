/**
 * Estimates of the memory that activations take, for choosing plans and micro-batches. Measured on Qwen2; architectures
 * without a gate in their feed-forward block take less.
 */
import type { ModelConfig } from './architecture.js';

/**
 * Bytes that forward and backward pass of one whole graph take. Counted per token and layer: about ten arrays of the
 * feed-forward width and sixteen of the hidden size, forward values and gradients together; measured on Qwen2.5-0.5B at
 * 4 x 256 tokens, where it comes to 6.3 GB.
 */
export function wholeGraphBytes({ layers, intermediateSize, hiddenSize }: ModelConfig, tokens: number): number {
  return 4 * tokens * layers * (10 * intermediateSize + 16 * hiddenSize);
}

/** Tokens of a text that the memory of attention is judged by. */
const LONG_TEXT = 512;

/**
 * Bytes that the forward pass of one whole graph takes, which frees what a layer has used: by count three arrays of the
 * feed-forward width, eight of the hidden size and three of attention scores.
 */
export function wholeForwardBytes(
  { intermediateSize, hiddenSize, attentionHeads, maxPositions }: ModelConfig,
  tokens: number,
): number {
  const scores = 3 * attentionHeads * Math.min(LONG_TEXT, maxPositions, tokens);
  return 4 * tokens * (3 * intermediateSize + 8 * hiddenSize + scores);
}

/**
 * Bytes per token that one layer takes at the peak of its backward pass, run op by op. Counted on the CPU build with the
 * width of Qwen2.5-0.5B, at 128 and 512 tokens a text: 0.72 and 0.81 MB in float32, 0.43 and 0.53 MB in bfloat16; this
 * says 0.87 and 0.98, 0.45 and 0.56.
 *
 * @param bytes of a number of the feed-forward block; attention is in float32 always
 */
export function layerBytesPerToken(config: ModelConfig, sequence: number, bytes: number): number {
  const { hiddenSize, intermediateSize, attentionHeads } = config;
  return bytes * (32 * intermediateSize + 60 * hiddenSize) + 4 * 5 * attentionHeads * sequence;
}
