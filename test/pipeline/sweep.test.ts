/** The points of a sweep and what its report says of them, on scores that are known. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { sweepTable } from '../../lib/display/sweep-table.js';
import { sweepPoints } from '../../lib/pipeline/sweep-points.js';
import { sweepReport } from '../../lib/pipeline/sweep-report.js';
import { seedsFrom } from '../../lib/pipeline/trials.js';

const base = resolveConfig();
const rates = { path: 'training.learningRate', values: [1e-3, 3e-4] };
const ranks = { path: 'encoder.lora.rank', values: [8, 16, 32] };

describe('the points of a sweep', () => {
  it('are all combinations, each once', () => {
    const points = sweepPoints(base, [rates, ranks]);
    expect(points.map(({ config }) => [config.training.learningRate, config.encoder.lora.rank])).toEqual([
      [1e-3, 8],
      [1e-3, 16],
      [1e-3, 32],
      [3e-4, 8],
      [3e-4, 16],
      [3e-4, 32],
    ]);
    expect(sweepPoints(base, [{ ...ranks, values: [8, 8] }])).toHaveLength(1);
  });

  it('may be some of them, the same for a seed, and a larger number keeps those of a smaller', () => {
    const labels = (count: number, seed = 42) =>
      sweepPoints({ ...base, seed }, [rates, ranks], count).map(({ label }) => label);
    expect(labels(3)).toEqual(labels(5).slice(0, 3));
    expect(new Set(labels(6)).size).toBe(6);
    expect(labels(100)).toHaveLength(6);
    expect(labels(6)).not.toEqual(labels(6, 43));
  });

  it.each([
    [[], /nothing to vary: expected --vary/],
    [[rates, rates], /training.learningRate is varied twice/],
    [[{ path: 'training.learningrate', values: [1] }], /did you mean "learningRate"/],
    [[{ path: 'encoder.lora.rank', values: [0] }], /encoder.lora.rank/],
    [[{ path: 'seed', values: [1, 2] }], /give the number of seeds/],
  ])('are refused before anything runs: %j', (factors, message) => {
    expect(() => sweepPoints(base, factors)).toThrow(message);
  });
});

describe('the report of a sweep', () => {
  const points = sweepPoints(base, [rates]);
  const variant = (label: string, ...seeds: number[][]) => ({
    label,
    seconds: 60,
    runs: seeds.map((values) => ({
      queryIds: values.map((_, i) => `q${i}`),
      values: { 'mrr@10': Float64Array.from(values) },
    })),
  });
  const [fast, slow] = points.map(({ label }) => label) as [string, string];
  const report = sweepReport(
    {
      finished: [variant(fast, [0, 0.5, 1], [0, 1, 1]), variant(slow, [0.5, 0.5, 1], [1, 1, 1])],
      failed: [],
    },
    {
      points,
      seeds: [42, 43],
      split: 'validation',
      seed: 1,
      samples: 200,
      foldersOf: (label) => [`folder of ${label}`],
    },
  );

  it('has the best first, and the others paired with it', () => {
    expect(report.metric).toBe('mrr@10');
    expect(report.points.map(({ settings }) => settings['training.learningRate'])).toEqual([3e-4, 1e-3]);
    const [best, other] = report.points;
    expect(best?.metrics['mrr@10']?.value).toBeCloseTo(5 / 6, 12);
    expect(best).not.toHaveProperty('differences');
    expect(other?.differences?.['mrr@10']?.value).toBeCloseTo(3.5 / 6 - 5 / 6, 12);
    expect(other?.runs).toEqual([`folder of ${fast}`]);
  });

  it('is a table', () => {
    const [head, , first, second] = sweepTable(report).split('\n');
    expect(head).toMatch(/^learningRate\s+MRR@10\s+difference from the best/);
    expect(first).toMatch(/^0\.0003\s+\.833 \[.*best/);
    expect(second).toMatch(/^0\.001\s+\.583 \[.*−\.250 \[/);
  });
});

it('seeds beyond what anyone trains are refused before a list of them is made', () => {
  expect(seedsFrom(42, 3)).toEqual([42, 43, 44]);
  expect(() => seedsFrom(42, 1e9)).toThrow('1,000,000,000 seeds: expected at most 1000');
});
