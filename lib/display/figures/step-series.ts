/**
 * A quantity over the optimizer steps: its values, faint, and, once there are enough, their moving average.
 */
import { quantity } from '../../core/quantity.js';
import type { TrainingStep } from '../../evaluation/report.js';
import { finiteOrNull, type ScatterTrace } from '../figure.js';
import { formatNumber } from '../format.js';

/** From here on single steps are noise to the eye. */
export const SMOOTH_FROM = 40;
/** With fewer steps than these each is a dot: a line of one point cannot be seen. */
const LINE_FROM = 30;

export interface StepSeries {
  name: string;
  colour: string;
  value: (step: TrainingStep) => number;
  /** Adds the moving average. */
  smooth?: boolean;
}

export function stepTraces(steps: readonly TrainingStep[], series: StepSeries): ScatterTrace[] {
  const x = steps.map(({ step }) => step);
  const values = steps.map((step) => finiteOrNull(series.value(step)));
  const smooth = series.smooth === true && steps.length >= SMOOTH_FROM;
  const trace = (name: string, y: (number | null)[], look: Partial<ScatterTrace>): ScatterTrace => ({
    type: 'scatter',
    mode: steps.length < LINE_FROM ? 'lines+markers' : 'lines',
    name,
    x,
    y,
    line: { color: series.colour, width: 2 },
    marker: { color: series.colour, size: 5 },
    cliponaxis: false,
    hovertext: y.map((value, i) => `step ${x[i]}: ${name} ${formatNumber(value)}`),
    hoverinfo: 'text',
    ...look,
  });
  if (!smooth) return [trace(series.name, values, {})];
  const window = averagingWindow(steps.length);
  return [
    trace(series.name, values, { opacity: 0.55, line: { color: series.colour, width: 1 } }),
    trace(`mean of ${quantity(window, 'steps')}`, movingAverage(values, window), {
      line: { color: series.colour, width: 2.5 },
    }),
  ];
}

/** Odd, about a twentieth of the run. */
export function averagingWindow(steps: number): number {
  return 2 * Math.round(Math.min(50, steps / 20) / 2) + 1;
}

/** Centred mean over `window` values, over those that exist at the ends and around gaps. */
export function movingAverage(values: readonly (number | null)[], window: number): (number | null)[] {
  const half = Math.floor(window / 2);
  return values.map((value, i) => {
    if (value === null) return null;
    const near = values.slice(Math.max(0, i - half), i + half + 1).filter((other): other is number => other !== null);
    return near.reduce((sum, other) => sum + other, 0) / near.length;
  });
}
