/**
 * Paired differences between systems with their intervals (a forest plot): what crosses zero could be chance.
 */
import type { Comparison, SystemReport } from '../../evaluation/report.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatDifferenceInterval, formatProbability, metricLabel } from '../format.js';
import { NEUTRAL, systemLooks } from '../palette.js';
import { figureLayout } from './layout.js';
import { headlineMetric } from './metrics.js';

/**
 * Paired differences of the systems in one metric, with their intervals.
 *
 * @param metric default: the headline metric
 * @param comparisons those of `metric` are drawn, the others left out
 * @param systems give each difference the colour of its first system
 */
export function differencesFigure(
  comparisons: readonly Comparison[],
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
  metric: string = headlineMetric(comparisons.map((comparison) => comparison.metric)) ?? '',
): Figure {
  const looks = systemLooks(systems);
  const drawn = comparisons.filter((comparison) => comparison.metric === metric);
  const name = ({ a, b }: Comparison): string => plotText(`${a} − ${b}`);
  const data: ScatterTrace[] = [
    {
      type: 'scatter',
      mode: 'markers',
      name: metricLabel(metric),
      x: drawn.map(({ difference }) => finiteOrNull(difference)),
      y: drawn.map(name),
      marker: { color: drawn.map(({ a }) => looks.get(a)?.colour ?? NEUTRAL), size: 10, symbol: 'square' },
      error_x: {
        type: 'data',
        symmetric: false,
        array: drawn.map(({ difference, high }) => finiteOrNull(high - difference)),
        arrayminus: drawn.map(({ difference, low }) => finiteOrNull(difference - low)),
        color: NEUTRAL,
        thickness: 2,
        width: 5,
      },
      hovertext: drawn.map(
        (comparison) =>
          `${name(comparison)}: ${formatDifferenceInterval(comparison)}, ${formatProbability(comparison.p)}`,
      ),
      hoverinfo: 'text',
    },
  ];
  return {
    data,
    layout: figureLayout({
      title: `Paired differences in ${metricLabel(metric)}`,
      subtitle: 'over the same queries, with 95 % bootstrap interval; right of zero the first is better',
      x: { title: { text: `difference in ${metricLabel(metric)}` }, zeroline: true },
      y: {
        type: 'category',
        autorange: 'reversed',
        categoryorder: 'array',
        categoryarray: drawn.map(name),
        showgrid: false,
      },
      height: 140 + 32 * Math.max(2, drawn.length),
      more: {
        showlegend: false,
        shapes: [
          { type: 'line', xref: 'x', x0: 0, x1: 0, yref: 'paper', y0: 0, y1: 1, line: { color: NEUTRAL, width: 1.5 } },
        ],
      },
    }),
  };
}
