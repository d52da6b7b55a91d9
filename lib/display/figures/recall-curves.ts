/**
 * Recall at rising k, one curve a system, over the logarithm of k: the first ranks are what a reader sees.
 */
import type { RecallCurve, SystemReport } from '../../evaluation/report.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatShare } from '../format.js';
import { NEUTRAL, systemLooks } from '../palette.js';
import { figureLayout } from './layout.js';

/**
 * Recall at rising k, one curve a system.
 *
 * @param systems give the curves their looks
 */
export function recallCurvesFigure(
  curves: readonly RecallCurve[],
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
): Figure {
  const looks = systemLooks(systems);
  const ks = [...new Set(curves.flatMap(({ k }) => k))].sort((a, b) => a - b);
  const data = curves.map((curve): ScatterTrace => {
    const look = looks.get(curve.system) ?? { colour: NEUTRAL, dash: 'dot', symbol: 'circle' };
    return {
      type: 'scatter',
      mode: curve.k.length > 25 ? 'lines' : 'lines+markers',
      name: plotText(curve.system),
      x: curve.k,
      y: curve.recall.map(finiteOrNull),
      line: { color: look.colour, width: 2.25, dash: look.dash },
      marker: { color: look.colour, symbol: look.symbol, size: 6.5 },
      hovertext: curve.k.map((k, i) => `${plotText(curve.system)}: recall@${k} ${formatShare(curve.recall[i])}`),
      hoverinfo: 'text',
    };
  });
  return {
    data,
    layout: figureLayout({
      title: 'Recall at k',
      x: { title: { text: 'k, documents looked at (log scale)' }, type: 'log', ...logTicks(ks) },
      y: { title: { text: 'recall@k' }, zeroline: false },
    }),
  };
}

/** The ks themselves as ticks, without those too close to their neighbour to be told apart on a log axis. */
function logTicks(ks: readonly number[]): { tickvals: number[]; ticktext: string[] } {
  const span = Math.log((ks.at(-1) ?? 1) / (ks[0] ?? 1));
  const round = ks.length > 8 ? ks.filter((k) => /^[125]0*$/.test(String(k))) : ks;
  const kept: number[] = [];
  for (const k of round) if (kept.length === 0 || Math.log(k / kept.at(-1)!) >= span / 14) kept.push(k);
  return { tickvals: kept, ticktext: kept.map(String) };
}
