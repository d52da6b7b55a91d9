import { expect, it } from 'vitest';
import { agreeing, quantity } from '../../lib/core/quantity.js';

it.each([
  [1, 'judged documents', '1 judged document'],
  [2, 'judged documents', '2 judged documents'],
  [0, 'queries', '0 queries'],
  [1, 'queries', '1 query'],
  [1, 'batches', '1 batch'],
  [1, 'entries', '1 entry'],
  [1, 'MB', '1 MB'],
  [1200, 'texts', '1,200 texts'],
])('%d of "%s" is "%s"', (count, plural, text) => {
  expect(quantity(count, plural)).toBe(text);
});

it('verbs agree with the count', () => {
  expect([0, 1, 2].map((count) => agreeing(count, 'is', 'are'))).toEqual(['are', 'is', 'are']);
});
