/**
 * Step 5 below a cell: one live plot, one bar, and after a stop a line that says what was kept.
 */
import type { Config } from '../config/config.js';
import { Interrupted } from '../core/errors.js';
import { type LiveTraining, liveTraining } from '../display/notebook/live-training.js';
import { withProgress } from '../display/notebook/progress.js';
import type { LossFactory } from '../losses/loss.js';
import type { Session } from '../pipeline/session.js';
import type { TrainedRun } from '../pipeline/train.js';
import { savedProgress } from '../training/checkpoint.js';

/**
 * Trains, draws, and resumes an earlier training of the same configuration.
 *
 * @param placeOf how a folder is told to the reader
 */
export async function trainLive(
  session: Session,
  config: Config,
  placeOf: (folder: string) => string,
  { loss, name }: { loss?: LossFactory; name?: string } = {},
): Promise<TrainedRun> {
  let live: LiveTraining | undefined;
  try {
    return await withProgress((reporting) =>
      session.train(config, {
        ...reporting,
        ...(loss ? { loss } : {}),
        ...(name === undefined ? {} : { name }),
        onStart({ totalSteps, step: done, history }) {
          if (done === totalSteps) tell(`trained before with these settings, ${done} steps: nothing to do`);
          else if (done > 0) tell(`resuming at step ${done + 1} of ${totalSteps}`);
          live = liveTraining({ maxGradientNorm: config.training.maxGradientNorm, totalSteps, earlier: history });
          function tell(text: string): void {
            reporting.onMessage({ level: 'info', text });
          }
        },
        onStep: (step) => live?.onStep(step),
        onValidation: (point) => live?.onValidation(point),
      }),
    );
  } catch (error) {
    if (!(error instanceof Interrupted) || !live) throw error;
    const folder = await session.runFolder(config, {}, loss, name);
    throw new Interrupted(await whatWasKept(folder, placeOf(folder)));
  } finally {
    live?.finish();
  }
}

async function whatWasKept(folder: string, place: string): Promise<string> {
  const saved = await savedProgress(folder);
  if (!saved) return 'stopped before the first step; run the cell again to start anew';
  const { step, totalSteps, bestValidation: best } = saved;
  const adapter = best
    ? `the best adapter so far (validation MRR@10 ${best.value.toFixed(4)} at step ${best.step})`
    : 'no adapter yet, since nothing was validated so far';
  return `stopped after step ${step} of ${totalSteps}; kept in ${place}: ${adapter}, and the state of the training. Run the cell again to continue with step ${step + 1}`;
}
