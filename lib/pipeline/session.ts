/**
 * The six steps, put together once: the command line, the notebooks, ablations and other projects all call this.
 *
 *   dataset, tokens, batches, model, encoder    see step-results.ts
 *   train       into a run folder, where it also resumes
 *   evaluate    <cache>/embeddings, and the index in the run folder
 */
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { SplitPaper } from '../datasets/paper.js';
import type { Report } from '../evaluation/report.js';
import type { LossFactory } from '../losses/loss.js';
import { withAbsolutePaths } from './absolute-paths.js';
import { type EvaluateOptions, evaluateInFolder, type RenderReport } from './evaluate.js';
import { checkNameIsNew, runMadeOf, takenNames } from './runs/find-runs.js';
import { readableName, runFolderName } from './runs/run-name.js';
import { type SearchOptions, type SearchResult, searchPapers } from './search.js';
import { similarities } from './similarity.js';
import { openStepResults, type StepResults } from './step-results.js';
import { type TrainedRun, type TrainOptions, trainInFolder } from './train.js';
import { type RankOptions, trainOnRank } from './train-on-rank.js';

export interface SessionOptions {
  /** Folder of run folders, for trainings that name none: they are found there by what they are made of. */
  runs?: string;
  renderReport?: RenderReport;
}

/** The six steps over one engine and one cache; close it to free both. */
export interface Session extends StepResults {
  /**
   * Where a training with this configuration lies, or would, among the runs of this session.
   * @param name of a new one; absent: made from what differs from the preset
   */
  runFolder(config: Config, reporting?: Reporting, loss?: LossFactory, name?: string): Promise<string>;
  /** Trains to the end, into `options.folder` or a folder of its own among the runs. */
  train(config: Config, options?: TrainOptions): Promise<TrainedRun>;
  /** On ranks other than 0, while rank 0 trains with the same communicator. */
  trainOnRank(config: Config, options: RankOptions): Promise<void>;
  /** Step 6; never trains. */
  evaluate(config: Config, options: EvaluateOptions): Promise<Report>;
  /** The papers nearest to a query, by the encoder of a run, or by the base model; never trains. */
  search(config: Config, query: string, k: number, options?: SearchOptions): Promise<SearchResult[]>;
  /** Cosine similarities [titles, abstracts] of papers, by the encoder of a run, or by the base model. */
  similarity(
    config: Config,
    papers: readonly SplitPaper[],
    options?: Reporting & { run?: string },
  ): Promise<number[][]>;
}

export function openSession({ runs = 'checkpoints', renderReport = () => [] }: SessionOptions = {}): Session {
  const results = openStepResults();
  const folder = resolve(runs);
  const runFolder: Session['runFolder'] = async (config, reporting, loss, name) => {
    const identity = await results.identity(withAbsolutePaths(config), reporting, loss);
    const known = runMadeOf(folder, identity);
    if (known) return known.folder;
    if (name === undefined) return join(folder, readableName(identity, takenNames(folder)));
    checkNameIsNew(folder, name, identity);
    return join(folder, runFolderName(name));
  };
  return {
    ...results,
    runFolder,
    train: (config, options = {}) =>
      trainInFolder(results, withAbsolutePaths(config), options, () =>
        runFolder(config, options, options.loss, options.name),
      ),
    trainOnRank: (config, options) => trainOnRank(results, withAbsolutePaths(config), options),
    evaluate: (config, options) => evaluateInFolder(results, config, { renderReport, ...options }),
    search: (config, query, k, options = {}) => searchPapers(results, config, query, k, options),
    similarity: (config, papers, options = {}) => similarities(results, config, papers, options),
  };
}
