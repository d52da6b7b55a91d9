/** A metric written outside the library, as a notebook cell or another project would: one definition, one call. */
import { describe, expect, it } from 'vitest';
import { metricTable } from '../../lib/display/terminal/report-tables.js';
import { evaluate } from '../../lib/evaluation/evaluate.js';
import { checkEvaluation, metricHelp, registerMetric, resolveConfig } from '../../lib/index.js';
import { bm25System } from '../../lib/retrieval/systems/bm25.js';

const corpus = ['black holes', 'white dwarfs', 'neutron stars', 'black dwarfs'].map((text, i) => ({
  id: `d${i}`,
  text,
}));
const queries = [
  { id: 'q0', text: 'black holes' },
  { id: 'q1', text: 'black' },
];
const qrels = new Map([
  ['q0', new Map([['d0', 1]])],
  ['q1', new Map([['d3', 1]])],
]);

/** Rank-biased precision (Moffat and Zobel, 2008) with persistence .8. */
const rankBiasedPrecision = {
  name: 'rbp',
  label: 'RBP',
  cutoff: true,
  definition: 'rank-biased precision with persistence .8',
  score: ({ grades }: { grades: readonly number[] }) =>
    grades.reduce((sum, grade, i) => sum + (grade >= 1 ? 0.2 * 0.8 ** i : 0), 0),
};

describe('a metric from outside', () => {
  it('works in configuration, evaluation, report, tables and help', async () => {
    registerMetric(rankBiasedPrecision);
    const config = resolveConfig({
      settings: ['evaluation.metrics=["rbp@5", "mrr@10"]', 'evaluation.bootstrapSamples=100'],
    });
    checkEvaluation(config);
    const { report, scores } = await evaluate({ config, corpus, queries, qrels, systems: [bm25System()] });
    // "black" finds d3 before d0, as equal scores rank by id descending
    expect([...scores.get('bm25')!.values['rbp@5']!]).toEqual([0.2, 0.2]);
    expect(report.systems[0]!.metrics['rbp@5']!.value).toBeCloseTo(0.2, 12);
    expect(metricTable(report)).toContain('RBP@5');
    expect(metricHelp()).toMatch(/^rbp@k +rank-biased precision/m);
  });

  it('may be registered again, as a cell may be run twice', () => {
    registerMetric(rankBiasedPrecision);
    registerMetric({ ...rankBiasedPrecision, definition: 'another' });
    expect(metricHelp().match(/^rbp@k/gm)).toHaveLength(1);
  });

  it('may not take the name of one that comes with the library, nor one that cannot be written', () => {
    expect(() => registerMetric({ ...rankBiasedPrecision, name: 'recall' })).toThrow(/comes with the library/);
    expect(() => registerMetric({ ...rankBiasedPrecision, name: 'RBP@5' })).toThrow(/lower case letters/);
  });

  it('that gives no number is an error that names it and the query', async () => {
    registerMetric({ ...rankBiasedPrecision, name: 'broken', score: () => Number.POSITIVE_INFINITY });
    const config = resolveConfig({ settings: ['evaluation.metrics=["broken@5"]'] });
    await expect(evaluate({ config, corpus, queries, qrels, systems: [bm25System()] })).rejects.toThrow(
      /metric "broken@5" gave Infinity for query "q0"/,
    );
  });
});

describe('a misspelt metric', () => {
  it('is an error before any work, which names the nearest', () => {
    const check = (name: string) => checkEvaluation(resolveConfig({ settings: [`evaluation.metrics=["${name}"]`] }));
    expect(() => check('recal@10')).toThrow(/unknown metric "recal@10": expected .*; did you mean "recall"/);
    expect(() => check('recall')).toThrow(/did you mean "recall@k"/);
    expect(() => check('constructor@3')).toThrow(/unknown metric/);
    expect(() => check('recall at 10')).toThrow(/evaluation.metrics.0 = "recall at 10": expected a metric such as/);
  });
});
