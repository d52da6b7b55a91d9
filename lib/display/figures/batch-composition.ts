/**
 * Share of each role over the batches of training, beside the share that was asked for.
 */
import { ROLES, type Role } from '../../config/config.js';
import type { Report } from '../../evaluation/report.js';
import { type BarTrace, type Figure, finiteOrNull, plotText } from '../figure.js';
import { formatPercent } from '../format.js';
import { NEUTRAL, ROLE_COLOURS } from '../palette.js';
import { figureLayout } from './layout.js';

export type BatchComposition = NonNullable<Report['batches']>;

/**
 * Share of each role over the batches, beside the share that was asked for.
 *
 * @param title what batches are meant, where not all
 */
export function batchCompositionFigure(
  batches: BatchComposition,
  title: string = 'Composition of the batches',
): Figure {
  const roles = batches.map(({ role }) => plotText(role));
  const bars = (name: string, color: string | string[], values: number[]): BarTrace => ({
    type: 'bar',
    name,
    x: roles,
    y: values.map(finiteOrNull),
    marker: { color },
    text: values.map((value) => formatPercent(value, 0)),
    textposition: 'outside',
    cliponaxis: false,
    hovertext: values.map((value, i) => `${roles[i]}: ${name} ${formatPercent(value)}`),
    hoverinfo: 'text',
  });
  return {
    data: [
      bars(
        'target',
        'rgba(128,128,128,0.45)',
        batches.map(({ target }) => target),
      ),
      bars(
        'in the batches',
        batches.map(({ role }) => (isRole(role) ? ROLE_COLOURS[role] : NEUTRAL)),
        batches.map(({ actual }) => actual),
      ),
    ],
    layout: figureLayout({
      title,
      subtitle: 'grey: target; coloured: in the batches',
      x: { title: { text: 'role of the topic' }, type: 'category' },
      y: { title: { text: 'share of the pairs' }, rangemode: 'tozero', tickformat: '.0%' },
      more: { barmode: 'group', bargap: 0.3, showlegend: false },
    }),
  };
}

function isRole(role: string): role is Role {
  return (ROLES as readonly string[]).includes(role);
}
