/** All six steps into one folder. */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import type { Report } from '../evaluation/report.js';
import { withAbsolutePaths } from './absolute-paths.js';
import type { EarlierTraining } from './existing-run.js';
import type { Session } from './session.js';
import type { ConfirmCost } from './systems.js';
import type { TrainOptions } from './train.js';

/** The loss and the name of a run, and what to do about an earlier run in its folder. */
export interface RunExperimentOptions extends Reporting, EarlierTraining, Pick<TrainOptions, 'name' | 'loss'> {
  confirmCost?: ConfirmCost;
}

/** Trains in the folder, and evaluates there what was trained. */
export async function runExperiment(
  session: Session,
  given: Config,
  folder: string,
  options: RunExperimentOptions = {},
): Promise<Report> {
  const config = withAbsolutePaths(given);
  const { confirmCost, name, loss, resume, restart, ...reporting } = options;
  // a misspelt system or metric is better found now than after the training
  checkEvaluation(config);
  const training = { ...(name === undefined ? {} : { name }), ...(loss ? { loss } : {}), resume, restart };
  await session.train(config, { ...reporting, ...training, folder });
  return session.evaluate(config, { ...reporting, run: folder, ...(confirmCost ? { confirmCost } : {}) });
}
