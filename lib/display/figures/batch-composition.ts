/**
 * Share of each role, or of each data set, over the batches of training, beside the share that was asked for.
 */
import type { SetComposition } from '../../batches/composition.js';
import type { Report } from '../../evaluation/report.js';
import { type BarTrace, type Figure, finiteOrNull, plotText } from '../figure.js';
import { formatPercent } from '../format.js';
import { NEUTRAL, ROLE_COLOURS, setColours } from '../palette.js';
import { figureLayout } from './layout.js';

export type BatchComposition = NonNullable<Report['batches']>;

/**
 * Share of each role, or of each data set, over the batches, beside the share that was asked for.
 *
 * @param title what batches are meant, where not all
 */
export function batchCompositionFigure(
  batches: BatchComposition | readonly SetComposition[],
  title: string = 'Composition of the batches',
): Figure {
  const names = batches.map((part) => ('set' in part ? part.set : part.role));
  const isByRole = batches.every((part) => 'role' in part);
  const colours = isByRole ? new Map<string, string>(Object.entries(ROLE_COLOURS)) : setColours(names);
  const labels = names.map(plotText);
  const bars = (name: string, color: string | string[], values: number[]): BarTrace => ({
    type: 'bar',
    name,
    x: labels,
    y: values.map(finiteOrNull),
    marker: { color },
    text: values.map((value) => formatPercent(value, 0)),
    textposition: 'outside',
    cliponaxis: false,
    hovertext: values.map((value, i) => `${labels[i]}: ${name} ${formatPercent(value)}`),
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
        names.map((part) => colours.get(part) ?? NEUTRAL),
        batches.map(({ actual }) => actual),
      ),
    ],
    layout: figureLayout({
      title,
      subtitle: 'grey: target; coloured: in the batches',
      x: { title: { text: isByRole ? 'role of the topic' : 'data set' }, type: 'category' },
      y: { title: { text: 'share of the pairs' }, rangemode: 'tozero', tickformat: '.0%' },
      more: { barmode: 'group', bargap: 0.3, showlegend: false },
    }),
  };
}
