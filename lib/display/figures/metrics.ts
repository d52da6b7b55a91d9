/**
 * Every metric of every system with its interval: points beside each other, one group a metric.
 */
import type { SystemReport } from '../../evaluation/report.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatMetric, metricLabel } from '../format.js';
import { systemLooks } from '../palette.js';
import { intervalBars } from './interval-bars.js';
import { figureLayout } from './layout.js';

/**
 * Every metric of every system with its interval.
 *
 * @param metrics default: all but precision, which is recall / k where each query has one relevant document, and whose
 *   small values would press the others together
 */
export function metricsFigure(
  systems: readonly SystemReport[],
  metrics: readonly string[] = metricNames(systems).filter((name) => !name.startsWith('precision@')),
): Figure {
  const looks = systemLooks(systems);
  const spread = Math.min(0.16, 0.7 / Math.max(1, systems.length));
  const data = systems.map((system, nth): ScatterTrace => {
    const look = looks.get(system.name)!;
    const values = metrics.map((metric) => system.metrics[metric]);
    return {
      type: 'scatter',
      mode: 'markers',
      name: plotText(system.name),
      x: metrics.map((_, i) => i + (nth - (systems.length - 1) / 2) * spread),
      y: values.map((metric) => finiteOrNull(metric?.value)),
      marker: { color: look.colour, symbol: look.symbol, size: 9 },
      error_y: intervalBars(values, look.colour, 1.75),
      hovertext: metrics.map(
        (metric, i) => `${plotText(system.name)}: ${metricLabel(metric)} ${formatMetric(values[i])}`,
      ),
      hoverinfo: 'text',
    };
  });
  return {
    data,
    layout: figureLayout({
      title: 'Metrics of all systems',
      subtitle: 'mean over the queries with 95 % bootstrap interval',
      x: {
        tickvals: metrics.map((_, i) => i),
        ticktext: metrics.map(metricLabel),
        range: [-0.5, Math.max(1, metrics.length) - 0.5],
        showgrid: false,
      },
      y: { title: { text: 'value' }, zeroline: false },
      height: 400,
    }),
  };
}

/** Names of the metrics that any of the systems has, in the order of the first. */
export function metricNames(systems: readonly SystemReport[]): string[] {
  return [...new Set(systems.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/** MRR at 10, or at whatever rank it was asked for, the one nearest to 10; without MRR the first. Null of none. */
export function headlineMetric(names: readonly string[]): string | null {
  const distance = (name: string): number => Math.abs(Math.log(Number(name.slice('mrr@'.length)) / 10));
  const [nearest] = names.filter((name) => name.startsWith('mrr@')).sort((a, b) => distance(a) - distance(b));
  return nearest ?? names[0] ?? null;
}
