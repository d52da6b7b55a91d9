/**
 * The six steps in order, each a function of the configuration and of what the steps before it left. The command line
 * runs them in one go, a notebook one a cell; both see the same results.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchReport, composition, describePlan } from './batches/composition.js';
import { planBatches } from './batches/plan.js';
import type { Config } from './config.js';
import { type Dataset, loadDataset, trainingPapers } from './datasets/dataset.js';
import type { SplitPaper } from './datasets/paper.js';
import { readAdapter } from './encoder/adapter-files.js';
import { type BaseModel, loadBaseModel } from './encoder/base-model.js';
import { type EncodedFile, type EncodeTextsOptions, encodeTextFile } from './encoder/encode-file.js';
import { writeReport } from './display/html/write-report.js';
import { createEncoder, type Encoder } from './encoder/encoder.js';
import { initializeAdapter } from './encoder/lora.js';
import { rowProducts } from './engine/matmul.js';
import { startEngine } from './engine/start-engine.js';
import type { Engine } from './engine/types.js';
import { UserError } from './errors.js';
import { describeEnvironment } from './evaluation/environment.js';
import { type Evaluation, type EvaluateOptions, evaluate } from './evaluation/evaluate.js';
import type { Report } from './evaluation/report.js';
import { writeRun } from './evaluation/formats/trec.js';
import { systemFolderName } from './evaluation/systems/embedding-system.js';
import { createSystems } from './evaluation/systems/create-systems.js';
import type { EmbeddingModel } from './evaluation/systems/embedding-model.js';
import { encoderModel } from './evaluation/systems/encoder-model.js';
import type { Reporting } from './events.js';
import { resolveModelFolder } from './model-folder.js';
import { startRunFolder } from './run-folder.js';
import { discardTraining, savedProgress } from './training/checkpoint.js';
import { type TrainPapersOptions, type TrainPapersResult, trainPapers } from './training/train-papers.js';
import { type TokenizedPaper, type TokenStatistics, tokenizePapers, tokenStatistics } from './tokens/token-statistics.js';
import { loadTokenizer, type Tokenizer } from './tokens/tokenizer.js';

/** Step 2: token ids of every paper, limits applied, and what the lengths say. */
export interface TokenizedDataset {
  /** By paper id. */
  tokens: Map<string, TokenizedPaper>;
  statistics: TokenStatistics;
  tokenizer: Tokenizer;
}

export async function tokenizeDataset(config: Config, papers: SplitPaper[], reporting: Reporting = {}): Promise<TokenizedDataset> {
  const folder = await modelFolder(config, reporting);
  const tokenizer = await loadTokenizer(folder);
  const whole = await tokenizePapers(folder, papers, { prompt: config.encoder.queryPrompt, ...reporting });
  const { maxTitleTokens, maxAbstractTokens } = config.tokens;
  const statistics = tokenStatistics(
    papers.map((paper) => paper.topic),
    whole,
    { maxAbstractTokens, tokenBudget: config.batches.tokenBudget, pairs: config.batches.pairs, seed: config.seed },
  );
  const tokens = new Map(
    papers.map((paper, i) => {
      const { title, abstract } = whole[i] as TokenizedPaper;
      return [
        paper.id,
        { title: tokenizer.truncate(title, maxTitleTokens), abstract: tokenizer.truncate(abstract, maxAbstractTokens) },
      ];
    }),
  );
  return { tokens, statistics, tokenizer };
}

/** Step 3: the batches of an epoch, by paper, and what they are made of. */
export interface EpochPlan {
  papers: SplitPaper[];
  /** Indices into `papers`. */
  batches: number[][];
  report: BatchReport;
}

export function planEpoch(config: Config, dataset: Dataset, { tokens }: TokenizedDataset, epoch = 0): EpochPlan {
  const papers = trainingPapers(dataset.papers, config);
  const { pairs, shares, tokenBudget } = config.batches;
  const plan = planBatches(papers, { pairs, shares, seed: config.seed, epoch });
  const items = papers.map((paper) => {
    const { title, abstract } = tokens.get(paper.id) as TokenizedPaper;
    return { role: paper.role, titleLength: title.length, abstractLength: abstract.length };
  });
  return { papers, batches: plan.batches, report: describePlan(items, plan, { shares, tokenBudget }) };
}

/** Shares of the roles over the batches of a training, beside their targets. */
export function trainedComposition(config: Config, papers: SplitPaper[], batches: number[][]): { role: string; target: number; actual: number }[] {
  return composition(papers, batches, config.batches.shares).map(({ role, target, actual }) => ({ role, target, actual }));
}

/** Step 4: the engine with the base model on it. Close the engine to free both. */
export interface LoadedModel {
  engine: Engine;
  base: BaseModel;
}

