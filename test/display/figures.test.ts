import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { ROLES } from '../../lib/config/config.js';
import { type Figure, plotText, readPlotText } from '../../lib/display/figure.js';
import { batchCompositionFigure } from '../../lib/display/figures/batch-composition.js';
import { confusionFigure } from '../../lib/display/figures/confusion.js';
import { differencesFigure } from '../../lib/display/figures/differences.js';
import { gradientNormFigure } from '../../lib/display/figures/gradient-norm.js';
import { learningRateFigure } from '../../lib/display/figures/learning-rate.js';
import {
  distributionsFromHistogram,
  lengthDistribution,
  lengthDistributionFigure,
} from '../../lib/display/figures/length-distribution.js';
import { lexicalOverlapFigure } from '../../lib/display/figures/lexical-overlap.js';
import { lossFigure } from '../../lib/display/figures/loss.js';
import { headlineMetric, metricsFigure } from '../../lib/display/figures/metrics.js';
import { papersByRoleFigure, papersByTopicFigure, papersByYearFigure } from '../../lib/display/figures/papers.js';
import { recallCurvesFigure } from '../../lib/display/figures/recall-curves.js';
import { similarityFigure } from '../../lib/display/figures/similarity.js';
import { movingAverage } from '../../lib/display/figures/step-series.js';
import { throughputFigure } from '../../lib/display/figures/throughput.js';
import { tokenLengthFigure } from '../../lib/display/figures/token-lengths.js';
import { trainingFigure } from '../../lib/display/figures/training.js';
import { validationFigure } from '../../lib/display/figures/validation.js';
import { formatShare } from '../../lib/display/format.js';
import { adaptFigure } from '../../lib/display/html/adapt-figure.js';
import {
  inTopicOrder,
  orderTopics,
  ROLE_COLOURS,
  systemLooks,
  topicColours,
  topicRoles,
} from '../../lib/display/palette.js';
import { renderSvg } from '../../lib/display/svg/render.js';
import { sampleReport } from './sample-report.js';

const report = sampleReport();
const roles = topicRoles(report.config.datasets.categories);
const papers = [
  { topic: 'gr-qc', role: 'main', published: '2019-05-01' },
  { topic: 'gr-qc', role: 'main', published: '2021-05-01' },
  { topic: 'hep-th', role: 'soft', published: '2021-01-31' },
  { topic: 'q-bio', role: 'different', published: null },
] as const;

const figures: Record<string, Figure> = {
  tokens: tokenLengthFigure(report.tokens!, roles),
  lengths: lengthDistributionFigure(distributionsFromHistogram(report.tokens!), roles, 128),
  loss: lossFigure(report.training!.steps),
  'learning rate': learningRateFigure(report.training!.steps, 200),
  gradient: gradientNormFigure(report.training!.steps, 1),
  throughput: throughputFigure(report.training!.steps),
  validation: validationFigure(report.training!.validations),
  training: trainingFigure(report.training!, 1, { totalSteps: 120, secondsLeft: 65 }),
  'training before its first step': trainingFigure({ steps: [], validations: [] }, 1),
  metrics: metricsFigure(report.systems),
  recall: recallCurvesFigure(report.recallCurves, report.systems),
  confusion: confusionFigure(report.confusion[0]!),
  batches: batchCompositionFigure(report.batches!),
  topics: papersByTopicFigure(papers),
  roles: papersByRoleFigure(papers),
  years: papersByYearFigure(papers),
  similarity: similarityFigure(
    [
      [1, 0.2],
      [-0.1, 0.9],
    ],
    ['a < b', 'a < b'],
    ['c', 'd'],
  ),
  'lexical overlap': lexicalOverlapFigure(report.lexicalOverlap!, report.systems, 'mrr@10'),
  differences: differencesFigure(report.comparisons, report.systems),
};

