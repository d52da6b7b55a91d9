import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { microBatches, paddingWaste } from '../../lib/tokens/micro-batches.js';

const padded = (lengths: number[], group: number[]): number =>
  group.length * Math.max(...group.map((i) => Math.max(1, lengths[i] as number)));

/** The cheapest of all partitions, found by trying every one. */
function cheapest(lengths: number[], budget: number, groupCost: number): number {
  let best = Number.POSITIVE_INFINITY;
  const place = (next: number, groups: number[][]): void => {
    if (next === lengths.length) {
      const cost = groups.reduce((sum, group) => sum + groupCost + padded(lengths, group), 0);
      if (groups.every((group) => padded(lengths, group) <= budget)) best = Math.min(best, cost);
      return;
    }
    for (let g = 0; g < groups.length; g++)
      place(
        next + 1,
        groups.map((group, i) => (i === g ? [...group, next] : group)),
      );
    place(next + 1, [...groups, [next]]);
  };
  place(0, []);
  return best;
}

describe('microBatches', () => {
  const lengthsAndBudget = fc
    .array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 })
    .chain((lengths) =>
      fc.record({ lengths: fc.constant(lengths), budget: fc.integer({ min: Math.max(1, ...lengths), max: 3000 }) }),
    );

  it('has each index once, keeps to the budget, and begins with the longest', () => {
    fc.assert(
      fc.property(lengthsAndBudget, ({ lengths, budget }) => {
        const groups = microBatches(lengths, budget);
        expect(groups.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const group of groups) expect(padded(lengths, group)).toBeLessThanOrEqual(budget);
        const longest = groups.map((group) => Math.max(...group.map((i) => lengths[i] as number)));
        expect(longest).toEqual([...longest].sort((a, b) => b - a));
        expect(microBatches(Int32Array.from(lengths), budget)).toEqual(groups);
      }),
      { seed: 1 },
    );
  });

  it('finds the cheapest of all partitions', () => {
    const small = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 7 }),
      budget: fc.integer({ min: 20, max: 80 }),
      groupCost: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(small, ({ lengths, budget, groupCost }) => {
        const groups = microBatches(lengths, budget, groupCost);
        const cost = groups.reduce((sum, group) => sum + groupCost + padded(lengths, group), 0);
        expect(cost).toBe(cheapest(lengths, budget, groupCost));
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('of nothing is nothing, and a text without tokens takes a row', () => {
    expect(microBatches([], 10)).toEqual([]);
    expect(microBatches([0, 0, 0, 0], 2)).toHaveLength(2);
  });

  it('refuses a text longer than the budget, by its length and with the fix', () => {
    expect(() => microBatches([5, 700, 30], 512)).toThrow(UserError);
    expect(() => microBatches([5, 700, 30], 512)).toThrow(
      /text 1 has 700 tokens, more than the token budget of 512: raise batches\.tokenBudget to at least 700/,
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the budget %d', (budget) => {
    expect(() => microBatches([1], budget)).toThrow(/expected a whole number of at least 1/);
  });
});

describe('paddingWaste', () => {
  it('counts padding', () => {
    expect(
      paddingWaste(
        [4, 2, 3, 1],
        [
          [0, 1],
          [2, 3],
        ],
      ),
    ).toEqual({ groups: 2, tokens: 10, paddedTokens: 14, waste: 1 - 10 / 14 });
    expect(paddingWaste([], [])).toEqual({ groups: 0, tokens: 0, paddedTokens: 0, waste: 0 });
  });
});
