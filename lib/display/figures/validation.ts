/**
 * Mean reciprocal rank on the validation papers over the training; the best is the adapter that is kept.
 */
import type { ValidationPoint } from '../../evaluation/report.js';
import { type Axis, type Figure, finiteOrNull } from '../figure.js';
import { formatShare } from '../format.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { stepRange } from './loss.js';

/** @param totalSteps keeps the axis still while a run is drawn live */
export function validationFigure(points: readonly ValidationPoint[], totalSteps?: number): Figure {
  const known = points.filter(({ mrr }) => Number.isFinite(mrr));
  const best = known.length > 0 ? known.reduce((a, b) => (b.mrr > a.mrr ? b : a)) : null;
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'validation MRR',
        x: points.map(({ step }) => step),
        y: points.map(({ mrr }) => finiteOrNull(mrr)),
        line: { color: OKABE_ITO.purple, width: 2 },
        marker: { color: OKABE_ITO.purple, size: 8 },
        cliponaxis: false,
        hovertext: points.map(({ step, mrr }) => `step ${step}: MRR ${formatShare(mrr)}`),
        hoverinfo: 'text',
      },
    ],
    layout: figureLayout({
      title: 'Validation',
      ...(best ? { subtitle: `best: ${formatShare(best.mrr)} at step ${best.step}` } : {}),
      x: { title: { text: 'optimizer step' }, ...stepRange(totalSteps) },
      y: { title: { text: 'mean reciprocal rank' }, ...scoreAxis(known.map(({ mrr }) => mrr)) },
    }),
  };
}

/**
 * A little more than the scores take, so that equal ones are a line in the middle and not at an edge. Not as a range,
 * which would undo the reader's zoom whenever it changes.
 */
function scoreAxis(scores: readonly number[]): Axis {
  if (scores.length === 0) return { range: [0, 1] };
  const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
  const room = Math.max(0.02, 0.25 * (highest - lowest));
  const [low, high] = [Math.max(0, lowest - room), Math.min(1.02, highest + room)];
  return { autorangeoptions: { include: [low, high], clipmin: low, clipmax: high } };
}
