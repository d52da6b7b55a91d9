/**
 * What each batch of an epoch is made of: pairs by role, or by data set, in the order of training. Batches on target come
 * first.
 */
import { ROLES } from '../../config/config.js';
import { agreeing } from '../../core/quantity.js';
import { type Figure, plotText } from '../figure.js';
import { formatCount, formatQuantity } from '../format.js';
import { isRole, NEUTRAL, ROLE_COLOURS, setColours } from '../palette.js';
import { figureLayout } from './layout.js';

/**
 * Pairs of each batch by role, or by data set, one stacked bar a batch.
 *
 * @param pairsByBatch pairs of each role, or of each data set, in each batch
 * @param batchesOnTarget batches, the first ones, that have every role, or every data set, at its target
 */
export function batchRolesFigure(pairsByBatch: Record<string, readonly number[]>, batchesOnTarget: number): Figure {
  const names = Object.keys(pairsByBatch);
  const isByRole = names.every(isRole);
  const parts = isByRole ? ROLES.filter((role) => pairsByBatch[role]) : names;
  const colours = isByRole ? new Map<string, string>(Object.entries(ROLE_COLOURS)) : setColours(parts);
  const batches = Math.max(0, ...parts.map((part) => pairsByBatch[part]?.length ?? 0));
  const hasShares = isByRole || parts.length > 1;
  const line = hasShares && batchesOnTarget > 0 && batchesOnTarget < batches;
  return {
    data: parts.map((part) => ({
      type: 'bar',
      name: plotText(part),
      x: Array.from({ length: batches }, (_, i) => i + 1),
      y: [...(pairsByBatch[part] ?? [])],
      width: 0.85,
      marker: { color: colours.get(part) as string },
      hovertext: (pairsByBatch[part] ?? []).map(
        (pairs, i) => `batch ${i + 1}: ${formatQuantity(pairs, 'pairs')}, ${plotText(part)}`,
      ),
      hoverinfo: 'text',
    })),
    layout: figureLayout({
      title: isByRole ? 'Batches of an epoch by role' : `Batches of an epoch${parts.length > 1 ? ' by data set' : ''}`,
      ...(hasShares ? { subtitle: describeTarget(batches, batchesOnTarget, line) } : {}),
      x: { title: { text: 'batch' }, tickformat: 'd', ...(batches <= 20 ? { dtick: 1 } : {}) },
      y: { title: { text: 'pairs' }, rangemode: 'tozero', tickformat: ',d' },
      more: {
        barmode: 'stack',
        showlegend: hasShares,
        shapes: line
          ? [
              {
                type: 'line',
                xref: 'x',
                x0: batchesOnTarget + 0.5,
                x1: batchesOnTarget + 0.5,
                yref: 'paper',
                y0: 0,
                y1: 1,
                line: { color: NEUTRAL, width: 1.5, dash: 'dash' },
              },
            ]
          : [],
      },
    }),
  };
}

/** "the first 3 of 5 have the target shares (left of the dashed line)" */
function describeTarget(batches: number, onTarget: number, line: boolean): string {
  if (onTarget === batches) return 'every batch has the target shares';
  if (onTarget === 0) return 'no batch has the target shares';
  const first = onTarget === 1 ? 'the first' : `the first ${formatCount(onTarget)}`;
  return `${first} of ${formatCount(batches)} ${agreeing(onTarget, 'has', 'have')} the target shares${line ? ' (left of the dashed line)' : ''}`;
}
