/**
 * A training run at a glance: loss, validation, learning rate, gradient norm, throughput and numbers in one figure.
 */
import type { TrainingStep, ValidationPoint } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { gradientNormFigure } from './gradient-norm.js';
import { learningRateFigure } from './learning-rate.js';
import { lossFigure } from './loss.js';
import { panelsFigure } from './panels.js';
import { throughputFigure } from './throughput.js';
import { type TrainingProgress, trainingNumbersFigure } from './training-numbers.js';
import { validationFigure } from './validation.js';

/** @param progress its number of steps keeps the axes still while a run is drawn live */
export function trainingFigure(
  history: { steps: readonly TrainingStep[]; validations: readonly ValidationPoint[] },
  maxGradientNorm: number,
  progress: TrainingProgress = {},
): Figure {
  const { steps, validations } = history;
  const { totalSteps } = progress;
  return panelsFigure(
    [
      lossFigure(steps, totalSteps),
      validationFigure(validations, totalSteps),
      learningRateFigure(steps, totalSteps),
      gradientNormFigure(steps, maxGradientNorm, totalSteps),
      throughputFigure(steps, totalSteps),
      trainingNumbersFigure(history, progress),
    ],
    { title: 'Training', columns: 3, height: 560 },
  );
}