describe.each(Object.entries(figures))('the figure of %s', (_, figure) => {
  it('is plain JSON with a title, and becomes a well-formed picture in every theme', () => {
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
    expect(figure.layout.title.text).not.toBe('');
    for (const theme of ['light', 'dark', 'inherit'] as const) {
      const svg = renderSvg(figure, { theme });
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('names the quantity on its value axis', () => {
    expect(figure.layout.xaxis.title?.text ?? figure.layout.yaxis.title?.text).toBeTruthy();
  });
});

describe('figures hold the data', () => {
  it('token lengths: one bar a bin and topic, in the colour of the role', () => {
    const { data } = figures.tokens!;
    expect(data.map(({ name }) => name)).toEqual([
      'gr-qc',
      'astro-ph.CO',
      'hep-th',
      'cond-mat.stat-mech',
      'math-ph',
      'cs.AI',
      'cs.LG',
      'stat.ML',
      'q-bio',
    ]);
    const first = data[0]!;
    expect(first.type === 'bar' && first.y).toEqual(report.tokens!.histogram.countsByTopic['gr-qc']);
    expect(first.type === 'bar' && first.x[0]).toBe(8);
    expect(first.type === 'bar' && first.marker?.color).toBe(ROLE_COLOURS.main);
  });

  it('length distributions: quantiles of the lengths, rising to 1', () => {
    const few = lengthDistribution('t', Int32Array.from([30, 10, 20, 20]));
    expect(few).toEqual({ topic: 't', length: [10, 20, 20, 30], share: [0.25, 0.5, 0.75, 1] });
    const many = lengthDistribution(
      't',
      Array.from({ length: 10_000 }, (_, i) => i + 1),
    );
    expect(many.length).toHaveLength(256);
    expect(many.share.at(-1)).toBe(1);
    for (const [i, length] of many.length.entries()) expect(many.share[i]).toBeCloseTo(length / 10_000, 10);
    const [binned] = distributionsFromHistogram({
      summaries: [],
      histogram: { binStarts: [0, 10], binWidth: 10, countsByTopic: { t: [1, 3], empty: [0, 0] } },
      maxAbstractTokens: 1,
    });
    expect(binned).toEqual({ topic: 't', length: [9, 19], share: [0.25, 1] });
  });

  it('loss: every step, and a moving average of the same length', () => {
    const [raw, smooth] = figures.loss!.data;
    expect(raw?.type === 'scatter' && raw.y).toEqual(report.training!.steps.map(({ loss }) => loss));
    expect(smooth?.type === 'scatter' && smooth.y).toHaveLength(120);
    expect(lossFigure(report.training!.steps.slice(0, 10)).data).toHaveLength(1);
    expect(movingAverage([1, 2, 3, null, 5], 3)).toEqual([1.5, 2, 2.5, null, 5]);
  });

  it('a diverged loss is a gap', () => {
    const steps = report
      .training!.steps.slice(0, 3)
      .map((step, i) => ({ ...step, loss: i === 1 ? Number.NaN : step.loss }));
    const [trace] = lossFigure(steps).data;
    expect(trace?.type === 'scatter' && trace.y[1]).toBeNull();
  });

  it('a live run has its whole length on the axis', () => {
    expect(figures['learning rate']!.layout.xaxis.range).toEqual([0, 200]);
    expect(figures.loss!.layout.xaxis.range).toBeUndefined();
  });

  it('metrics: values with distances to the ends of their intervals; precision is left out', () => {
    const trace = figures.metrics!.data[1]!;
    const metric = report.systems[1]!.metrics['mrr@10']!;
    if (trace.type !== 'scatter') throw new Error('expected points');
    const at = figures.metrics!.layout.xaxis.ticktext!.indexOf('MRR@10');
    expect(trace.y[at]).toBe(metric.value);
    expect(trace.error_y!.array[at]).toBeCloseTo(metric.high - metric.value, 12);
    expect(trace.error_y!.arrayminus[at]).toBeCloseTo(metric.value - metric.low, 12);
    expect(figures.metrics!.layout.xaxis.ticktext!.join()).not.toContain('Precision');
    expect(metricsFigure(report.systems, ['precision@10']).layout.xaxis.ticktext).toEqual(['Precision@10']);
  });

  it('confusion: shares of the row, counts in the cells', () => {
    const { counts } = report.confusion[0]!;
    const trace = figures.confusion!.data[0]!;
    if (trace.type !== 'heatmap') throw new Error('expected a heatmap');
    const total = counts[0]!.reduce((a, b) => a + b, 0);
    expect(trace.z[0]![0]).toBeCloseTo(counts[0]![0]! / total, 12);
    expect(trace.z[0]!.reduce<number>((a, b) => a + (b ?? 0), 0)).toBeCloseTo(1, 12);
    expect(trace.text![0]![0]).toBe(String(counts[0]![0]));
    const empty = confusionFigure({ system: 's', rows: ['a'], columns: ['a', 'b'], counts: [[0, 0]] }).data[0]!;
    expect(empty.type === 'heatmap' && empty.z).toEqual([[null, null]]);
  });

  it('papers: counts by topic, role and year, years without papers included', () => {
    const topics = figures.topics!.data.flatMap((trace) =>
      trace.type === 'bar' ? trace.y.map((y, i) => [y, trace.x[i]]) : [],
    );
    expect(topics).toEqual([
      ['gr-qc', 2],
      ['hep-th', 1],
      ['q-bio', 1],
    ]);
    const [all] = figures.roles!.data;
    expect(all?.type === 'bar' && [all.y, all.x]).toEqual([
      ['main', 'soft', 'different'],
      [2, 1, 1],
    ]);
    const [main] = figures.years!.data;
    expect(main?.type === 'bar' && [main.x, main.y]).toEqual([
      [2019, 2020, 2021],
      [1, 0, 1],
    ]);
    expect(figures.years!.layout.title.subtitle?.text).toContain('1 without a date');
    expect(papersByYearFigure([]).data).toEqual([]);
  });

  it('similarity: equal titles stay apart, a wrong shape is refused', () => {
    const trace = figures.similarity!.data[0]!;
    expect(trace.type === 'heatmap' && new Set(trace.y).size).toBe(2);
    expect(trace.type === 'heatmap' && trace.text![1]![0]).toBe('−.10');
    expect(() => similarityFigure([[1, 2]], ['a'], ['b'])).toThrow('1 x 2 values: expected 1 x 1');
  });

  it('training: the numbers of the moment in the sixth panel', () => {
    const { steps, validations } = report.training!;
    const told = (figure: Figure): string[] => figure.layout.annotations!.map(({ text }) => text);
    const best = [...validations].sort((a, b) => b.mrr - a.mrr)[0]!;
    const half = trainingFigure({ steps: steps.slice(0, 60), validations }, 1, { totalSteps: 120, secondsLeft: 65 });
    expect(told(half)).toEqual(
      expect.arrayContaining(['step', '<b>60 of 120</b>', 'time left', '<b>1 min 05 s</b>', 'best']),
    );
    expect(told(half)).toContain(`<b>${formatShare(best.mrr)}, step ${best.step}</b>`);
    expect(told(figures.training!)).toContain('<b>finished</b>');
    expect(told(figures['training before its first step']!)).toContain('<b>–</b>');
    expect(half.layout.annotations!.filter(({ xref }) => xref === 'x6 domain')).toHaveLength(11);
    expect(renderSvg(half, { theme: 'light' })).toContain('60 of 120');
  });

  it('differences: one metric, intervals as distances', () => {
    const trace = figures.differences!.data[0]!;
    if (trace.type !== 'scatter') throw new Error('expected points');
    expect(trace.x).toEqual(
      report.comparisons.filter(({ metric }) => metric === 'mrr@10').map(({ difference }) => difference),
    );
    expect(trace.error_x!.array[0]).toBeCloseTo(0.021, 12);
  });
});

describe('the order of topics', () => {
  it('is by role, then by name, and last those without a role', () => {
    const order = orderTopics(['x', 'q-bio', 'math-ph', 'cond-mat.stat-mech', 'b', 'gr-qc', 'gr-qc'], roles);
    expect(order).toEqual(['gr-qc', 'cond-mat.stat-mech', 'math-ph', 'q-bio', 'b', 'x']);
    const rows = inTopicOrder([{ topic: 'q-bio' }, { topic: 'all' }, { topic: 'gr-qc' }], roles);
    expect(rows.map(({ topic }) => topic)).toEqual(['all', 'gr-qc', 'q-bio']);
  });

  it('holds for topics with the names of object members', () => {
    const names = ['constructor', '__proto__', 'toString'];
    const hostile = topicRoles({ ...report.config.datasets.categories, hard: names });
    expect(orderTopics(['q-bio', ...names], hostile)).toEqual(['__proto__', 'constructor', 'toString', 'q-bio']);
    expect([...topicColours(names, hostile).values()].every((colour) => colour.startsWith('#'))).toBe(true);
    const facts = names.map((topic) => ({ topic, role: 'hard' as const, published: null }));
    const figure = papersByTopicFigure(facts);
    expect(figure.data[0]).toMatchObject({ type: 'bar', y: ['__proto__', 'constructor', 'toString'], x: [1, 1, 1] });
  });
});

describe('the headline metric', () => {
  it.each([
    [['recall@10', 'mrr@10'], 'mrr@10'],
    [['recall@5', 'mrr@5', 'ndcg@5'], 'mrr@5'],
    [['mrr@100', 'mrr@5', 'mrr@1'], 'mrr@5'],
    [['recall@10', 'ndcg@10'], 'recall@10'],
    [[], null],
  ])('of %j is %j: MRR at whatever rank before anything else', (names, metric) => {
    expect(headlineMetric(names)).toBe(metric);
  });
});

describe('the palette', () => {
  it('has one colour for each role, told apart from all others', () => {
    expect(new Set(Object.values(ROLE_COLOURS)).size).toBe(ROLES.length);
    const topics = [...roles.keys()];
    expect(new Set(topicColours(topics, roles).values()).size).toBe(topics.length);
  });

  it('gives a system the same look in every figure, and siblings of a kind different ones', () => {
    const both = systemLooks([
      { name: 'openai:a', kind: 'openai' },
      { name: 'openai:b', kind: 'openai' },
    ]);
    expect(both.get('openai:a')!.colour).not.toBe(both.get('openai:b')!.colour);
    expect(systemLooks([{ name: 'x', kind: 'openai' }]).get('x')).toEqual(both.get('openai:a'));
  });
});

describe('text in a description', () => {
  it('survives Plotly, which reads tags and entities', () => {
    for (const text of ['a < b & c > d', '<b>x</b>', '&lt;', '$x<y$'])
      expect(readPlotText(plotText(text))).toEqual([text]);
    expect(readPlotText('one<br>two <i>three</i>')).toEqual(['one', 'two three']);
  });
});

describe('a figure on the paper of a page', () => {
  it('takes its ink, and lays see-through colours on it', () => {
    const adapted = adaptFigure(figures.confusion!, '#ffffff', 'rgb(0, 0, 0)');
    expect(adapted.layout.font).toMatchObject({ color: '#ffffff' });
    const trace = adapted.data[0]!;
    expect(trace.type === 'heatmap' && trace.colorscale[0]).toEqual([0, 'rgb(1,5,8)']);
    expect(figures.confusion!.layout.font).not.toMatchObject({ color: '#ffffff' });
  });
});
