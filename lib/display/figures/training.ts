/**
 * A training run at a glance: loss, validation, learning rate, gradient norm and throughput in one figure.
 */
import type { TrainingStep, ValidationPoint } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { gradientNormFigure } from './gradient-norm.js';
import { learningRateFigure } from './learning-rate.js';
import { lossFigure } from './loss.js';
import { panelsFigure } from './panels.js';
import { throughputFigure } from './throughput.js';
import { validationFigure } from './validation.js';

/** @param totalSteps keeps the axes still while a run is drawn live */
export function trainingFigure(
  history: { steps: readonly TrainingStep[]; validations: readonly ValidationPoint[] },
  maxGradientNorm: number,
  totalSteps?: number,
): Figure {
  const { steps, validations } = history;
  return panelsFigure(
    [
      lossFigure(steps, totalSteps),
      validationFigure(validations, totalSteps),
      learningRateFigure(steps, totalSteps),
      gradientNormFigure(steps, maxGradientNorm, totalSteps),
      throughputFigure(steps, totalSteps),
    ],
    { title: 'Training', columns: 3, height: 560 },
  );
}
