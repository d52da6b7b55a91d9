/**
 * Contrastive loss over the optimizer steps.
 */
import type { TrainingStep } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { stepTraces } from './step-series.js';

/** @param totalSteps keeps the axis still while a run is drawn live */
export function lossFigure(steps: readonly TrainingStep[], totalSteps?: number): Figure {
  return {
    data: stepTraces(steps, { name: 'loss', colour: OKABE_ITO.blue, value: ({ loss }) => loss, smooth: true }),
    layout: figureLayout({
      title: 'Training loss',
      x: { title: { text: 'optimizer step' }, ...stepRange(totalSteps) },
      y: { title: { text: 'loss' }, rangemode: 'tozero' },
    }),
  };
}

/** The whole run on the x axis, so that a live curve grows into its frame. */
export function stepRange(totalSteps: number | undefined): { tickformat: string; range?: [number, number] } {
  return { tickformat: ',d', ...(totalSteps ? { range: [0, totalSteps] as [number, number] } : {}) };
}
