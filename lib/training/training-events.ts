/** What TensorBoard shows of a training. A file that cannot be written is worth a warning, never the training. */
import type { Config } from '../config/config.js';
import { settingLeaves } from '../config/setting-leaves.js';
import type { Reporting } from '../core/events.js';
import type { StepDetails, TrainingStep, ValidationPoint } from './history.js';
import { type EventWriter, openEventWriter } from './tensorboard.js';
import type { Hyperparameters } from './tensorboard-summaries.js';

export interface TrainingEvents {
  step(step: TrainingStep, details: StepDetails): void;
  validation(point: ValidationPoint): void;
  /** @param status left out where the training was interrupted and may be resumed */
  close(status?: 'success' | 'failure'): void;
}

/** @param resumeStep first step of a resumed training; without it, events of an earlier training are removed */
export function openTrainingEvents(
  folder: string,
  hyperparameters: Hyperparameters,
  resumeStep: number | undefined,
  onMessage: Reporting['onMessage'],
): TrainingEvents {
  let writer: EventWriter | null = null;
  const attempt = (write: (writer: EventWriter) => void): void => {
    if (!writer) return;
    try {
      write(writer);
    } catch (error) {
      writer = null;
      onMessage?.({ level: 'warning', text: `TensorBoard gets no more events: ${(error as Error).message}` });
    }
  };
  try {
    writer = openEventWriter(folder, { resumeStep });
  } catch (error) {
    onMessage?.({ level: 'warning', text: `TensorBoard gets no events: ${(error as Error).message}` });
  }
  if (resumeStep === undefined) attempt((events) => events.startSession(hyperparameters));
  return {
    step({ step, loss, learningRate, gradientNorm, tokensPerSecond }, { gradientNorms, tokenLengths }) {
      attempt((events) => {
        events.scalars(step, {
          'train/loss': loss,
          'train/learning_rate': learningRate,
          'train/gradient_norm': gradientNorm,
          'train/tokens_per_second': tokensPerSecond,
        });
        events.histograms(step, {
          'train/gradient_norm_by_parameter': [...gradientNorms.values()],
          'train/token_length': tokenLengths,
        });
      });
    },
    validation({ step, mrr }) {
      attempt((events) => {
        events.scalars(step, { 'validation/mrr@10': mrr });
        events.flush();
      });
    },
    close(status) {
      if (status) attempt((events) => events.endSession(status));
      attempt((events) => events.close());
    },
  };
}

/** The settings that a training depends on, by their paths. */
export function hyperparametersOf({
  seed,
  engine,
  precision,
  tokens,
  batches,
  encoder,
  training,
}: Config): Hyperparameters {
  const { checkpoints: _, ...relevant } = training;
  const settings = { seed, engine, precision, tokens, batches, encoder, training: relevant };
  return asHyperparameters(Object.fromEntries(settingLeaves(settings)));
}

/** Settings by their paths as TensorBoard takes them: lists and absent values as text. */
export function asHyperparameters(settings: Readonly<Record<string, unknown>>): Hyperparameters {
  return Object.fromEntries(
    Object.entries(settings).map(([path, value]) => {
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return [path, isPlain ? value : JSON.stringify(value)];
    }),
  );
}
