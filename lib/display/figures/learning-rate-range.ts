/** The loss over a rising learning rate, and the rate that it suggests. */
import type { RangeTest } from '../../training/learning-rate-range.js';
import { type Figure, finiteOrNull, type ScatterTrace } from '../figure.js';
import { formatNumber } from '../format.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';

/** The loss of a learning-rate range test against the rate, with the suggested rate. */
export function learningRateRangeFigure({ points, suggestion }: RangeTest): Figure {
  const x = points.map(({ learningRate }) => learningRate);
  const curve = (name: string, y: number[], look: Partial<ScatterTrace>): ScatterTrace => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y: y.map(finiteOrNull),
    hovertext: y.map((value, i) => `rate ${formatNumber(x[i])}: ${name} ${formatNumber(value)}`),
    hoverinfo: 'text',
    ...look,
  });
  const loss = points.map((point) => point.loss);
  const smoothed = points.map((point) => point.smoothed);
  const chosen = points.find(({ learningRate }) => learningRate === suggestion);
  const mark: ScatterTrace[] = chosen
    ? [
        {
          type: 'scatter',
          mode: 'markers',
          name: `suggestion ${formatNumber(suggestion)}`,
          x: [chosen.learningRate],
          y: [finiteOrNull(chosen.smoothed)],
          marker: { color: OKABE_ITO.vermillion, size: 11, symbol: 'diamond' },
          hovertext: [`suggestion: ${formatNumber(suggestion)}`],
          hoverinfo: 'text',
        },
      ]
    : [];
  return {
    data: [
      curve('loss', loss, { opacity: 0.55, line: { color: OKABE_ITO.blue, width: 1 } }),
      curve('smoothed', smoothed, { line: { color: OKABE_ITO.blue, width: 2.5 } }),
      ...mark,
    ],
    layout: figureLayout({
      title: 'Learning-rate range test',
      subtitle:
        suggestion === null ? 'the loss never falls' : 'the suggestion is where the smoothed loss falls most steeply',
      x: { title: { text: 'learning rate' }, type: 'log' },
      y: { title: { text: 'loss [nats]' }, rangemode: 'tozero' },
    }),
  };
}
