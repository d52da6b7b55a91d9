/**
 * Cosines of queries with their relevant documents (solid) and with others (dotted), by system: the less the two
 * overlap, the easier the ranking.
 */
import type { EmbeddingReport, SystemReport } from '../../evaluation/report.js';
import { type Figure, plotText, type ScatterTrace } from '../figure.js';
import { formatPercent } from '../format.js';
import { NEUTRAL, systemLooks } from '../palette.js';
import { figureLayout } from './layout.js';

/** @param systems give the curves their looks */
export function similarityHistogramFigure(
  embeddings: readonly EmbeddingReport[],
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
): Figure {
  const looks = systemLooks(systems);
  const data = embeddings.flatMap(({ system, histogram }): ScatterTrace[] => {
    const colour = looks.get(system)?.colour ?? NEUTRAL;
    return (['relevant', 'other'] as const).map((kind) => {
      const counts = histogram[kind];
      const total = counts.reduce((sum, count) => sum + count, 0) || 1;
      // outside the bins that hold anything the curve would only run along the axis
      const first = Math.max(0, counts.findIndex(Boolean) - 1);
      const last = counts.reduce((found, count, i) => (count > 0 ? i : found), 0) + 2;
      const middles = histogram.binStarts.slice(first, last).map((start) => start + histogram.binWidth / 2);
      const shares = counts.slice(first, last).map((count) => count / total);
      const name = `${system}, ${kind === 'relevant' ? 'relevant' : 'others'}`;
      return {
        type: 'scatter',
        mode: 'lines',
        name: plotText(name),
        x: middles,
        y: shares,
        line: { color: colour, width: 2, dash: kind === 'relevant' ? 'solid' : 'dot' },
        hovertext: middles.map((middle, i) => `${plotText(name)}: ${formatPercent(shares[i])} at ${middle.toFixed(2)}`),
        hoverinfo: 'text',
      };
    });
  });
  return {
    data,
    layout: figureLayout({
      title: 'Similarity of queries with relevant and other documents',
      x: { title: { text: 'cosine similarity' }, zeroline: false },
      y: { title: { text: 'share of the pairs' }, rangemode: 'tozero', tickformat: '.0%' },
    }),
  };
}
