/**
 * Effects of an ablation with their intervals (a forest plot), and a small mark for each seed.
 */
import type { AblationReport } from '../../evaluation/ablation.js';
import { type Figure, finiteOrNull, plotText } from '../figure.js';
import { formatDifferenceInterval, formatMetric, formatQuantity, metricLabel } from '../format.js';
import { NEUTRAL } from '../palette.js';
import { figureLayout } from './layout.js';
import { headlineMetric } from './metrics.js';

const COLOUR = '#0969da';
const MAX_LABEL = 44;

/** The metric that an ablation is read by, see {@link headlineMetric}. */
export function ablationMetric({ baseline }: AblationReport): string {
  return headlineMetric(Object.keys(baseline.metrics)) ?? '';
}

export function effectsFigure(report: AblationReport, metric: string = ablationMetric(report)): Figure {
  const drawn = report.effects.flatMap(({ label, metrics }, i) => {
    const effect = metrics[metric];
    // categories must differ, and cut labels may not
    const name = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 4)}… ${i + 1}` : label;
    return effect ? [{ name: plotText(name), ...effect }] : [];
  });
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'single seeds',
        x: drawn.flatMap(({ bySeed }) => bySeed.map(finiteOrNull)),
        y: drawn.flatMap(({ name, bySeed }) => bySeed.map(() => name)),
        marker: { color: NEUTRAL, size: 5 },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'mean',
        x: drawn.map(({ difference }) => finiteOrNull(difference.value)),
        y: drawn.map(({ name }) => name),
        marker: { color: COLOUR, size: 10, symbol: 'square' },
        error_x: {
          type: 'data',
          symmetric: false,
          array: drawn.map(({ difference: { value, high } }) => finiteOrNull(high - value)),
          arrayminus: drawn.map(({ difference: { value, low } }) => finiteOrNull(value - low)),
          color: COLOUR,
          thickness: 2,
          width: 5,
        },
        hovertext: drawn.map(
          ({ name, difference: { value, low, high } }) =>
            `${name}: ${formatDifferenceInterval({ difference: value, low, high })}`,
        ),
        hoverinfo: 'text',
      },
    ],
    layout: figureLayout({
      title: `What each factor does to ${metricLabel(metric)}`,
      subtitle: `baseline ${formatMetric(report.baseline.metrics[metric])}; 95 % interval over ${formatQuantity(report.seeds.length, 'seeds')} and ${formatQuantity(report.queries, 'queries')}`,
      x: { title: { text: `difference in ${metricLabel(metric)} from the baseline` }, zeroline: true },
      y: {
        type: 'category',
        autorange: 'reversed',
        categoryorder: 'array',
        categoryarray: drawn.map(({ name }) => name),
        showgrid: false,
      },
      height: 150 + 32 * Math.max(2, drawn.length),
      more: {
        shapes: [
          { type: 'line', xref: 'x', x0: 0, x1: 0, yref: 'paper', y0: 0, y1: 1, line: { color: NEUTRAL, width: 1.5 } },
        ],
      },
    }),
  };
}
