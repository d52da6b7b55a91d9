/**
 * Step 6 for a configuration: what is searched and asked, the systems that take part, and the report in a folder. A run
 * that was evaluated before encodes nothing again, see the caches of retrieval/systems.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { loadDataset } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { writeReport } from '../display/html/write-report.js';
import type { Encoder } from '../encoder/encoder.js';
import { matmulTransposed } from '../engine/matmul.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import { describeEnvironment } from '../evaluation/environment.js';
import { type EvaluateOptions, evaluate } from '../evaluation/evaluate.js';
import { readBeir } from '../evaluation/formats/beir.js';
import { writeQueryScores } from '../evaluation/formats/query-csv.js';
import { writeRun } from '../evaluation/formats/trec.js';
import type { Report } from '../evaluation/report.js';
import { BEIR_BM25 } from '../retrieval/systems/bm25.js';
import { type CreatedSystems, type CreateSystemsOptions, createSystems } from '../retrieval/systems/create-systems.js';
import type { EmbeddingModel } from '../retrieval/systems/embedding-model.js';
import { systemFolderName } from '../retrieval/systems/embedding-system.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import { validationSet } from '../training/validation.js';
import { adaptedEncoder, type LoadedModel, loadModel, untunedEncoder } from './encoders.js';
import { runTrainedFolder } from './run-folder.js';

/** Corpus, queries and judgements. */
export type EvaluationTask = Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels' | 'validation'> & {
  dropSelf?: boolean;
};

/** The abstracts of the test side (or evaluation.split), and titles of it (evaluation.queries). */
export function evaluationTask(config: Config, papers: SplitPaper[]): EvaluationTask {
  const { split, queries } = config.evaluation;
  const searched = papers.filter((paper) => paper.split === split);
  const asked = queries === 'all' ? searched : searched.filter((paper) => paper.role === 'main');
  if (asked.length === 0) {
    throw new UserError(
      `no paper of the ${split} side is of the main topic, so there is nothing to ask: read more papers, raise datasets.${split}Share, or set evaluation.queries=all`,
    );
  }
  // queries of validation come first among its papers; what is reported on must not choose anything
  const watched = validationSet(papers, config);
  const validation =
    split !== 'validation' && watched.queries > 0
      ? { validation: titlesOverAbstracts(watched.papers.slice(0, watched.queries), watched.papers) }
      : {};
  return { ...titlesOverAbstracts(asked, searched), ...validation };
}

function titlesOverAbstracts(asked: SplitPaper[], searched: SplitPaper[]): EvaluationTask {
  return {
    corpus: searched.map(({ id, abstract, title, topic }) => ({ id, text: abstract, title, topic })),
    queries: asked.map(({ id, title, topic }) => ({ id, text: title, topic })),
    qrels: new Map(asked.map(({ id }) => [id, new Map([[id, 1]])])),
  };
}

/** Says whether an estimated cost may be spent. */
export type ConfirmCost = NonNullable<CreateSystemsOptions['confirmCost']>;

/** Parts of the report that come from the steps before the evaluation. */
export type ReportExtras = Pick<Report, 'tokens' | 'training' | 'batches'>;

export interface EvaluateTaskOptions extends Reporting {
  /** Where report, runs and indexes go. */
  folder: string;
  /** Folder of the tuned adapter; null where nothing was trained. */
  adapter: string | null;
  extras?: ReportExtras;
  /** Asked before more than evaluation.openaiCostLimit is spent; absent: it is refused. */
  confirmCost?: ConfirmCost;
}

/** Evaluates the systems of the configuration and writes report.json, report.html and runs/*.trec. */
export async function evaluateTask(
  config: Config,
  task: EvaluationTask,
  model: LoadedModel,
  { folder, adapter, extras = {}, ...reporting }: EvaluateTaskOptions,
): Promise<Report> {
  return withSystems(config, model, folder, adapter, reporting, async ({ systems, skipped }) => {
    const environment = describeEnvironment(model.engine.description);
    const { report, runs, scores } = await evaluate({ config, ...task, systems, skipped, environment, ...reporting });
    Object.assign(report, extras);
    for (const [name, run] of runs) await writeRun(join(folder, 'runs', `${systemFolderName(name)}.trec`), run, name);
    await writeQueryScores(join(folder, 'runs', 'queries.csv'), scores, task.queries);
    await writeReport(folder, report);
    return report;
  });
}

/** The run folder whose adapter takes part as "tuned", if any. */
export interface EvaluateFolderOptions extends Reporting {
  run?: string;
  confirmCost?: ConfirmCost;
}

/** The test side of a run, by the systems of the configuration. What the earlier report says of training stays. */
export async function evaluateRunFolder(
  config: Config,
  folder: string,
  { run, ...reporting }: EvaluateFolderOptions & { run: string },
): Promise<Report> {
  const { papers } = await loadDataset(config, reporting);
  const extras = await earlierExtras(run);
  return withModel(config, run, reporting, (model, adapter) =>
    evaluateTask(config, evaluationTask(config, papers), model, { folder, adapter, extras, ...reporting }),
  );
}

