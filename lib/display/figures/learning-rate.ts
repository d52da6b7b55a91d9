/**
 * Learning rate over the optimizer steps: warm-up and decay.
 */
import type { TrainingStep } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { stepRange } from './loss.js';
import { stepTraces } from './step-series.js';

/** @param totalSteps keeps the axis still while a run is drawn live */
export function learningRateFigure(steps: readonly TrainingStep[], totalSteps?: number): Figure {
  return {
    data: stepTraces(steps, {
      name: 'learning rate',
      colour: OKABE_ITO.green,
      value: ({ learningRate }) => learningRate,
    }),
    layout: figureLayout({
      title: 'Learning rate',
      x: { title: { text: 'optimizer step' }, ...stepRange(totalSteps) },
      y: { title: { text: 'learning rate' }, rangemode: 'tozero' },
    }),
  };
}
