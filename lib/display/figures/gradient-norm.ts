/**
 * Global gradient norm before clipping over the optimizer steps, with the norm that clipping allows.
 */
import type { TrainingStep } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { formatNumber } from '../format.js';
import { NEUTRAL, OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { stepRange } from './loss.js';
import { stepTraces } from './step-series.js';

/** @param maxGradientNorm gradients above it are scaled down to it  @param totalSteps keeps the axis still in a live run */
export function gradientNormFigure(
  steps: readonly TrainingStep[],
  maxGradientNorm: number,
  totalSteps?: number,
): Figure {
  return {
    data: stepTraces(steps, {
      name: 'gradient norm',
      colour: OKABE_ITO.vermillion,
      value: ({ gradientNorm }) => gradientNorm,
      smooth: true,
    }),
    layout: figureLayout({
      title: 'Gradient norm',
      subtitle: `dashed: clipped to ${formatNumber(maxGradientNorm)}`,
      x: { title: { text: 'optimizer step' }, ...stepRange(totalSteps) },
      y: { title: { text: 'L2 norm before clipping' }, rangemode: 'tozero' },
      more: {
        shapes: [
          {
            type: 'line',
            xref: 'paper',
            x0: 0,
            x1: 1,
            yref: 'y',
            y0: maxGradientNorm,
            y1: maxGradientNorm,
            line: { color: NEUTRAL, width: 1.5, dash: 'dash' },
          },
        ],
      },
    }),
  };
}
