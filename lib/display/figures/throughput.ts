/**
 * Tokens a second over the optimizer steps, padding not counted.
 */
import type { TrainingStep } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { OKABE_ITO } from '../palette.js';
import { figureLayout } from './layout.js';
import { stepRange } from './loss.js';
import { stepTraces } from './step-series.js';

/** @param totalSteps keeps the axis still while a run is drawn live */
export function throughputFigure(steps: readonly TrainingStep[], totalSteps?: number): Figure {
  return {
    data: stepTraces(steps, {
      name: 'tokens/s',
      colour: OKABE_ITO.orange,
      value: ({ tokensPerSecond }) => tokensPerSecond,
      smooth: true,
    }),
    layout: figureLayout({
      title: 'Throughput',
      x: { title: { text: 'optimizer step' }, ...stepRange(totalSteps) },
      y: { title: { text: 'tokens per second' }, rangemode: 'tozero', tickformat: ',d' },
    }),
  };
}
