/**
 * The experiment: the six steps in order, and where each leaves its result. The single steps are in experiment/, for
 * notebooks and for the commands that stop halfway.
 */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { type Dataset, loadDataset } from '../datasets/dataset.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import type { Report } from '../evaluation/report.js';
import { discardTraining, savedProgress } from '../training/checkpoint.js';
import { type TrainPapersOptions, type TrainPapersResult, trainPapers } from '../training/train-papers.js';
import { type LoadedModel, loadModel, trainableEncoder } from './encoders.js';
import { type ConfirmCost, evaluateTask, evaluationTask, type ReportExtras } from './evaluation.js';
import { runTrainedFolder, startRunFolder } from './run-folder.js';
import { type TokenizedDataset, tokenizeDataset, trainedComposition } from './tokens-and-batches.js';

/** Step 5 in a run folder: trains, and leaves the best adapter in it. */
export async function trainRun(
  config: Config,
  folder: string,
  inputs: { dataset: Dataset; tokenized: TokenizedDataset; model: LoadedModel },
  options: Reporting & Partial<Pick<TrainPapersOptions, 'resume' | 'onStart' | 'onStep' | 'onValidation'>> = {},
): Promise<TrainPapersResult> {
  const { papers } = inputs.dataset;
  await startRunFolder(folder, config, papers);
  const encoder = await trainableEncoder(config, inputs.model);
  try {
    const folders = { run: folder, best: runTrainedFolder(folder, config) };
    return await trainPapers({ ...options, config, papers, tokens: inputs.tokenized.tokens, encoder, folders });
  } finally {
    await encoder.dispose();
  }
}

/** What to do with a training that the run folder already has. */
export interface EarlierTraining {
  /** Go on with it; true: it must be there. */
  resume?: TrainPapersOptions['resume'];
  /** Throw it away, even if it was not finished. */
  restart?: boolean;
}

/** @throws UserError for an unfinished training that nobody decided about, so that hours of work are not lost to a forgotten option */
export async function resolveExistingRun(folder: string, { resume, restart }: EarlierTraining): Promise<void> {
  if (resume) return;
  const saved = restart ? null : await savedProgress(folder);
  if (saved && saved.step < saved.totalSteps) {
    throw new UserError(
      `${folder} has an unfinished training, at step ${saved.step} of ${saved.totalSteps}: --resume goes on with it, --restart discards it`,
    );
  }
  await discardTraining(folder);
}

/** All six steps into a folder. */
export async function runExperiment(
  config: Config,
  folder: string,
  options: Reporting & EarlierTraining & { confirmCost?: ConfirmCost } = {},
): Promise<Report> {
  const { resume, restart, ...reporting } = options;
  checkEvaluation(config);
  await resolveExistingRun(folder, { resume, restart });
  const dataset = await loadDataset(config, reporting);
  const tokenized = await tokenizeDataset(config, dataset.papers, reporting);
  const model = await loadModel(config, reporting);
  try {
    const trained = await trainRun(config, folder, { dataset, tokenized, model }, { ...reporting, resume });
    const { summaries, histogram } = tokenized.statistics.abstracts;
    const extras: ReportExtras = {
      tokens: { summaries, histogram, maxAbstractTokens: config.tokens.maxAbstractTokens },
      training: trained.history,
      batches: trainedComposition(config, trained.trained, trained.batches),
    };
    const task = evaluationTask(config, dataset.papers);
    return await evaluateTask(config, task, model, {
      folder,
      adapter: runTrainedFolder(folder, config),
      extras,
      ...reporting,
    });
  } finally {
    await model.engine.close();
  }
}
