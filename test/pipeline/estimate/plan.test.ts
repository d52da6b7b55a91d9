/** The arithmetic of an estimate, on numbers that can be worked out by hand. */
import { expect, it } from 'vitest';
import { GIGABIT, type MachineRates, planWork, type Workload } from '../../../lib/pipeline/estimate/plan.js';

const rates: MachineRates = { tokenizing: 1000, encoding: 20_000, training: 2000, scoring: 1e9, peakMemory: 7e8 };
const work: Workload = {
  texts: 1_000_000,
  meanTitleTokens: 20,
  meanAbstractTokens: 180,
  dimensions: 400,
  steps: 100,
  pairs: 50,
  trainable: 1_170_000,
  machines: 1,
  price: null,
};

it('adds up one machine', () => {
  const { encoding, training, search, disk, memory, cost } = planWork(rates, work);
  // a million texts by 1,000 a second, then 180 million tokens by 20,000
  expect(encoding).toEqual({ one: 1000 + 9000, all: 10_000 });
  // 5,000 pairs of 200 tokens
  expect(training).toEqual({ one: 500, all: 500, waiting: 0 });
  expect(search).toBe(400);
  expect(disk).toEqual({ float32: 1.6e9, int8: 4e8, binary: 5e7, tokens: 8e8 });
  expect(memory).toEqual({ process: 7e8, exactSearch: 1.6e9 });
  expect(cost).toBeNull();
});

it('shares the work among machines, whose gradients travel at every step', () => {
  const { encoding, training, cost } = planWork(rates, { ...work, machines: 4, price: 3.6 });
  expect(encoding.all).toBe(2500);
  // 4.68 MB of gradients, one and a half times, in each of 100 steps
  const travelling = (100 * 1.5 * 4 * 1_170_000) / GIGABIT;
  expect(travelling).toBeCloseTo(6, 9);
  expect(training.all).toBeCloseTo(125 + 6, 9);
  expect(training.waiting).toBeCloseTo(6 / 131, 9);
  expect(cost?.one).toBeCloseTo((10_500 / 3600) * 3.6, 9);
  expect(cost?.all).toBeCloseTo((2631 / 3600) * 4 * 3.6, 9);
});

it('takes a whole number of bytes for the signs of odd dimensions', () => {
  expect(planWork(rates, { ...work, dimensions: 9 }).disk.binary).toBe(2e6);
});
