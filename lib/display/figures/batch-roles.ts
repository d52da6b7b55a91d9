/**
 * What each batch of an epoch is made of: pairs by role, in the order of training. Batches on target come first.
 */
import { ROLES } from '../../config/config.js';
import { agreeing } from '../../core/quantity.js';
import { type Figure, plotText } from '../figure.js';
import { formatCount, formatQuantity } from '../format.js';
import { NEUTRAL, ROLE_COLOURS } from '../palette.js';
import { figureLayout } from './layout.js';

/**
 * Pairs of each batch by role, one stacked bar a batch.
 *
 * @param pairsByBatch pairs of each role in each batch
 * @param batchesOnTarget batches, the first ones, that have every role at its target
 */
export function batchRolesFigure(pairsByBatch: Record<string, readonly number[]>, batchesOnTarget: number): Figure {
  const roles = ROLES.filter((role) => pairsByBatch[role]);
  const batches = Math.max(0, ...roles.map((role) => pairsByBatch[role]?.length ?? 0));
  const line = batchesOnTarget > 0 && batchesOnTarget < batches;
  return {
    data: roles.map((role) => ({
      type: 'bar',
      name: plotText(role),
      x: Array.from({ length: batches }, (_, i) => i + 1),
      y: [...(pairsByBatch[role] ?? [])],
      width: 0.85,
      marker: { color: ROLE_COLOURS[role] },
      hovertext: (pairsByBatch[role] ?? []).map(
        (pairs, i) => `batch ${i + 1}: ${formatQuantity(pairs, 'pairs')}, ${role}`,
      ),
      hoverinfo: 'text',
    })),
    layout: figureLayout({
      title: 'Batches of an epoch by role',
      subtitle:
        batchesOnTarget === batches
          ? 'every batch has the target shares'
          : `${batchesOnTarget === 1 ? 'the first' : `the first ${formatCount(batchesOnTarget)}`} of ${formatCount(batches)} ${agreeing(batchesOnTarget, 'has', 'have')} the target shares${line ? ' (left of the dashed line)' : ''}`,
      x: { title: { text: 'batch' }, tickformat: 'd', ...(batches <= 20 ? { dtick: 1 } : {}) },
      y: { title: { text: 'pairs' }, rangemode: 'tozero', tickformat: ',d' },
      more: {
        barmode: 'stack',
        showlegend: true,
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
