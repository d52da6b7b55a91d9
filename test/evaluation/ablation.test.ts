import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { effectsFigure } from '../../lib/display/figures/effects.js';
import { renderSvg } from '../../lib/display/svg/render.js';
import { effectMarkdown, effectTable } from '../../lib/display/terminal/effect-table.js';
import { type AblationVariant, ablationReport } from '../../lib/evaluation/ablation.js';
import { bootstrapMeans } from '../../lib/evaluation/statistics/bootstrap.js';
import { crossedBootstrap } from '../../lib/evaluation/statistics/crossed-bootstrap.js';
import { ablationArms, defaultFactors, parseFactor } from '../../lib/pipeline/ablation-factors.js';
import { withAbsolutePaths } from '../../lib/pipeline/absolute-paths.js';

describe('the interval over seeds and queries', () => {
  const noise = (rows: number, columns: number, bySeed: number, byQuery: number): Float64Array[] => {
    const random = new Random(9, 'noise', bySeed, byQuery);
    const ofQuery = Array.from({ length: columns }, () => byQuery * random.normal());
    return Array.from({ length: rows }, () => {
      const ofSeed = bySeed * random.normal();
      return Float64Array.from(ofQuery, (value) => value + ofSeed);
    });
  };
  const width = ({ low, high }: { low: number; high: number }): number => high - low;

  it('is about as wide as theory says where queries alone differ, also with many seeds', () => {
    // the same queries with every seed: more seeds make the mean of the queries no surer
    const values = noise(8, 400, 0, 1);
    const interval = crossedBootstrap(values, { seed: 1 });
    const [plain] = bootstrapMeans([values[0]!], { seed: 1 });
    expect(width(interval) / width(plain!)).toBeGreaterThan(0.85);
    expect(width(interval) / width(plain!)).toBeLessThan(1.15);
  });

  it('is as wide as the seeds differ where they alone do', () => {
    const values = noise(12, 50, 1, 0);
    const means = values.map((row) => row[0]!);
    const centre = means.reduce((a, b) => a + b) / 12;
    const error = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0)) / 12;
    const interval = crossedBootstrap(values, { seed: 1 });
    expect(width(interval) / (2 * 1.96 * error)).toBeGreaterThan(0.85);
    expect(width(interval) / (2 * 1.96 * error)).toBeLessThan(1.15);
    expect(interval.value).toBeCloseTo(centre, 12);
  });

  it('is a function of the seed, and nothing of nothing', () => {
    const values = noise(3, 20, 1, 1);
    expect(crossedBootstrap(values, { seed: 4 })).toEqual(crossedBootstrap(values, { seed: 4 }));
    expect(crossedBootstrap([], { seed: 4 }).value).toBeNaN();
  });
});

