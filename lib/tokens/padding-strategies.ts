/**
 * What padding costs under the usual ways of forming the groups that pass through the encoder together. All of them
 * keep to the same token budget, that is, to the same memory.
 */
import { Random } from '../core/random.js';
import { microBatches, type PaddingWaste, paddingWaste } from './micro-batches.js';

export type BatchingStrategy =
  | 'random order'
  | 'sorted by length'
  | 'token budget in a batch'
  | 'token budget over all';

export interface StrategyWaste extends PaddingWaste {
  strategy: BatchingStrategy;
}

export interface StrategyOptions {
  /** Texts longer than this are truncated to it. */
  maxLength: number;
  /** Tokens of a group, padding included. */
  tokenBudget: number;
  /** Texts of a training batch. */
  pairs: number;
  seed: number;
}

/**
 * Padding of four strategies over the same texts.
 *
 * - random order: a fixed number of texts a group, as many as fit even if all were of the maximal length;
 * - sorted by length: the same number, but neighbours in length;
 * - token budget in a batch: random batches, each split into micro-batches of like lengths, as training does;
 * - token budget over all: micro-batches over the whole corpus, as encoding it does.
 */
export function compareStrategies(lengths: readonly number[], options: StrategyOptions): StrategyWaste[] {
  const { maxLength, tokenBudget, pairs, seed } = options;
  const cut = lengths.map((length) => Math.min(length, maxLength));
  const sorted = cut.map((_, i) => i).sort((a, b) => (cut[a] as number) - (cut[b] as number));
  const shuffled = new Random(seed, 'padding strategies').shuffle(sorted);
  const perGroup = Math.max(1, Math.floor(tokenBudget / maxLength));
  const inBatches = chunked(shuffled, pairs).flatMap((batch) =>
    microBatches(
      batch.map((index) => cut[index] as number),
      tokenBudget,
    ).map((group) => group.map((i) => batch[i] as number)),
  );
  const groupings: [BatchingStrategy, number[][]][] = [
    ['random order', chunked(shuffled, perGroup)],
    ['sorted by length', chunked(sorted, perGroup)],
    ['token budget in a batch', inBatches],
    ['token budget over all', microBatches(cut, tokenBudget)],
  ];
  return groupings.map(([strategy, groups]) => ({ strategy, ...paddingWaste(cut, groups) }));
}

function chunked(items: readonly number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
