/** Token dropout: what may be left out, how often, and that the seed decides. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { dropTokens } from '../../lib/training/token-dropout.js';

const SPECIAL = 0;
const text = Int32Array.from({ length: 201 }, (_, i) => i);

describe('token dropout', () => {
  it('leaves out the given share, keeps the order, and changes no token', () => {
    const random = new Random(1, 'test');
    let kept = 0;
    for (let round = 0; round < 500; round++) {
      const left = dropTokens(text, 0.4, random, null);
      for (let i = 1; i < left.length; i++) expect(left[i]).toBeGreaterThan(left[i - 1] as number);
      kept += left.length;
    }
    // 100,500 tokens: the standard error of the share is 0.0016
    expect(kept / (500 * text.length)).toBeGreaterThan(0.6 - 0.008);
    expect(kept / (500 * text.length)).toBeLessThan(0.6 + 0.012);
  });

  it('always keeps the special token, and something of every text', () => {
    const random = new Random(2, 'test');
    for (let round = 0; round < 200; round++) {
      expect(dropTokens(text, 0.9, random, SPECIAL)[0]).toBe(SPECIAL);
      expect(dropTokens(Int32Array.of(7), 0.9, random, null)).toEqual(Int32Array.of(7));
      expect(dropTokens(Int32Array.of(7, 8), 0.9, random, null).length).toBeGreaterThan(0);
    }
  });

  it('is the text itself at probability 0, and the same for the same seed only', () => {
    const draw = (seed: number): Int32Array => dropTokens(text, 0.5, new Random(seed, 'test'), null);
    expect(dropTokens(text, 0, new Random(3, 'test'), null)).toEqual(text);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});
