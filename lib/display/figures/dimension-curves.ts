/**
 * Quality against the length of embeddings that are truncated to their first dimensions, one curve per system.
 */
import { quantity } from '../../core/quantity.js';
import type { DimensionCurve, SystemReport } from '../../evaluation/report.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatMetric, metricLabel } from '../format.js';
import { NEUTRAL, systemLooks } from '../palette.js';
import { intervalBars } from './interval-bars.js';
import { figureLayout } from './layout.js';

/** @param systems give the curves their looks */
export function dimensionCurvesFigure(
  curves: readonly DimensionCurve[],
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
  metric: string,
): Figure {
  const looks = systemLooks(systems);
  const lengths = [...new Set(curves.flatMap(({ dimensions }) => dimensions))].sort((a, b) => a - b);
  const data = curves.map((curve): ScatterTrace => {
    const look = looks.get(curve.system) ?? { colour: NEUTRAL, dash: 'dot', symbol: 'circle' };
    const values = curve.dimensions.map((_, i) => curve.metrics[metric]?.[i]);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: plotText(curve.system),
      x: curve.dimensions,
      y: values.map((value) => finiteOrNull(value?.value)),
      line: { color: look.colour, width: 2.25, dash: look.dash },
      marker: { color: look.colour, symbol: look.symbol, size: 7 },
      error_y: intervalBars(values, look.colour, 1.25),
      hovertext: curve.dimensions.map(
        (length, i) =>
          `${plotText(curve.system)}, ${quantity(length, 'numbers')}: ${metricLabel(metric)} ${formatMetric(values[i])}`,
      ),
      hoverinfo: 'text',
    };
  });
  return {
    data,
    layout: figureLayout({
      title: 'Quality against the length of the embeddings',
      subtitle: 'first numbers of each embedding, scaled to unit length again; exact search',
      x: { title: { text: 'dimensions (log scale)' }, type: 'log', tickvals: lengths, ticktext: lengths.map(String) },
      y: { title: { text: metricLabel(metric) }, zeroline: false },
    }),
  };
}
