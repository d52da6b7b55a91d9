/**
 * Evaluations with their report in a folder: of a run's test split, of every title of a corpus, of a BEIR folder.
 */

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { prepareTextKeys } from '../batches/text-keys.js';
import type { Config } from '../config/config.js';
import { WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { trainingPapers } from '../datasets/dataset.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import { writeQueryScores } from '../evaluation/formats/query-csv.js';
import { writeRun } from '../evaluation/formats/trec.js';
import type { Report } from '../evaluation/report.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { keepResult } from '../files/keep-result.js';
import type { SentenceConfig } from '../models/sentence/sentence-config.js';
import type { EmbeddingModel } from '../retrieval/systems/embedding-model.js';
import { systemFolderName } from '../retrieval/systems/embedding-system.js';
import { savedProgress } from '../training/checkpoint.js';
import { scheduleSteps } from '../training/step-schedule.js';
import { batchesOfEpoch } from '../training/train-papers.js';
import { type AskedTask, whatIsAsked } from './asked-for.js';
import { withFolderChoices } from './encoder-use.js';
import { isJudged, type JudgedSet, setNames, setReport } from './judged-sets.js';
import { isOfPairs } from './pair-tasks.js';
import { projectPapers } from './projector.js';
import { lockRunFolder } from './run-lock.js';
import type { StepResults } from './step-results.js';
import { trainedShares } from './steps/batches.js';
import { evaluationStep } from './steps/evaluation.js';
import { tokenReport } from './steps/tokens.js';
import type { ConfirmCost } from './systems.js';
import type { EvaluationTask } from './task.js';

/** How the papers of the configuration are called among sets. */
const TITLES = 'titles';

/** Files that a report is also written as, beside report.json: pages, tables. */
export type RenderReport = (report: Report) => { name: string; text: string }[];

/** What to evaluate, and where the report goes. */
export interface EvaluateOptions extends Reporting {
  /** The run folder whose encoder takes part as "tuned"; absent: encoder.adapter of the configuration, or nobody. */
  run?: string;
  /** Where report.json, runs and indexes go; absent: the run folder. */
  folder?: string;
  /** What is asked; absent: the test split of the configured papers. */
  task?: AskedTask;
  /** More sets of judged queries for the same report; what `task` asks comes first in it. */
  sets?: readonly JudgedSet[];
  /** Asked before more than evaluation.openaiCostLimit is spent; absent: it is refused. */
  confirmCost?: ConfirmCost;
  renderReport?: RenderReport;
}

/** Evaluates the systems of the configuration and writes report.json, runs/*.trec and what `renderReport` makes. */
export async function evaluateInFolder(
  results: StepResults,
  config: Config,
  options: EvaluateOptions,
): Promise<Report> {
  const {
    run,
    task: asked = { kind: 'test split' },
    sets = [],
    confirmCost,
    renderReport = () => [],
    ...rest
  } = options;
  const { folder: given = run ?? 'checkpoints/evaluation', ...reporting } = rest;
  // absolute: the current folder of a long evaluation may vanish
  const folder = resolve(given);
  checkEvaluation(config);
  const release = await lockRunFolder(folder);
  let sentence: SentenceConfig | undefined;
  try {
    const { found, task, settings, ofPairs, more } = await whatIsAsked(
      results,
      config,
      { run, asked, sets },
      reporting,
    );
    const sources = {
      async model() {
        const loaded = await results.model(config, reporting);
        sentence = loaded.base.sentence;
        return loaded;
      },
      trained: found ? found.trained : config.encoder.adapter,
      ...(confirmCost ? { confirmCost } : {}),
    };
    const projected =
      run !== undefined && asked.kind === 'test split' ? projection(results, config, run, reporting) : {};
    const told = new Set<string>();
    const evaluation = await evaluationStep.run(
      settings,
      task,
      { ...sources, folder, ...projected },
      recording(reporting, told),
    );
    const { report } = evaluation;
    // the report says what held
    if (sentence) report.config = withFolderChoices(report.config, sentence);
    if (found) report.run = found.reported;
    if (ofPairs) report.corpus.kind = 'pairs';
    if (run !== undefined && asked.kind === 'test split') {
      Object.assign(report, await trainingParts(results, config, run, reporting));
    }
    if (more.length > 0) report.sets = [setReport({ name: isJudged(asked) ? setNames([asked])[0]! : TITLES }, report)];
    const beside: { name: string; evaluation: Evaluation; task: EvaluationTask }[] = [];
    for (const set of more) {
      reporting.onMessage?.({
        level: 'info',
        text: `${set.name}: ${quantity(set.task.queries.length, 'judged queries')}`,
      });
      const place = join(folder, 'sets', set.name);
      const ofSet = named(set.name, reporting, told);
      const of = await evaluationStep.run(set.settings, set.task, { ...sources, folder: place }, ofSet);
      beside.push({ name: set.name, evaluation: of, task: set.task });
      report.sets?.push(setReport(set, of.report));
    }
    await keepReport(folder, report, async (place) => {
      await mkdir(place, { recursive: true });
      await writeRuns(place, evaluation, task);
      for (const set of beside) await writeRuns(join(place, 'sets', set.name), set.evaluation, set.task);
      await writeFileAtomic(join(place, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
      for (const { name, text } of renderReport(report)) await writeFileAtomic(join(place, name), text);
    });
    return report;
  } finally {
    await release();
  }
}

/** Keeps what is told. */
function recording(reporting: Reporting, told: Set<string>): Reporting {
  return {
    ...reporting,
    onMessage(event) {
      told.add(event.text);
      reporting.onMessage?.(event);
    },
  };
}

/** Puts the name of a set before what is told of it, and leaves out what was told of the first. */
function named(name: string, reporting: Reporting, told: ReadonlySet<string>): Reporting {
  return {
    ...reporting,
    onMessage(event) {
      if (!told.has(event.text)) reporting.onMessage?.({ ...event, text: `${name}: ${event.text}` });
    },
  };
}

async function writeRuns(folder: string, { runs, scores }: Evaluation, { queries }: EvaluationTask): Promise<void> {
  for (const [name, ranking] of runs) {
    await writeRun(join(folder, 'runs', `${systemFolderName(name)}.trec`), ranking, name);
  }
  await writeQueryScores(join(folder, 'runs', 'queries.csv'), scores, queries);
}

/** A report whose folder could not take it at the end. */
export class UnkeptReport extends WorkError {
  constructor(
    message: string,
    readonly report: Report,
  ) {
    super(message);
  }
}

/** @throws UnkeptReport that says where the report is instead */
async function keepReport(folder: string, report: Report, write: (place: string) => Promise<void>): Promise<void> {
  try {
    await keepResult(folder, 'the report', write);
  } catch (error) {
    throw error instanceof WorkError ? new UnkeptReport(error.message, report) : error;
  }
}

/** The test papers in TensorBoard, while the trained encoder that has just embedded them is open. */
function projection(
  results: StepResults,
  config: Config,
  run: string,
  reporting: Reporting,
): { whileOpen(models: readonly EmbeddingModel[]): Promise<void> } {
  return {
    async whileOpen(models) {
      const model = models.find(({ kind }) => kind === 'tuned');
      if (!model) return;
      const { papers } = await results.dataset(config, reporting);
      const searched = papers.filter(({ split }) => split === config.evaluation.split);
      await projectPapers(model, searched, { run: resolve(run), config }, reporting);
    },
  };
}

/** What the report shows of the steps before the evaluation. */
async function trainingParts(
  results: StepResults,
  config: Config,
  run: string,
  reporting: Reporting,
): Promise<Pick<Report, 'tokens' | 'training' | 'batches'>> {
  const tokens = tokenReport(config, await results.tokens(config, reporting));
  const saved = await savedProgress(run);
  if (!saved) return { tokens };
  const dataset = await results.dataset(config, reporting);
  const papers = trainingPapers(dataset.papers, config);
  await prepareTextKeys(papers, reporting);
  const steps = scheduleSteps((epoch) => batchesOfEpoch(papers, config, epoch), config.training, papers.length);
  const taken = steps.slice(0, saved.step).flatMap((step) => step.batches.map(({ pairs }) => pairs));
  const training = { ...saved.history, skipped: saved.skipped, plannedSteps: steps.length };
  // pairs have no roles
  return { tokens, training, ...(isOfPairs(dataset) ? {} : { batches: trainedShares(config, papers, taken) }) };
}
