/** What a training holds while it runs, and the checkpoint made of it. */
import type { ParameterMap } from '../encoder/adapter-files.js';
import { AdamW } from './adamw.js';
import type { Checkpoint } from './checkpoint.js';
import { isPatienceOver } from './early-stopping.js';
import type { SkippedStep, TrainingHistory, ValidationPoint } from './history.js';
import { ProfileRecorder } from './profile.js';
import { RankRecorder } from './rank-gradients.js';
import type { ScheduledStep } from './step-schedule.js';
import type { TrainingOptions } from './training-options.js';

export interface TrainerState {
  /** Steps done, skipped ones included. */
  step: number;
  /** Parameters before the first step; never changed. */
  start: ParameterMap;
  /** Master copy in 32 bits, updated in place by the optimizer. */
  parameters: ParameterMap;
  optimizer: AdamW;
  /** Of the trained parameters; null until their first validation. */
  bestScore: (ValidationPoint & { digest: string }) | null;
  /** Null too while the best is of an earlier sitting, and in the store. */
  bestParameters: ParameterMap | null;
  /** Reciprocal ranks of the validation queries before the first step, where that was in this sitting. */
  untunedRanks: Float64Array | null;
  /** The same of the best parameters. */
  bestRanks: Float64Array | null;
  history: TrainingHistory;
  skipped: SkippedStep[];
  profile: ProfileRecorder;
  ranks: RankRecorder;
}

/** From the encoder's parameters, or from where an earlier sitting stopped. */
export async function startState({ encoder, config, store }: TrainingOptions): Promise<TrainerState> {
  const resume = store?.resume;
  const start = encoder.trained as ParameterMap;
  const parameters = copyParameters(resume?.parameters ?? start);
  const { beta1, beta2, epsilon, weightDecay } = config.training;
  const arrays = new Map([...parameters].map(([name, { data }]) => [name, data]));
  const optimizer = new AdamW(arrays, { beta1, beta2, epsilon, weightDecay });
  if (resume) {
    optimizer.restore(resume.optimizer);
    await encoder.setTrained(parameters);
  }
  const best = resume?.state.bestValidation;
  return {
    step: resume?.state.step ?? 0,
    start,
    parameters,
    optimizer,
    bestScore: best ? { step: best.step, mrr: best.value, digest: best.digest } : null,
    bestParameters: null,
    untunedRanks: null,
    bestRanks: null,
    history: resume?.state.history ?? { steps: [], validations: [] },
    skipped: resume?.state.skipped ?? [],
    profile: new ProfileRecorder({ steps: encoder.plan.name, validation: encoder.encoding.name }),
    ranks: new RankRecorder(),
  };
}

/** Steps of the whole training: those of the schedule, or fewer where validations stopped improving. */
export function stepsInAll({ config }: TrainingOptions, state: TrainerState, schedule: ScheduledStep[]): number {
  return isPatienceOver(state.history.validations, config.training.patience) ? state.step : schedule.length;
}

export function checkpointOf(options: TrainingOptions, state: TrainerState, schedule: ScheduledStep[]): Checkpoint {
  // what a resumed training would do first; nothing once all is done
  const next = schedule[state.step];
  return {
    state: {
      step: state.step,
      totalSteps: stepsInAll(options, state, schedule),
      epoch: next?.epoch ?? 0,
      batchIndex: next?.batches[0]?.index ?? 0,
      seed: options.config.seed,
      configFingerprint: options.store?.configFingerprint ?? '',
      bestValidation: bestOf(state),
      history: state.history,
      skipped: state.skipped,
    },
    parameters: state.parameters,
    optimizer: state.optimizer.state(),
  };
}

function bestOf({ bestScore }: TrainerState): Checkpoint['state']['bestValidation'] {
  return bestScore && { metric: 'mrr@10', value: bestScore.mrr, step: bestScore.step, digest: bestScore.digest };
}

export function copyParameters(parameters: ParameterMap): ParameterMap {
  return new Map([...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}
