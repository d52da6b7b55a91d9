/**
 * The experiment in one call each, for the command line and for other projects.
 */
import type { Config } from '../config/config.js';
import type { Shard } from '../core/shard.js';
import type { Communicator } from '../distributed/communicator.js';
import type { EncodedFile } from '../encoder/encode-file.js';
import type { EncodedShard } from '../encoder/shards/encode-shard.js';
import type { MergeEncodingOptions } from '../encoder/shards/merge-shards.js';
import type { AblationReport } from '../evaluation/ablation.js';
import type { Report } from '../evaluation/report.js';
import { type ExportedModel, type ExportOptions, exportModel as exported } from '../export/export-model.js';
import { type PushedModel, type PushOptions, pushModel as pushed } from '../export/push.js';
import { type AblationOptions, runAblation as ablate } from '../pipeline/ablation.js';
import { type EncodeFileOptions, encodeFile as encode, encodeShard as encodeOne } from '../pipeline/encode.js';
import { type EstimateOptions, estimateWork as estimate, type WorkEstimate } from '../pipeline/estimate/estimate.js';
import type { EvaluateOptions } from '../pipeline/evaluate.js';
import { type FindLearningRateOptions, findLearningRate as learningRateOf } from '../pipeline/find-learning-rate.js';
import { type MineNegativesOptions, type MiningResult, mineNegatives as mine } from '../pipeline/mine.js';
import { runExperiment as experiment, type RunExperimentOptions } from '../pipeline/run-experiment.js';
import { compareRuns as compare, type RunComparison } from '../pipeline/runs/compare-runs.js';
import { type RunSummary, listRuns as runsIn } from '../pipeline/runs/list-runs.js';
import type { SearchOptions, SearchResult } from '../pipeline/search.js';
import type { Session } from '../pipeline/session.js';
import { runAblationShard as ablationShard } from '../pipeline/shards/ablation-shard.js';
import {
  type EvaluationShard,
  type EvaluationShardOptions,
  runEvaluationShard as evaluationShard,
} from '../pipeline/shards/evaluation-shard.js';
import { type Merged, mergeShards as merge } from '../pipeline/shards/merge.js';
import { runSweepShard as sweepShard } from '../pipeline/shards/sweep-shard.js';
import type { TrialShard } from '../pipeline/shards/trial-shard.js';
import { type SweepOptions, runSweep as sweep } from '../pipeline/sweep.js';
import type { SweepReport } from '../pipeline/sweep-report.js';
import type { TrainedRun, TrainOptions } from '../pipeline/train.js';
import type { RangeTest } from '../training/learning-rate-range.js';
import { ablationPages, openSession, sweepPages } from './session.js';
import { shownComparison, shownRange, shownReport, shownRuns, shownSearch, shownSweep } from './shown-results.js';

/** All six steps into a folder: trains there, evaluates what was trained, writes report.json and report.html. */
export function runExperiment(config: Config, folder: string, options: RunExperimentOptions = {}): Promise<Report> {
  return inSession(async (session) => shownReport(await experiment(session, config, folder, options)));
}

/** Steps 1 to 5 into a folder. */
export function trainRun(config: Config, folder: string, options: TrainOptions = {}): Promise<TrainedRun> {
  return inSession((session) => session.train(config, { ...options, folder }));
}

/**
 * Steps 1 to 5 into a folder, over the ranks of a job: every rank calls this with the same settings. Only rank 0 writes.
 *
 * @returns on rank 0 what {@link trainRun} returns; null on the others
 */
export function trainRunOverRanks(
  config: Config,
  folder: string,
  options: TrainOptions & { communicator: Communicator },
): Promise<TrainedRun | null> {
  return inSession(async (session) => {
    if (options.communicator.rank === 0) return session.train(config, { ...options, folder });
    await session.trainOnRank(config, options);
    return null;
  });
}

/** Step 6, with its report in a folder; see {@link EvaluateOptions} for what can be asked. */
export function evaluateRun(config: Config, options: EvaluateOptions = {}): Promise<Report> {
  return inSession(async (session) => shownReport(await session.evaluate(config, options)));
}

