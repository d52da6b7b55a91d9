/** The suggestion of the range test, on curves whose steepest place is known. */
import { describe, expect, it } from 'vitest';
import { checkRange, steepestDescent } from '../../lib/training/learning-rate-range.js';

/** A curve over 41 rates from 1e-6 to 1. */
function curve(lossAt: (decade: number) => number) {
  return Array.from({ length: 41 }, (_, i) => {
    const decade = -6 + (6 * i) / 40;
    return { learningRate: 10 ** decade, loss: 0, smoothed: lossAt(decade) };
  });
}

describe('the steepest descent', () => {
  it('is the middle of a falling logistic, whatever rises after it', () => {
    const points = curve((decade) => 3 - 2 / (1 + Math.exp(-4 * (decade + 3))) + (decade > -1 ? 5 * (decade + 1) : 0));
    expect(Math.log10(steepestDescent(points) as number)).toBeCloseTo(-3, 6);
  });

  it('does not exist where the loss only rises or stays', () => {
    expect(steepestDescent(curve((decade) => decade))).toBeNull();
    expect(steepestDescent(curve(() => 2))).toBeNull();
    expect(steepestDescent([])).toBeNull();
  });
});

it.each([
  [{ from: 0, to: 1, steps: 40 }, /learning rates from 0 to 1: expected two positive numbers/],
  [{ from: 1, to: 1e-3, steps: 40 }, /from 1 to 0.001/],
  [{ from: Number.NaN, to: 1, steps: 40 }, /from NaN/],
  [{ from: 1e-6, to: 1, steps: 2 }, /2 steps: expected a whole number from 5/],
])('bounds that are no range are refused: %j', (range, message) => {
  expect(() => checkRange(range)).toThrow(message);
});
