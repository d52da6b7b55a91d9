/**
 * The state of a training as numbers, one below the other: the panel beside its curves.
 */
import type { TrainingStep, ValidationPoint } from '../../evaluation/report.js';
import type { Annotation, Axis, Figure } from '../figure.js';
import { formatCount, formatDuration, formatNumber, formatShare } from '../format.js';
import { figureLayout } from './layout.js';

/** Steps that speed is averaged over. */
const RECENT = 10;
const HIDDEN: Axis = { visible: false, range: [0, 1], showgrid: false, zeroline: false, tickvals: [] };

export interface TrainingProgress {
  /** Steps of the whole run. */
  totalSteps?: number;
  /** Seconds; null where it cannot be told yet. */
  secondsLeft?: number | null;
}

/** Step, loss, best validation, tokens a second and time left. */
export function trainingNumbersFigure(
  { steps, validations }: { steps: readonly TrainingStep[]; validations: readonly ValidationPoint[] },
  { totalSteps, secondsLeft = null }: TrainingProgress = {},
): Figure {
  const last = steps.at(-1);
  const recent = steps.slice(-RECENT);
  const speed = recent.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0) / recent.length;
  const known = validations.filter(({ mrr }) => Number.isFinite(mrr));
  const best = known.reduce<ValidationPoint | null>((a, b) => (a && a.mrr >= b.mrr ? a : b), null);
  const finished = last !== undefined && last.step === totalSteps;
  const rows = [
    ['step', `${formatCount(last?.step ?? 0)}${totalSteps ? ` of ${formatCount(totalSteps)}` : ''}`],
    ['loss', formatNumber(last?.loss)],
    [
      'best',
      best ? `${formatShare(best.mrr)}, ${best.step === 0 ? 'untuned' : `step ${formatCount(best.step)}`}` : '–',
    ],
    ['tokens/s', formatCount(speed)],
    ['time left', finished ? 'finished' : formatDuration(secondsLeft)],
  ];
  const line = (text: string, nth: number, side: 'left' | 'right'): Annotation => ({
    text,
    xref: 'paper',
    yref: 'paper',
    x: side === 'left' ? 0 : 1,
    y: 1 - (nth + 0.5) / rows.length,
    xanchor: side,
    yanchor: 'middle',
    showarrow: false,
    font: { size: 13 },
  });
  const annotations = rows.flatMap(([label = '', value = ''], i) => [
    line(label, i, 'left'),
    line(`<b>${value}</b>`, i, 'right'),
  ]);
  return {
    // without a trace Plotly makes no axes to place the lines on
    data: [
      { type: 'scatter', mode: 'markers', name: 'numbers', x: [null], y: [null], hoverinfo: 'skip', showlegend: false },
    ],
    layout: figureLayout({ title: 'At a glance', x: HIDDEN, y: HIDDEN, more: { annotations } }),
  };
}