/** Embeds one shard of the texts of an evaluation; {@link mergeShards} makes the report. */
export function evaluateShard(config: Config, options: EvaluationShardOptions): Promise<EvaluationShard> {
  return inSession((session) => evaluationShard(session, config, options));
}

/** The papers nearest to a query. */
export function search(config: Config, query: string, k: number, options: SearchOptions = {}): Promise<SearchResult[]> {
  return inSession(async (session) => shownSearch(await session.search(config, query, k, options), query));
}

/** A file of texts to a file of embeddings. */
export function encodeFile(config: Config, options: EncodeFileOptions): Promise<EncodedFile> {
  return inSession((session) => encode(session, config, options));
}

/** One shard of a file of texts; {@link mergeShards} puts all of them together. */
export function encodeShard(config: Config, options: EncodeFileOptions & { shard: Shard }): Promise<EncodedShard> {
  return inSession((session) => encodeOne(session, config, options));
}

/** Hard negatives for training into a file, by `config.mining`. */
export function mineNegatives(config: Config, options: MineNegativesOptions): Promise<MiningResult> {
  return inSession((session) => mine(session, config, options));
}

/** What each hyperparameter is worth, one at a time, over seeds. */
export function runAblation(config: Config, options: AblationOptions): Promise<AblationReport> {
  return inSession((session) => ablate(session, config, { renderReport: ablationPages, ...options }));
}

/** A learning rate for the training with this configuration, by a short one whose rate rises. Nothing is written. */
export function findLearningRate(config: Config, options: FindLearningRateOptions = {}): Promise<RangeTest> {
  return inSession(async (session) => shownRange(await learningRateOf(session, config, options)));
}

/** How long encoding, training and search take for a corpus of any size, from some seconds of measuring this machine. */
export function estimateWork(config: Config, options: EstimateOptions = {}): Promise<WorkEstimate> {
  return inSession((session) => estimate(session, config, options));
}

/** Every combination of the values of some settings, over seeds, from the best to the worst. */
export function runSweep(config: Config, options: SweepOptions): Promise<SweepReport> {
  return inSession(async (session) =>
    shownSweep(await sweep(session, config, { renderReport: sweepPages, ...options })),
  );
}

/** One shard of the trainings of a sweep; {@link mergeShards} makes the report. */
export function runSweepShard(
  config: Config,
  options: Omit<SweepOptions, 'onReport' | 'renderReport'> & { shard: Shard },
): Promise<TrialShard> {
  return inSession((session) => sweepShard(session, config, options));
}

/** One shard of the trainings of an ablation; {@link mergeShards} makes the report. */
export function runAblationShard(
  config: Config,
  options: Omit<AblationOptions, 'renderReport'> & { shard: Shard },
): Promise<TrialShard> {
  return inSession((session) => ablationShard(session, config, options));
}

/** Puts the shards of a job together, when all are there: to a file of embeddings, or to a report. */
export function mergeShards(folder: string, options: MergeEncodingOptions = {}): Promise<Merged> {
  const pages = { sweep: { renderReport: sweepPages }, ablation: { renderReport: ablationPages } };
  return merge(folder, { ...options, pages, evaluate: evaluateRun });
}

/** A run, or the model that the configuration names, as a folder that others load. */
export function exportModel(config: Config, options: ExportOptions): Promise<ExportedModel> {
  return inSession((session) => exported(session, config, options));
}

/** A run, a model or an export onto the hub, private unless asked otherwise. */
export function pushModel(config: Config, options: PushOptions): Promise<PushedModel> {
  return inSession((session) => pushed(session, config, options));
}

/** The runs in a folder, the latest first. */
export async function listRuns(folder: string): Promise<RunSummary[]> {
  return shownRuns(await runsIn(folder));
}

/**
 * Compares runs: settings that differ, and paired differences over the same queries.
 *
 * @param folders of at least two runs
 * @throws UserError where two evaluated runs were not asked the same queries over the same documents
 */
export async function compareRuns(folders: readonly string[]): Promise<RunComparison> {
  return shownComparison(await compare(folders));
}

async function inSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const session = openSession();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
