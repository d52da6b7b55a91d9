/**
 * The training loop: batches to steps to the best adapter. Everything that happens is a function of the seed and the step
 * number, so a run that was stopped is resumed to the same bits as one that was not.
 *
 *   step-schedule     which batches each step takes       training-step      gradient, clipping, optimizer
 *   trainer-state     what is held, and its checkpoint    validation-steps   validations, the best, early stopping
 *   training-options  what it is given and gives
 *   adapter-strength  how much of it is kept
 *   divergence        numbers that are not finite         checkpoint-schedule   when the state is saved
 */

import { Interrupted, UserError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import { ONE_PROCESS } from '../distributed/communicator.js';
import { anyRank } from '../distributed/messages.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import { checkScores, configuredLoss } from '../losses/configured-loss.js';
import type { Loss } from '../losses/loss.js';
import { atStrength, shortMrr } from './adapter-strength.js';
import { CheckpointSchedule } from './checkpoint-schedule.js';
import { ChanceWatch, DivergedError, skippedInARow } from './divergence.js';
import { type ScheduledStep, scheduleSteps } from './step-schedule.js';
import { strengthOf } from './strength-validation.js';
import { checkpointOf, copyParameters, startState, stepsInAll, type TrainerState } from './trainer-state.js';
import type { TrainingOptions, TrainingResult } from './training-options.js';
import { takeStep } from './training-step.js';
import { validateStep, validationIsDue } from './validation-steps.js';

export type { SkippedStep, StepDetails, TrainingHistory, TrainingStep, ValidationPoint } from './history.js';
export type { TrainingOptions, TrainingPair, TrainingResult, TrainingStore } from './training-options.js';

/**
 * Trains the adapter of an encoder, or all its weights where it was made for that (`EncoderOptions.full`).
 *
 * @throws Interrupted when the signal fires; the state after the last whole step has been saved to the store
 * @throws DivergedError when loss or gradient were not finite for `training.maxSkippedSteps` steps in a row; the last good
 *   state is kept
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { encoder, config, store } = options;
  if (!encoder.trained) throw new UserError('nothing to train: the encoder has no adapter (encoder.lora)');
  const factory = options.loss ?? configuredLoss(config.training);
  checkScores(
    factory,
    options.pairs.some(({ score }) => score !== undefined),
  );
  const schedule = scheduleSteps(options.batchesOf, config.training, options.pairs.length);
  const state = await startState(options);
  const { step, history } = state;
  options.onStart?.({ totalSteps: stepsInAll(options, state, schedule), step, history });
  const loss = await factory.create(encoder.base.engine, encoder.dimensions);
  const saves = new CheckpointSchedule(config.training.checkpoints, state.step);
  const save = async (): Promise<void> => {
    const start = performance.now();
    await state.profile.time('checkpoints', () => store?.saveCheckpoint(checkpointOf(options, state, schedule)));
    saves.saved(state.step, performance.now() - start);
  };

  let best: ParameterMap;
  try {
    await runSteps(options, loss, state, schedule, {
      save,
      isDue: () => saves.isDue(state.step),
      isCheap: () => saves.isCheap(),
    });
    best = await finalParameters(options, state, save);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await save();
    const unsaved = store?.unsaved?.() ?? null;
    const rest =
      unsaved !== null
        ? `the state could not be saved: ${unsaved}`
        : store
          ? `the state is saved; continue ${remedies().resume}`
          : 'nothing is kept: there is no run folder';
    throw new Interrupted(`stopped after step ${state.step} of ${schedule.length}; ${rest}`);
  } finally {
    await loss.dispose();
  }

  await encoder.setTrained(best);
  return {
    best,
    bestScore: state.bestScore?.mrr ?? null,
    history,
    skipped: state.skipped,
    totalSteps: state.step,
    stoppedEarly: state.step < schedule.length,
    batches: schedule.slice(0, state.step).flatMap((scheduled) => scheduled.batches.map((batch) => batch.pairs)),
    profile: state.profile.profile(),
    ranks: await state.ranks.report(options.communicator ?? ONE_PROCESS),
  };
}

/** Steps, validations and saves up to the end of the schedule, or until validations stop improving. */
async function runSteps(
  options: TrainingOptions,
  loss: Loss,
  state: TrainerState,
  schedule: ScheduledStep[],
  { save, isDue, isCheap }: { save(): Promise<void>; isDue(): boolean; isCheap(): boolean },
): Promise<void> {
  const planned = schedule.length;
  const { communicator = ONE_PROCESS, signal } = options;
  // ranks stop together, between steps: one that left a step would leave the others waiting in it
  const stepOptions = communicator.size === 1 ? options : { ...options, signal: undefined };
  const chance = new ChanceWatch();
  let note = '';
  const report = (): void => {
    const validated = state.history.validations.at(-1);
    const score = validated ? `, validation MRR@10 ${shortMrr(validated.mrr)}` : '';
    options.onProgress?.({
      task: 'training',
      done: state.step,
      total: planned,
      unit: 'steps',
      note: `${note}${score}`,
    });
  };
  for (;;) {
    if (validationIsDue(options, state, planned)) {
      await validateStep(options, state);
      // a validation that is not saved is repeated by a resumed training, with the same result
      const isLast = state.step === stepsInAll(options, state, schedule);
      if (state.step > 0 && (isLast || isCheap())) await save();
      if (note !== '') report();
    }
    if (state.step === stepsInAll(options, state, schedule)) return;
    if (await anyRank(communicator, signal?.aborted ?? false)) throw new Interrupted('stopped; the state is saved');
    const scheduled = schedule[state.step] as ScheduledStep;
    try {
      const result = await takeStep(stepOptions, loss, state, scheduled, planned);
      const { record, details } = result;
      state.step++;
      state.history.steps.push(record);
      options.onStep?.(record, details);
      const warning = chance.add(record.step, record.loss, result.chance);
      if (warning) options.onMessage?.({ level: 'warning', text: warning });
      note = `loss ${record.loss.toFixed(3)}`;
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      await skipStep(options, state, scheduled, error);
      note = 'skipped';
    }
    // a validation of this step is told with it: the last line of a training has the last one
    if (!validationIsDue(options, state, planned)) report();
    if (state.step === planned || isDue()) await save();
  }
}

/** Counts a step without effect. @throws DivergedError where there were too many in a row, or the parameters are lost */
async function skipStep(
  options: TrainingOptions,
  state: TrainerState,
  { epoch, batches }: ScheduledStep,
  error: DivergedError,
): Promise<void> {
  const { store, onMessage, config } = options;
  state.step++;
  state.skipped.push({ step: state.step, reason: error.reason });
  const inARow = skippedInARow(state.skipped, state.step);
  if (error.isRecoverable && inARow < config.training.maxSkippedSteps) {
    onMessage?.({ level: 'warning', text: `step ${state.step} is skipped: ${error.reason}` });
    return;
  }
  const { step, skipped } = state;
  const pairs = batches.map((batch) => batch.pairs);
  await store?.saveDivergence?.({ step, epoch, reason: error.reason, skipped, batches: pairs });
  throw error.after(step, inARow);
}

/** What is kept of the training, in the store too. */
async function finalParameters(
  options: TrainingOptions,
  state: TrainerState,
  save: () => Promise<void>,
): Promise<ParameterMap> {
  const { store } = options;
  const isSaved = state.bestParameters !== null;
  const trained =
    state.bestParameters ??
    ((state.bestScore && (await store?.loadBest(state.bestScore))) || copyParameters(state.parameters));
  const earlier = state.history.strength;
  const strength = earlier ?? (await strengthOf(options, state, trained));
  if (strength) state.history.strength = strength;
  const kept = atStrength(state.start, trained, strength?.strength ?? 1);
  if (!isSaved || kept !== trained) await store?.saveBest(kept, state.bestScore?.step ?? state.step, strength);
  if (strength && !earlier) await save();
  return kept;
}
