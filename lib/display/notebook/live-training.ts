/**
 * A training run as it goes: one plot of loss, validation, learning rate, gradient norm and throughput, and the numbers of the moment, updated in place.
 */
import type { TrainingStep, ValidationPoint } from '../../evaluation/report.js';
import { trainingFigure } from '../figures/training.js';
import { TaskClock } from '../progress.js';
import { type LiveFigure, liveFigure } from './show-figure.js';

export interface LiveTrainingOptions {
  /** Draws the norm that gradients are clipped to. */
  maxGradientNorm: number;
  /** Steps of the whole run: keeps the axes still while curves grow. */
  totalSteps?: number;
  /** What was done before a run was taken up again. */
  earlier?: { steps: readonly TrainingStep[]; validations: readonly ValidationPoint[] };
}

/** Listeners to hand to the training, bound, so that they can be spread into its options. */
export interface LiveTraining {
  onStep: (step: TrainingStep) => void;
  onValidation: (point: ValidationPoint) => void;
  /** Draws the last state; also where the run was stopped. */
  finish: () => void;
}

export function liveTraining(options: LiveTrainingOptions): LiveTraining {
  const steps = [...(options.earlier?.steps ?? [])];
  const validations = [...(options.earlier?.validations ?? [])];
  const live: LiveFigure = liveFigure();
  const { totalSteps } = options;
  const clock = new TaskClock(() => performance.now());
  let secondsLeft: number | null = null;
  const tick = (): void => {
    const done = steps.at(-1)?.step ?? 0;
    secondsLeft = clock.update({ task: 'training', done, total: totalSteps, unit: 'steps' }).left;
  };
  const draw = (): void =>
    live.update(trainingFigure({ steps, validations }, options.maxGradientNorm, { totalSteps, secondsLeft }));
  tick();
  if (steps.length > 0) draw();
  return {
    onStep(step: TrainingStep): void {
      steps.push(step);
      tick();
      draw();
    },
    onValidation(point: ValidationPoint): void {
      validations.push(point);
      draw();
    },
    finish(): void {
      if (steps.length === 0 && validations.length === 0) return;
      // nothing is left of a run that was stopped, either
      secondsLeft = null;
      draw();
      live.finish();
    },
  };
}
