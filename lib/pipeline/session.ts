/**
 * The six steps one at a time, for whoever goes back and forth between them: each step makes what it needs of the steps
 * before, or finds it where they left it, in memory or on disk, by the part of the configuration that it depends on.
 *
 *   dataset   settings of datasets, seed, the source file        <cache>/datasets
 *   tokens    the papers' texts, tokenizer, prompt               <cache>/tokens; limits are applied afterwards
 *   plan      papers, roles, shares, pairs, seed, epoch          computed, in no time
 *   model     model, revision, engine, threads                   in memory
 *   train     all of the above, settings of training             a run folder of its own, where it also resumes
 *   evaluate  weights, adapter, texts                            <cache>/embeddings and the index in the run folder
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import { innerProducts } from '../core/rows.js';
import type { Dataset } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Report } from '../evaluation/report.js';
import { acquireLock, LockedError } from '../files/lock.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import { embedAll } from '../retrieval/systems/embedding-system.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import type { TrainPapersOptions, TrainPapersResult } from '../training/train-papers.js';
import { adaptedEncoder, type LoadedModel, loadModel, trainableEncoder, untunedEncoder } from './encoders.js';
import { evaluateTask, evaluationTask, type SearchResult, searchPapers } from './evaluation.js';
import { Latest } from './latest.js';
import { trainRun } from './run-experiment.js';
import { runTrainedFolder } from './run-folder.js';
import { datasetKey, papersFingerprint, storedDataset } from './stored-dataset.js';
import {
  type EpochSchedule,
  scheduleEpoch,
  type TokenizedDataset,
  tokenizeDataset,
  trainedComposition,
} from './tokens-and-batches.js';

/** A finished training and where it lies. */
export interface TrainedRun extends TrainPapersResult {
  /** The run folder. */
  folder: string;
  /** Folder of the best adapter, as PEFT writes it. */
  adapter: string;
}

export type TrainListeners = Partial<Pick<TrainPapersOptions, 'onStart' | 'onStep' | 'onValidation'>>;

export interface Session {
  dataset(config: Config, reporting?: Reporting): Promise<Dataset>;
  tokens(config: Config, reporting?: Reporting): Promise<TokenizedDataset>;
  plan(config: Config, epoch: number, reporting?: Reporting): Promise<EpochSchedule>;
  model(config: Config, reporting?: Reporting): Promise<LoadedModel>;
  /** The base model with a new adapter. It lasts until another is asked for. */
  encoder(config: Config, reporting?: Reporting): Promise<Encoder>;
  /** Where a training with this configuration lies, or would. */
  runFolder(config: Config, reporting?: Reporting): Promise<string>;
  /** Trains to the end, from where an earlier training with this configuration stopped; at once where it had ended. */
  train(config: Config, options?: Reporting & TrainListeners): Promise<TrainedRun>;
  /** @param trainedWith the configuration of the training, where that of the evaluation differs in more than `evaluation` */
  evaluate(config: Config, options?: Reporting & { trainedWith?: Config }): Promise<Report>;
  search(
    config: Config,
    query: string,
    k: number,
    options?: Reporting & { trainedWith?: Config },
  ): Promise<SearchResult[]>;
  /** Cosine similarities [titles, abstracts] of papers, by the base model or by the trained one. */
  similarity(
    config: Config,
    papers: readonly SplitPaper[],
    system: 'untuned' | 'tuned',
    options?: Reporting & { trainedWith?: Config },
  ): Promise<number[][]>;
  /** Frees engine and models. */
  close(): Promise<void>;
}

