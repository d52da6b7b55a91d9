import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { reciprocalRank, reciprocalRankOf } from '../../lib/core/reciprocal-rank.js';

describe('reciprocal rank', () => {
  it('is that of the first relevant result within the depth', () => {
    expect(reciprocalRank(10, [false, true, true])).toBe(0.5);
    expect(reciprocalRank(1, [false, true])).toBe(0);
    expect(reciprocalRank(2, [false, true])).toBe(0.5);
    expect(reciprocalRank(10, [false])).toBe(0);
    expect(reciprocalRank(10, [])).toBe(0);
  });

  it('of one item among scores is that of its place in a ranking by score', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 200; trial++) {
      const scores = Array.from({ length: 20 }, () => random.uniform());
      const own = random.integer(20);
      const ranking = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
      const expected = reciprocalRank(
        10,
        ranking.map((item) => item === own),
      );
      expect(reciprocalRankOf(10, own, 20, (item) => scores[item]!)).toBe(expected);
    }
  });

  it('counts ties and NaN against the item', () => {
    const of = (scores: number[], own: number) => reciprocalRankOf(10, own, scores.length, (item) => scores[item]!);
    expect(of([3, 3, 1], 0)).toBe(0.5);
    expect(of([Number.NaN, 3, 1], 1)).toBe(0.5);
    expect(of([Number.NaN, 3, 1], 0)).toBe(1 / 3);
  });
});