/** Every title of a source as a query over all its abstracts. */
export async function evaluatePapers(
  config: Config,
  folder: string,
  options: EvaluateFolderOptions = {},
): Promise<Report> {
  const { run, ...reporting } = options;
  const { papers } = await loadDataset(config, reporting);
  return withModel(config, run, reporting, (model, adapter) =>
    evaluateTask(config, titlesOverAbstracts(papers, papers), model, { folder, adapter, ...reporting }),
  );
}

/** The test queries of a BEIR folder. */
export async function evaluateBeir(
  config: Config,
  beir: string,
  folder: string,
  options: EvaluateFolderOptions = {},
): Promise<Report> {
  const { run, ...reporting } = options;
  const task = await readBeir(beir, 'test', reporting);
  const { bm25 } = config.evaluation;
  const evaluation = { ...config.evaluation, bm25: { k1: bm25.k1 ?? BEIR_BM25.k1, b: bm25.b ?? BEIR_BM25.b } };
  return withModel(config, run, reporting, (model, adapter) =>
    evaluateTask({ ...config, evaluation }, task, model, { folder, adapter, ...reporting }),
  );
}

export interface SearchResult {
  id: string;
  title: string;
  topic: string;
  /** Cosine similarity. */
  score: number;
}

/** The papers of a run's test side nearest to a query, by its tuned encoder; by the base model where nothing was tuned. */
export async function searchRun(
  config: Config,
  folder: string,
  query: string,
  k: number,
  reporting: Reporting = {},
): Promise<SearchResult[]> {
  const { papers } = await loadDataset(config, reporting);
  return withModel(config, folder, reporting, (model, adapter) =>
    searchPapers(config, papers, model, query, k, { folder, adapter, ...reporting }),
  );
}

/** {@link searchRun} on papers and a model that are there already. */
export async function searchPapers(
  config: Config,
  papers: SplitPaper[],
  model: LoadedModel,
  query: string,
  k: number,
  { folder, adapter, ...reporting }: EvaluateTaskOptions,
): Promise<SearchResult[]> {
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
  const { corpus } = evaluationTask(config, papers);
  const asked: Config = { ...config, evaluation: { ...config.evaluation, systems: [adapter ? 'tuned' : 'untuned'] } };
  return withSystems(asked, model, folder, adapter, reporting, async ({ systems: [system] }) => {
    if (!system) throw new UserError(`${folder} has nothing to search with`);
    const task = { corpus, queries: [{ id: 'query', text: query }], depth: Math.min(k, corpus.length) };
    const { run } = await system.retrieve(task, reporting, () => Promise.reject(new Error('no hybrid takes part')));
    const byId = new Map(papers.map((paper) => [paper.id, paper]));
    return (run.get('query') ?? []).map(({ id, score }) => {
      const { title = '', topic = '' } = byId.get(id) ?? {};
      return { id, title, topic, score };
    });
  });
}

/** Loads the model for as long as `work` takes. @internal */
export async function withModel<T>(
  config: Config,
  run: string | undefined,
  reporting: Reporting,
  work: (model: LoadedModel, adapter: string | null) => Promise<T>,
): Promise<T> {
  checkEvaluation(config);
  const adapter = run === undefined ? config.encoder.adapter : runTrainedFolder(run, config);
  const present = adapter !== null && (await stat(adapter).catch(() => null)) !== null;
  const model = await loadModel(config, reporting);
  try {
    return await work(model, present ? adapter : null);
  } finally {
    await model.engine.close();
  }
}

/** Makes the systems of the configuration for as long as `work` takes. @param folder for their indexes @internal */
export async function withSystems<T>(
  config: Config,
  model: LoadedModel,
  folder: string | undefined,
  adapter: string | null,
  reporting: Reporting & { confirmCost?: ConfirmCost },
  work: (created: CreatedSystems) => Promise<T>,
): Promise<T> {
  const encoders: Encoder[] = [];
  const own = (name: 'tuned' | 'untuned', open: () => Promise<Encoder>) => async (): Promise<EmbeddingModel> => {
    const encoder = await open();
    encoders.push(encoder);
    return encoderModel(name, encoder, config);
  };
  let created: CreatedSystems | undefined;
  try {
    created = await createSystems({
      ...reporting,
      config,
      ...(folder === undefined ? {} : { runFolder: folder }),
      matmul: matmulTransposed(model.engine),
      untuned: own('untuned', () => untunedEncoder(config, model)),
      tuned: adapter === null ? null : own('tuned', () => adaptedEncoder(config, model, adapter)),
    });
    return await work(created);
  } finally {
    await created?.close();
    for (const encoder of encoders) await encoder.dispose();
  }
}

/** What an earlier report of the run says of the steps before the evaluation. */
async function earlierExtras(run: string): Promise<ReportExtras> {
  try {
    const { tokens, training, batches } = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as Report;
    return { ...(tokens && { tokens }), ...(training && { training }), ...(batches && { batches }) };
  } catch {
    return {};
  }
}