export async function loadModel(config: Config, reporting: Reporting = {}): Promise<LoadedModel> {
  const folder = await modelFolder(config, reporting);
  const engine = await startEngine(config, reporting);
  try {
    return { engine, base: await loadBaseModel(folder, engine, reporting) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The base model as it is. */
export async function untunedEncoder(config: Config, { base }: LoadedModel): Promise<Encoder> {
  return createEncoder(base, encoderOptions(config));
}

/** The base model with a new adapter, or with the one that the configuration names, ready to train. */
export async function trainableEncoder(config: Config, { base }: LoadedModel): Promise<Encoder> {
  if (config.encoder.adapter) return adaptedEncoder(config, { base }, config.encoder.adapter);
  const adapter = config.encoder.lora;
  return createEncoder(base, {
    ...encoderOptions(config),
    adapter: { config: adapter, tensors: initializeAdapter(adapter, base.config, config.seed) },
  });
}

/** The base model with an adapter from a folder. */
export async function adaptedEncoder(config: Config, { base }: Pick<LoadedModel, 'base'>, folder: string): Promise<Encoder> {
  return createEncoder(base, { ...encoderOptions(config), adapter: await readAdapter(folder, base.config) });
}

/** The encoder that a run folder's training left. */
export function runAdapterFolder(runFolder: string): string {
  return join(runFolder, 'adapter');
}

function encoderOptions(config: Config) {
  const { pooling, attention } = config.encoder;
  return {
    pooling,
    attention,
    tokenBudget: config.batches.tokenBudget,
    memoryBudget: config.training.memoryBudget * 1e9,
  };
}

export function modelFolder(config: Config, reporting: Reporting): Promise<string> {
  return resolveModelFolder(config.encoder.model, { revision: config.encoder.revision, ...reporting });
}

/** A file of texts to a file of embeddings, by the configured model with or without an adapter. */
export async function encodeFile(
  config: Config,
  options: Omit<EncodeTextsOptions, 'tokenBudget'> & { adapter?: string },
): Promise<EncodedFile> {
  const model = await loadModel(config, options);
  try {
    const encoder = options.adapter
      ? await adaptedEncoder(config, model, options.adapter)
      : await untunedEncoder(config, model);
    return await encodeTextFile(encoder, { ...options, tokenBudget: config.batches.tokenBudget });
  } finally {
    await model.engine.close();
  }
}

/** Step 5 in a run folder: trains, and leaves the best adapter in it. */
export async function trainRun(
  config: Config,
  folder: string,
  inputs: { dataset: Dataset; tokenized: TokenizedDataset; model: LoadedModel },
  options: Reporting & Partial<Pick<TrainPapersOptions, 'resume' | 'onStep' | 'onValidation'>> = {},
): Promise<TrainPapersResult> {
  const { papers } = inputs.dataset;
  await startRunFolder(folder, config, papers);
  const encoder = await trainableEncoder(config, inputs.model);
  try {
    return await trainPapers({ ...options, config, papers, tokens: inputs.tokenized.tokens, encoder, folder });
  } finally {
    await encoder.dispose();
  }
}

/** What is searched and asked: the abstracts of the test side, and titles of it (evaluation.queries). */
export function evaluationTask(config: Config, papers: SplitPaper[]): Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels'> {
  const test = papers.filter((paper) => paper.split === 'test');
  const asked = config.evaluation.queries === 'all' ? test : test.filter((paper) => paper.role === 'main');
  if (asked.length === 0) {
    throw new UserError(
      'no paper of the test side is of the main topic, so there is nothing to ask: read more papers, raise datasets.testShare, or set evaluation.queries=all',
    );
  }
  return {
    corpus: test.map(({ id, abstract, title, topic }) => ({ id, text: abstract, title, topic })),
    queries: asked.map(({ id, title, topic }) => ({ id, text: title, topic })),
    qrels: new Map(asked.map(({ id }) => [id, new Map([[id, 1]])])),
  };
}

/** Parts of the report that come from the steps before the evaluation. */
export type ReportExtras = Pick<Report, 'tokens' | 'training' | 'batches'>;

/** Step 6 in a run folder: evaluates the systems of the configuration and writes report and runs. */
export async function evaluateRun(
  config: Config,
  folder: string,
  inputs: { dataset: Dataset; model: LoadedModel },
  extras: ReportExtras = {},
  reporting: Reporting = {},
): Promise<Evaluation> {
  return evaluateTask(config, folder, evaluationTask(config, inputs.dataset.papers), inputs.model, extras, reporting);
}

/** As {@link evaluateRun}, on any corpus, queries and judgements. */
export async function evaluateTask(
  config: Config,
  folder: string,
  task: Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels'> & { dropSelf?: boolean },
  model: LoadedModel,
  extras: ReportExtras = {},
  reporting: Reporting = {},
): Promise<Evaluation> {
  const encoders: Encoder[] = [];
  const adapter = runAdapterFolder(folder);
  const hasAdapter = (await stat(adapter).catch(() => null)) !== null;
  const own = async (name: 'tuned' | 'untuned'): Promise<EmbeddingModel> => {
    const encoder = name === 'tuned' ? await adaptedEncoder(config, model, adapter) : await untunedEncoder(config, model);
    encoders.push(encoder);
    return encoderModel(name, encoder, config);
  };
  try {
    const { systems, skipped } = await createSystems({
      config,
      runFolder: folder,
      matmul: rowProducts(model.engine),
      untuned: () => own('untuned'),
      tuned: hasAdapter ? () => own('tuned') : null,
    });
    const environment = describeEnvironment(model.engine.description);
    const evaluation = await evaluate({ config, ...task, systems, skipped, environment, ...reporting });
    Object.assign(evaluation.report, extras);
    for (const [name, run] of evaluation.runs) await writeRun(join(folder, 'runs', `${systemFolderName(name)}.trec`), run, name);
    await writeReport(folder, evaluation.report);
    return evaluation;
  } finally {
    for (const encoder of encoders) await encoder.dispose();
  }
}

/** What to do with a training that the run folder already has. */
export interface EarlierTraining {
  /** Go on with it. */
  resume?: boolean;
  /** Throw it away, even if it was not finished. */
  restart?: boolean;
}

/** @throws UserError for an unfinished training that nobody decided about, so that hours of work are not lost to a forgotten option */
export async function settleEarlierTraining(folder: string, { resume, restart }: EarlierTraining): Promise<void> {
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
  options: Reporting & EarlierTraining = {},
): Promise<Report> {
  const { resume, restart, ...reporting } = options;
  await settleEarlierTraining(folder, { resume, restart });
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
    const { report } = await evaluateRun(config, folder, { dataset, model }, extras, reporting);
    return report;
  } finally {
    await model.engine.close();
  }
}
