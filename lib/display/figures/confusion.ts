/**
 * Confusion by topic: of the queries of a topic (row), the share whose first document is of which topic (column).
 */
import type { TopicConfusion } from '../../evaluation/report.js';
import { type Figure, plotText } from '../figure.js';
import { formatCount, formatPercent, formatQuantity } from '../format.js';
import { SEQUENTIAL_SCALE } from '../palette.js';
import { figureLayout } from './layout.js';

/** Heatmap of the topics of queries against those of the first document found. */
export function confusionFigure({ system, rows, columns, counts }: TopicConfusion): Figure {
  const totals = rows.map((_, r) => (counts[r] ?? []).reduce((sum, count) => sum + count, 0));
  const share = (r: number, c: number): number | null => (totals[r] ? (counts[r]?.[c] ?? 0) / totals[r] : null);
  return {
    data: [
      {
        type: 'heatmap',
        name: plotText(system),
        x: columns.map(plotText),
        y: rows.map(plotText),
        z: rows.map((_, r) => columns.map((_, c) => share(r, c))),
        zmin: 0,
        zmax: 1,
        colorscale: SEQUENTIAL_SCALE,
        colorbar: {
          title: { text: 'share of the row', side: 'right', font: { size: 12 } },
          tickformat: '.0%',
          thickness: 13,
          outlinewidth: 0,
        },
        text: rows.map((_, r) => columns.map((_, c) => (counts[r]?.[c] ? formatCount(counts[r][c]) : ''))),
        texttemplate: '%{text}',
        hovertext: rows.map((row, r) =>
          columns.map(
            (column, c) =>
              `${formatCount(counts[r]?.[c] ?? 0)} of ${formatQuantity(totals[r], 'queries')} of ${plotText(row)} find ${plotText(column)} first (${formatPercent(share(r, c))})`,
          ),
        ),
        hoverinfo: 'text',
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: figureLayout({
      title: `Topic of the first document: ${plotText(system)}`,
      subtitle: 'numbers are queries',
      x: { title: { text: 'topic of the first document found' }, type: 'category', showgrid: false },
      y: { title: { text: 'topic of the query' }, type: 'category', autorange: 'reversed', showgrid: false },
      height: 175 + 30 * Math.max(3, rows.length),
    }),
  };
}
