import { describe, expect, it } from 'vitest';
import { WordCache } from '../../lib/tokens/word-cache.js';

describe('WordCache', () => {
  it('gives back what was put, and never holds more than its capacity', () => {
    const cache = new WordCache(3);
    for (let i = 0; i < 10; i++) {
      cache.put(`word ${i}`, [`${i}`]);
      expect(cache.get(`word ${i}`)).toEqual([`${i}`]);
      const held = Array.from({ length: 10 }, (_, j) => cache.get(`word ${j}`)).filter(
        (tokens) => tokens !== undefined,
      );
      expect(held.length).toBeLessThanOrEqual(3);
    }
    expect(cache.get('another')).toBeUndefined();
  });
});
