/**
 * How many tokens pass through the encoder at once. On the CPU that is what the configuration says, or what its cache holds
 * (cached-tokens.ts). A GPU has memory of its own, and needs large micro-batches to be busy: there the estimate of what
 * fits decides, and where the estimate was wrong, or others use the GPU too, half of it, and so on.
 */

import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { OutOfMemory } from '../engine/out-of-memory.js';
import type { Engine } from '../engine/types.js';
import { layerBytesPerToken } from '../models/activation-memory.js';
import type { ModelConfig } from '../models/architecture.js';
import { microBatches } from '../tokens/micro-batches.js';
import { cachedTokens } from './cached-tokens.js';

/** What of an encoder the memory depends on. */
export interface EncoderOnEngine {
  readonly base: { readonly engine: Engine; readonly config: ModelConfig };
  readonly encoding: { readonly name: string };
}

/** Beyond this, larger micro-batches do not make a GPU faster. */
const LARGEST_BUDGET = 65_536;

/** The budget that an engine's memory has turned out to have room for. */
const learnt = new WeakMap<Engine, number>();

/**
 * Runs work with a token budget, and again with half of it whenever the engine has not enough memory. What was learnt
 * holds for later calls on the same engine.
 *
 * @param lengths of the texts that the work is about  @param configured what the user asked for
 * @throws OutOfMemory when not even the longest text fits alone
 */
export async function retryOnOutOfMemory<T>(
  encoder: EncoderOnEngine,
  lengths: number[],
  configured: number,
  work: (tokenBudget: number) => Promise<T>,
  onMessage?: Reporting['onMessage'],
): Promise<T> {
  const { engine } = encoder.base;
  const longest = lengths.reduce((a, b) => Math.max(a, b), 1);
  for (;;) {
    const known = learnt.get(engine);
    const wanted = microBatchTokens(encoder, configured, lengths);
    const budget = known === undefined ? wanted : Math.min(wanted, Math.max(known, longest));
    try {
      return await work(budget);
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error;
      const largest = largestMicroBatch(lengths, budget);
      if (largest <= longest) {
        throw new OutOfMemory(
          `a text of ${quantity(longest, 'tokens')} does not fit the memory of the device even alone: lower tokens.maxAbstractTokens, free memory of the GPU, or use --engine onnx`,
          { cause: error },
        );
      }
      const half = Math.max(longest, Math.floor(largest / 2));
      learnt.set(engine, half);
      onMessage?.({
        level: 'warning',
        text: `the memory of the device does not hold micro-batches of ${quantity(largest, 'tokens')}: continuing with ${half}`,
      });
    }
  }
}

/** Tokens of a micro-batch before memory has a say: what is configured, or what the device has room for. */
export function microBatchTokens(encoder: EncoderOnEngine, configured: number, lengths: readonly number[]): number {
  const cached = cachedBudget(encoder, configured, lengths);
  if (cached < configured) return cached;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  return Math.max(configured, deviceTokenBudget(encoder, longest));
}

/**
 * The configured budget, or less where a CPU's cache has room for less. It depends on nothing but the texts and the model,
 * so that ranks agree on it.
 */
export function cachedBudget(
  { base, encoding }: EncoderOnEngine,
  configured: number,
  lengths: readonly number[],
): number {
  // the distinct tokens of a batch are the fewer the larger it is
  if (encoding.name === 'distinct-tokens') return configured;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  return longest > configured
    ? configured
    : Math.min(configured, Math.max(cachedTokens(base.engine, base.config), longest));
}

/** Padded tokens of the largest micro-batch under a budget. */
function largestMicroBatch(lengths: number[], budget: number): number {
  const longestOf = (group: number[]): number =>
    group.reduce((longest, i) => Math.max(longest, lengths[i] as number), 1);
  // a text longer than the budget passes alone, or was refused before
  const atLeastLongest = lengths.reduce((longest, length) => Math.max(longest, length), budget);
  return microBatches(lengths, atLeastLongest).reduce(
    (most, group) => Math.max(most, group.length * longestOf(group)),
    1,
  );
}

/** What the free memory of the GPU has room for; 0 on the CPU. */
export function deviceTokenBudget({ base }: EncoderOnEngine, sequence: number): number {
  const { engine, config } = base;
  if (engine.freeMemory === undefined) return 0;
  const free = engine.freeMemory - engine.residentBytes();
  const tokens = Math.floor(free / layerBytesPerToken(config, sequence, engine.activationBytes));
  return Math.max(0, Math.min(tokens, LARGEST_BUDGET));
}
