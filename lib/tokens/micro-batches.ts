/**
 * Micro-batches: groups of texts of like lengths that pass through the encoder together. All rows of a group are padded
 * to its longest, so the work is count x longest; the token budget bounds it, and with it the memory.
 */

import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';

/**
 * Partitions texts into groups such that count x longest <= tokenBudget in each, with the least padding.
 *
 * In an optimal partition the groups are runs of the texts sorted by length, so dynamic programming over the sorted
 * lengths finds it: least[i] = min over j of least[j] + groupCost + (i - j) * length[j].
 *
 * @param lengths tokens of each text; a text without tokens counts as one, since it takes a row all the same
 * @param groupCost what starting one more group costs, in tokens: calls and small kernels whose time does not shrink with
 * the group. It keeps the partition from cutting groups for the sake of a handful of padding tokens. With 128, a batch
 * of 128 arXiv pairs is 5 % padding; groups filled up to the budget would be 15 to 20 %.
 * @returns indices into `lengths`, each once; the group with the longest texts first, so that a budget too large for
 * the memory shows at once
 * @throws UserError when a text is longer than the budget
 */
export function microBatches(lengths: ArrayLike<number>, tokenBudget: number, groupCost = 128): number[][] {
  if (!Number.isInteger(tokenBudget) || tokenBudget < 1) {
    throw new UserError(`token budget ${tokenBudget}: expected a whole number of at least 1 (batches.tokenBudget)`);
  }
  const length = (index: number): number => Math.max(1, lengths[index] as number);
  const order = Array.from({ length: lengths.length }, (_, index) => index);
  order.sort((a, b) => length(b) - length(a) || a - b);
  const longest = order[0];
  if (longest === undefined) return [];
  if (length(longest) > tokenBudget) {
    throw new UserError(
      `text ${longest} has ${quantity(length(longest), 'tokens')}, more than the token budget of ${tokenBudget}: ` +
        `raise batches.tokenBudget to at least ${length(longest)} or lower tokens.maxAbstractTokens and tokens.maxTitleTokens`,
    );
  }

  const least = new Float64Array(order.length + 1);
  const begin = new Int32Array(order.length + 1); // where the last group of the best partition of the first i begins
  for (let i = 1; i <= order.length; i++) {
    least[i] = Number.POSITIVE_INFINITY;
    for (let j = i - 1; j >= 0; j--) {
      const padded = (i - j) * length(order[j] as number);
      if (padded > tokenBudget) break; // both factors only grow as j falls
      const cost = (least[j] as number) + groupCost + padded;
      if (cost < (least[i] as number)) {
        least[i] = cost;
        begin[i] = j;
      }
    }
  }
  const groups: number[][] = [];
  for (let end = order.length; end > 0; end = begin[end] as number) groups.push(order.slice(begin[end], end));
  return groups.reverse();
}

/** What padding costs a set of groups. */
export interface PaddingWaste {
  groups: number;
  /** Tokens of the texts. */
  tokens: number;
  /** Tokens that the encoder works on: count x longest, summed over the groups. */
  paddedTokens: number;
  /** Share of the padded tokens that is padding, 0 to 1. */
  waste: number;
}

/** Counts the padding of groups of texts, each padded to its longest. */
export function paddingWaste(lengths: ArrayLike<number>, groups: readonly (readonly number[])[]): PaddingWaste {
  let tokens = 0;
  let paddedTokens = 0;
  for (const group of groups) {
    let longest = 0;
    for (const index of group) {
      const length = lengths[index] as number;
      tokens += length;
      longest = Math.max(longest, length);
    }
    paddedTokens += longest * group.length;
  }
  return { groups: groups.length, tokens, paddedTokens, waste: paddedTokens === 0 ? 0 : 1 - tokens / paddedTokens };
}
