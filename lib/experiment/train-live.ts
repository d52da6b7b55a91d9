/**
 * Step 5 below a cell: what will be done, one bar, one live plot, and after a stop the run as far as it came.
 */
import type { Config } from '../config/config.js';
import { Interrupted } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { trainingPapers } from '../datasets/dataset.js';
import { formatCount, formatQuantity, formatShare } from '../display/format.js';
import { type LiveTraining, liveTraining } from '../display/notebook/live-training.js';
import { showLine, withProgress } from '../display/notebook/progress.js';
import type { LossFactory } from '../losses/loss.js';
import { runTrainedFolder } from '../pipeline/run-folder.js';
import type { Session } from '../pipeline/session.js';
import type { TrainedRun } from '../pipeline/train.js';
import { savedProgress } from '../training/checkpoint.js';
import { scheduleSteps } from '../training/step-schedule.js';

/** A training as a cell gets it: finished, or as far as it came when its reader stopped it. */
export interface NotebookRun
  extends Pick<TrainedRun, 'folder' | 'trainedFolder' | 'history' | 'bestScore' | 'totalSteps' | 'trained'> {
  /** Whether it was stopped; `totalSteps` are then those that were taken, and running the cell again resumes it. */
  partial: boolean;
  /** "60", or "12 of 60, stopped: partial". */
  describeSteps(): string;
}

/**
 * Trains, draws, and resumes an earlier training of the same configuration. The stop button ends it with the partial run;
 * only where no step was saved yet is there nothing to return.
 *
 * @param placeOf how a folder is told to the reader
 * @throws Interrupted before the first step that is saved
 */
export async function trainLive(
  session: Session,
  config: Config,
  placeOf: (folder: string) => string,
  { loss, name }: { loss?: LossFactory; name?: string } = {},
): Promise<NotebookRun> {
  let live: LiveTraining | undefined;
  try {
    const run = await withProgress(async (reporting) => {
      const { report } = await session.batches(config, 0, reporting);
      const perEpoch = config.training.batches === 'all' ? report.batches : report.batchesOnTarget;
      return session.train(config, {
        ...reporting,
        ...(loss ? { loss } : {}),
        ...(name === undefined ? {} : { name }),
        onStart({ totalSteps, step: done, history }) {
          tell(describePlan(config, perEpoch, totalSteps));
          if (done === totalSteps)
            tell(`trained before with these settings, ${quantity(done, 'steps')}: nothing to do`);
          else {
            if (done > 0) tell(`resuming at step ${done + 1} of ${totalSteps}`);
            reporting.announce({ task: 'training', done, total: totalSteps, unit: 'steps' });
          }
          live = liveTraining({ maxGradientNorm: config.training.maxGradientNorm, totalSteps, earlier: history });
          function tell(text: string): void {
            reporting.onMessage({ level: 'info', text });
          }
        },
        onStep: (step) => live?.onStep(step),
        onValidation: (point) => live?.onValidation(point),
      });
    });
    return { ...run, partial: false, describeSteps: () => formatCount(run.totalSteps) };
  } catch (error) {
    if (!(error instanceof Interrupted) || !live) throw error;
    live.finish();
    const folder = await session.runFolder(config, {}, loss, name);
    const run = await partialRun(session, config, folder);
    if (!run) throw new Interrupted('stopped before the first step; run the cell again to start anew');
    showLine(describeKept(run, placeOf(folder)));
    return run;
  } finally {
    live?.finish();
  }
}

/** "4 steps: epochs = 2 of 7 batches would be 14 steps, maxSteps = 4 ends it before" */
function describePlan({ training }: Config, perEpoch: number, totalSteps: number): string {
  const { epochs, maxSteps } = training;
  const batches = Array.from({ length: perEpoch }, () => []);
  const byEpochs = scheduleSteps(() => batches, { ...training, maxSteps: null }, perEpoch).length;
  const asked = `epochs = ${epochs} of ${formatQuantity(perEpoch, 'batches')}`;
  if (byEpochs <= totalSteps) {
    const limit = maxSteps === null ? 'maxSteps sets no limit' : `maxSteps = ${formatCount(maxSteps)} allows as many`;
    return `${formatQuantity(totalSteps, 'steps')}: ${asked}; ${limit}`;
  }
  return `${formatQuantity(totalSteps, 'steps')}: ${asked} would be ${formatQuantity(byEpochs, 'steps')}, maxSteps = ${maxSteps} ends it before`;
}

type PartialRun = NotebookRun & { plannedSteps: number; bestStep: number | null };

async function partialRun(session: Session, config: Config, folder: string): Promise<PartialRun | null> {
  const saved = await savedProgress(folder);
  if (!saved) return null;
  const { step, totalSteps, bestValidation, history } = saved;
  const { papers } = await session.dataset(config, {});
  return {
    folder,
    trainedFolder: runTrainedFolder(folder, config),
    history,
    bestScore: bestValidation?.value ?? null,
    totalSteps: step,
    trained: trainingPapers(papers, config),
    partial: true,
    describeSteps: () => `${formatCount(step)} of ${formatCount(totalSteps)}, stopped: partial`,
    plannedSteps: totalSteps,
    bestStep: bestValidation?.step ?? null,
  };
}

function describeKept(run: PartialRun, place: string): string {
  const { totalSteps: step, plannedSteps, bestScore, bestStep, history } = run;
  const untuned = history.validations.find((point) => point.step === 0)?.mrr;
  const before = untuned === undefined ? '' : `, ${formatShare(untuned)} untuned`;
  const adapter =
    bestScore === null
      ? 'no adapter yet, since nothing was validated so far'
      : `the best adapter so far (validation MRR@10 ${formatShare(bestScore)} at step ${bestStep}${before})`;
  return `stopped after step ${step} of ${plannedSteps}; kept in ${place}: ${adapter}, and the state of the training. The cells below have this partial run; run this cell again to continue with step ${step + 1}`;
}
