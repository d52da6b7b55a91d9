/** Texts as long as arXiv abstracts, in micro-batches as the experiment makes them. */
import { Random } from '../../lib/core/random.js';
import { microBatches } from '../../lib/tokens/micro-batches.js';

/** Quantiles of the tokens of an abstract, cut at 512: of 8,000 arXiv records in Qwen2.5's vocabulary. */
const QUANTILES = [
  [0, 20],
  [0.01, 65],
  [0.05, 102],
  [0.25, 177],
  [0.5, 228],
  [0.75, 280],
  [0.95, 358],
  [0.99, 427],
  [1, 512],
] as const;

/** Lengths of texts, the same for the same count. */
export function textLengths(count: number): number[] {
  const random = new Random(1, 'lengths');
  return Array.from({ length: count }, () => {
    const share = random.uniform();
    const upper = Math.max(
      1,
      QUANTILES.findIndex(([quantile]) => quantile >= share),
    );
    const [[below, short], [above, long]] = [QUANTILES[upper - 1]!, QUANTILES[upper]!];
    return Math.round(short + ((share - below) / (above - below)) * (long - short));
  });
}

/**
 * Some of the micro-batches that many texts make under a token budget, from the longest to the shortest texts.
 *
 * @returns lengths of the texts of each
 */
export function sampleMicroBatches(tokenBudget: number, wanted: number): number[][] {
  // enough texts that the budget is reached at every length
  const lengths = textLengths(Math.max(1000, Math.ceil((tokenBudget * wanted * 4) / 200)));
  const groups = microBatches(lengths, tokenBudget);
  const chosen = Array.from(
    { length: Math.min(wanted, groups.length) },
    (_, i) => groups[Math.floor(((i + 0.5) * groups.length) / Math.min(wanted, groups.length))] as number[],
  );
  return chosen.map((group) => group.map((i) => lengths[i] as number));
}

export function tokenIds(lengths: number[], vocabularySize: number): Int32Array[] {
  const random = new Random(2, 'token ids');
  return lengths.map((length) => Int32Array.from({ length }, () => random.integer(vocabularySize)));
}
