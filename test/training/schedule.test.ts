import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { learningRateAt, type ScheduleOptions } from '../../lib/training/schedule.js';

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/training/schedules.json', import.meta.url), 'utf8')) as {
  cases: { schedule: ScheduleOptions['schedule']; warmupShare: number; totalSteps: number; factors: number[] }[];
};

describe('learningRateAt', () => {
  it.each(cases)('$schedule, warm-up $warmupShare of $totalSteps steps: as transformers', (example) => {
    const { schedule, warmupShare, totalSteps, factors } = example;
    const options = { schedule, warmupShare, learningRate: 0.02 };
    const rates = factors.map((_, step) => learningRateAt(step, options, totalSteps));
    rates.forEach((rate, step) => void expect(rate).toBeCloseTo(0.02 * factors[step]!, 15));
  });

  it('ends at zero and stays there', () => {
    for (const schedule of ['linear', 'cosine'] as const) {
      const options = { schedule, warmupShare: 0.1, learningRate: 1 };
      for (const step of [100, 101, 1000]) expect(learningRateAt(step, options, 100)).toBeCloseTo(0, 15);
    }
  });
});
