/**
 * One metric of every system by the words that a query shares with its answer: a lexical system falls where they are few.
 */
import type { OverlapMetrics, OverlapThird, SystemReport } from '../../evaluation/report.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatMetric, formatPercent, formatQuantity, metricLabel } from '../format.js';
import { systemLooks } from '../palette.js';
import { intervalBars } from './interval-bars.js';
import { figureLayout } from './layout.js';

export const THIRD_WORDS: Record<OverlapThird, string> = { low: 'lowest', middle: 'middle', high: 'highest' };

/** "25–80 %", "100 %": the shares of shared words in a third. */
export function overlapRange({ from, to }: Pick<OverlapMetrics, 'from' | 'to'>): string {
  const [low, high] = [formatPercent(from, 0), formatPercent(to, 0)];
  return low === high ? low : `${low.replace(' %', '')}–${high}`;
}

/** Points with intervals, one group a third of the queries. @param systems give the points their looks */
export function lexicalOverlapFigure(
  parts: readonly OverlapMetrics[],
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
  metric: string,
): Figure {
  const looks = systemLooks(systems);
  const spread = Math.min(0.12, 0.6 / Math.max(1, systems.length));
  const thirds = [...new Map(parts.map((part) => [part.third, part])).values()];
  const data = systems.map(({ name }, nth): ScatterTrace => {
    const look = looks.get(name)!;
    const found = thirds.map(({ third }) => parts.find((part) => part.third === third && part.system === name));
    const values = found.map((part) => part?.metrics[metric]);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: plotText(name),
      x: thirds.map((_, i) => i + (nth - (systems.length - 1) / 2) * spread),
      y: values.map((value) => finiteOrNull(value?.value)),
      line: { color: look.colour, width: 2, dash: look.dash },
      marker: { color: look.colour, symbol: look.symbol, size: 9 },
      error_y: intervalBars(values, look.colour, 1.75),
      hovertext: thirds.map(
        (part, i) =>
          `${plotText(name)}: ${metricLabel(metric)} ${formatMetric(values[i])}, ${formatQuantity(part.queries, 'queries')}`,
      ),
      hoverinfo: 'text',
    };
  });
  return {
    data,
    layout: figureLayout({
      title: `${metricLabel(metric)} by lexical overlap`,
      subtitle: 'share of the content words of a query that its answer has; 95 % intervals',
      x: {
        tickvals: thirds.map((_, i) => i),
        ticktext: thirds.map((part) => `${THIRD_WORDS[part.third]} third<br>${overlapRange(part)}`),
        range: [-0.5, thirds.length - 0.5],
        showgrid: false,
      },
      y: { title: { text: metricLabel(metric) }, zeroline: false },
    }),
  };
}
