/**
 * The trainings of several runs over each other: loss and validation, a colour for each run.
 */
import type { TrainingStep, ValidationPoint } from '../../evaluation/report.js';
import { tint } from '../colour.js';
import { type Figure, finiteOrNull, plotText, type ScatterTrace } from '../figure.js';
import { formatNumber, formatShare } from '../format.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { averagingWindow, movingAverage, SMOOTH_FROM } from './step-series.js';

export interface RunCurves {
  name: string;
  steps: readonly TrainingStep[];
  validations: readonly ValidationPoint[];
}

const { blue, vermillion, green, purple, orange, skyBlue } = OKABE_ITO;
const COLOURS = [blue, vermillion, green, purple, orange, skyBlue];
const DASHES = ['solid', 'dash', 'dot', 'dashdot'] as const;

/** Each loss as its moving average, which is what can be told apart. */
export function runLossFigure(runs: readonly RunCurves[]): Figure {
  const smoothed = runs.some(({ steps }) => steps.length >= SMOOTH_FROM);
  const data = runs.map(({ name, steps }, i) => {
    const values = steps.map(({ loss }) => finiteOrNull(loss));
    const y = steps.length < SMOOTH_FROM ? values : movingAverage(values, averagingWindow(steps.length));
    const x = steps.map(({ step }) => step);
    return curve(name, i, x, y, (value) => `loss ${formatNumber(value)}`);
  });
  return {
    data,
    layout: figureLayout({
      title: 'Training loss',
      ...(smoothed ? { subtitle: 'moving averages' } : {}),
      x: { title: { text: 'optimizer step' }, tickformat: ',d' },
      y: { title: { text: 'loss [nats]' }, rangemode: 'tozero' },
    }),
  };
}

export function runValidationFigure(runs: readonly RunCurves[]): Figure {
  const data = runs.map(({ name, validations }, i) => ({
    ...curve(
      name,
      i,
      validations.map(({ step }) => step),
      validations.map(({ mrr }) => finiteOrNull(mrr)),
      (value) => `MRR ${formatShare(value)}`,
    ),
    mode: 'lines+markers' as const,
    marker: { color: colourOf(i), size: 7 },
  }));
  return {
    data,
    layout: figureLayout({
      title: 'Validation',
      x: { title: { text: 'optimizer step' }, tickformat: ',d' },
      y: { title: { text: 'mean reciprocal rank' } },
    }),
  };
}

function curve(
  name: string,
  nth: number,
  x: number[],
  y: (number | null)[],
  told: (value: number | null) => string,
): ScatterTrace {
  const label = plotText(name);
  return {
    type: 'scatter',
    mode: 'lines',
    name: label,
    x,
    y,
    line: { color: colourOf(nth), width: 2, dash: DASHES[Math.floor(nth / COLOURS.length) % DASHES.length] },
    hovertext: y.map((value, i) => `${label}, step ${x[i]}: ${told(value)}`),
    hoverinfo: 'text',
  };
}

function colourOf(nth: number): string {
  const colour = COLOURS[nth % COLOURS.length] as string;
  return nth < COLOURS.length ? colour : tint(colour, 0.35);
}
