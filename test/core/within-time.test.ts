import { expect, it } from 'vitest';
import { TimeIsUp, withinTime } from '../../lib/core/within-time.js';

it('gives the result, or what the work throws', () => {
  expect(withinTime(1000, () => 7)).toBe(7);
  expect(withinTime(1000, () => withinTime(1000, () => 8) + 1)).toBe(9);
  expect(() =>
    withinTime(1000, () => {
      throw new RangeError('own');
    }),
  ).toThrow(new RangeError('own'));
});

it('ends a loop and a regular expression without end', () => {
  const endless = [
    () => {
      for (;;);
    },
    () => /^(a|a)+$/.test(`${'a'.repeat(60)}b`),
  ];
  for (const work of endless) {
    const start = performance.now();
    expect(() => withinTime(100, work)).toThrow(TimeIsUp);
    expect(performance.now() - start).toBeLessThan(5000);
  }
  expect(withinTime(1000, () => 9)).toBe(9);
});