/** @param runs folder of the run folders */
export function openSession(runs: string): Session {
  const datasets = new Latest<Dataset>();
  const tokenized = new Latest<TokenizedDataset>();
  const encoders = new Latest<Encoder>((encoder) => encoder.dispose());
  const models = new Latest<LoadedModel>(async (model) => {
    await encoders.clear();
    await model.engine.close();
  });

  const dataset: Session['dataset'] = async (config, reporting) =>
    datasets.get(`${await datasetKey(config)} ${config.cache}`, () => storedDataset(config, reporting));

  const tokens: Session['tokens'] = async (config, reporting) => {
    const { papers } = await dataset(config, reporting);
    const { model, revision, queryPrompt } = config.encoder;
    const { pairs, tokenBudget } = config.batches;
    const settings = { model, revision, queryPrompt, pairs, tokenBudget, tokens: config.tokens, seed: config.seed };
    const key = fingerprintOf({ ...settings, papers: papersFingerprint(papers) });
    return tokenized.get(key, () => tokenizeDataset(config, papers, reporting));
  };

  const model: Session['model'] = (config, reporting) => {
    const { engine, threads, encoder } = config;
    return models.get(fingerprintOf({ engine, threads, model: encoder.model, revision: encoder.revision }), () =>
      loadModel(config, reporting),
    );
  };

  const runFolder: Session['runFolder'] = async (config, reporting) => {
    const { base } = await model(config, reporting);
    const { seed, tokens: limits, batches, encoder, training, evaluation } = config;
    const settings = { seed, limits, batches, encoder, training, queries: evaluation.queries };
    return join(runs, fingerprintOf({ ...settings, dataset: await datasetKey(config), model: base.fingerprint }));
  };

  const train: Session['train'] = async (config, options = {}) => {
    const inputs = {
      dataset: await dataset(config, options),
      tokenized: await tokens(config, options),
      model: await model(config, options),
    };
    const folder = await runFolder(config);
    const release = await claim(folder);
    try {
      const result = await trainRun(config, folder, inputs, { ...options, resume: 'if-present' });
      return { ...result, folder, adapter: runTrainedFolder(folder, config) };
    } finally {
      await release();
    }
  };

  /** What the evaluation takes from the steps before. */
  const trained = async (
    config: Config,
    { trainedWith = config, ...reporting }: Reporting & { trainedWith?: Config },
  ) => {
    const run = await train(trainedWith, reporting);
    return {
      run,
      papers: (await dataset(config, reporting)).papers,
      loaded: await model(config, reporting),
      reporting,
    };
  };

  return {
    dataset,
    tokens,
    model,
    runFolder,
    train,
    async plan(config, epoch, reporting) {
      return scheduleEpoch(config, await dataset(config, reporting), await tokens(config, reporting), epoch);
    },
    async encoder(config, reporting) {
      const loaded = await model(config, reporting);
      const { seed, encoder, batches, training } = config;
      const settings = {
        seed,
        encoder,
        budgets: [batches.tokenBudget, training.memoryBudget],
        method: training.method,
      };
      const key = fingerprintOf({ ...settings, model: loaded.base.fingerprint });
      return encoders.get(key, () => trainableEncoder(config, loaded));
    },
    async evaluate(config, options = {}) {
      const { run, papers, loaded, reporting } = await trained(config, options);
      const { statistics } = await tokens(config, reporting);
      const { summaries, histogram } = statistics.abstracts;
      const extras = {
        tokens: { summaries, histogram, maxAbstractTokens: config.tokens.maxAbstractTokens },
        training: run.history,
        batches: trainedComposition(config, run.trained, run.batches),
      };
      const { folder, adapter } = run;
      return evaluateTask(config, evaluationTask(config, papers), loaded, { folder, adapter, extras, ...reporting });
    },
    async search(config, query, k, options = {}) {
      const { run, papers, loaded, reporting } = await trained(config, options);
      const { folder, adapter } = run;
      return searchPapers(config, papers, loaded, query, k, { folder, adapter, ...reporting });
    },
    async similarity(config, papers, system, options = {}) {
      const { trainedWith = config, ...reporting } = options;
      const adapter = system === 'tuned' ? (await train(trainedWith, reporting)).adapter : null;
      const loaded = await model(config, reporting);
      const encoder = adapter ? await adaptedEncoder(config, loaded, adapter) : await untunedEncoder(config, loaded);
      try {
        const cached = cachedModel(encoderModel(system, encoder, config), { folder: join(config.cache, 'embeddings') });
        const titles = papers.map(({ title }) => title);
        const abstracts = papers.map(({ abstract }) => abstract);
        const queries = await embedAll(cached, titles, 'query', reporting);
        const documents = await embedAll(cached, abstracts, 'document', reporting);
        return innerProducts(queries.vectors, documents.vectors, encoder.dimensions);
      } finally {
        await encoder.dispose();
      }
    },
    async close() {
      await models.clear();
    },
  };
}

/** Keeps two notebooks from training into one folder. Whoever is killed leaves a claim that is void after ten seconds. */
async function claim(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  try {
    return await acquireLock(folder, { stale: 10_000 });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new UserError(
      `${folder} is in training elsewhere, perhaps in another notebook (${error.owner}): wait for its end, or stop it there; after a crash, try again in ten seconds`,
    );
  }
}