describe('the effect table', () => {
  const queryIds = Array.from({ length: 60 }, (_, i) => `q${i}`);
  /** Values of each query, the same but for what is added to all. */
  const variant = (label: string, added: number, ids = queryIds): AblationVariant => ({
    label,
    seconds: 30,
    runs: [0, 1].map((seed) => ({
      queryIds: ids,
      values: {
        'mrr@10': Float64Array.from(ids, (id) => new Random(1, id).uniform() / 2 + added + seed / 10),
        'recall@10': Float64Array.from(ids, () => 1),
      },
    })),
  });
  const options = { seeds: [5, 6], split: 'validation' as const, seed: 1, samples: 200 };

  it('is the paired difference from the baseline, seed by seed and query by query, in whatever order', () => {
    const report = ablationReport(
      variant('baseline', 0.1),
      [variant('a=1', 0.3, queryIds.slice().reverse()), variant('b=2', 0.1)],
      [],
      options,
    );
    const [better, same] = report.effects;
    expect(report.queries).toBe(60);
    // the same gain for each query of each seed: no width at all
    for (const value of Object.values(better!.metrics['mrr@10']!.difference)) expect(value).toBeCloseTo(0.2, 10);
    expect(better!.metrics['mrr@10']!.bySeed).toHaveLength(2);
    expect(same!.metrics['mrr@10']!.difference.value).toBeCloseTo(0, 10);
    expect(report.baseline.metrics['mrr@10']!.high).toBeGreaterThan(report.baseline.metrics['mrr@10']!.low);
  });

  it('looks at the queries that all runs have and where the metric is defined', () => {
    const holey = variant('a=1', 0.3, queryIds.slice(10));
    holey.runs[0]!.values['mrr@10']![0] = Number.NaN;
    const report = ablationReport(variant('baseline', 0.1), [holey], [], options);
    expect(report.queries).toBe(50);
    expect(report.effects[0]!.metrics['mrr@10']!.difference.value).toBeCloseTo(0.2, 10);
  });

  it('is written for terminal, Markdown and picture, failures included', () => {
    const failed = [{ label: 'training.learningRate=1', reason: 'the loss is NaN | diverged' }];
    const report = ablationReport(variant('baseline', 0.1), [variant('encoder.pooling=last', 0.3)], failed, options);
    const text = effectTable(report);
    expect(text).toMatch(/encoder\.pooling=last +\.\d+ +\+\.200 \[\+\.200, \+\.200\] +above 0 +\+\.200 \+\.200 +15 s/);
    expect(text).toContain('failed: the loss is NaN');
    expect(text).toContain('seeds 5, 6; 60 queries of the validation split');
    const markdown = effectMarkdown(report);
    expect(markdown).toContain('## MRR@10');
    expect(markdown).toContain('## Recall@10');
    expect(markdown).toContain('NaN \\| diverged');
    expect(renderSvg(effectsFigure(report))).toContain('encoder.pooling=last');
  });
});

describe('factors', () => {
  it('are read by commas or as JSON', () => {
    expect(parseFactor('encoder.pooling=mean,last')).toEqual({ path: 'encoder.pooling', values: ['mean', 'last'] });
    expect(parseFactor('training.temperature=0.02, 0.1').values).toEqual([0.02, 0.1]);
    expect(parseFactor('training.matryoshkaDimensions=[[32,64],[]]').values).toEqual([[32, 64], []]);
    expect(parseFactor('encoder.queryPrompt=["a, b: "]').values).toEqual(['a, b: ']);
    for (const bad of ['encoder.pooling', '=last', 'encoder.pooling=', 'a.b=[1']) {
      expect(() => parseFactor(bad)).toThrow(UserError);
    }
  });

  it('change one setting at a time; the value of the baseline and repeats are no variants', () => {
    const factors = ['encoder.pooling=auto,last,last', 'training.symmetric=false'].map(parseFactor);
    const baseline = withAbsolutePaths(resolveConfig());
    const arms = ablationArms(baseline, factors);
    expect(arms.map(({ label }) => label)).toEqual(['baseline', 'encoder.pooling=last', 'training.symmetric=false']);
    expect(arms[1]!.config).toEqual({ ...baseline, encoder: { ...baseline.encoder, pooling: 'last' } });
    expect(arms[2]!.config.encoder).toEqual(baseline.encoder);
  });

  it('that do not exist, or change nothing, are an error before anything runs', () => {
    const baseline = resolveConfig();
    expect(() => ablationArms(baseline, [parseFactor('encoder.poling=last')])).toThrow(/did you mean "pooling"/);
    expect(() => ablationArms(baseline, [parseFactor('encoder.pooling=none')])).toThrow(/encoder\.pooling = "none"/);
    expect(() => ablationArms(baseline, [parseFactor('encoder.pooling=auto')])).toThrow(/nothing to vary/);
  });

  it('that are tried by default all exist', () => {
    expect(ablationArms(resolveConfig(), defaultFactors(384)).length).toBeGreaterThan(8);
  });
});
