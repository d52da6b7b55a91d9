/** What an evaluation asks of the systems: corpora, queries and judgements, and the trained run among the systems. */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { evaluationTask, everyTitle } from './evaluation-task.js';
import { isJudged, type JudgedSet, judgedTask, type NamedTask, readSets } from './judged-sets.js';
import { isOfPairs } from './pair-tasks.js';
import { questionSet } from './question-set.js';
import { seenInTraining } from './runs/sides.js';
import type { StepResults } from './step-results.js';
import type { EvaluationTask } from './task.js';
import { findTrainedRun } from './trained-run.js';

/** The test split of the configured papers, every title of them, or judged queries from elsewhere. */
export type AskedTask = { kind: 'test split' } | { kind: 'every title' } | JudgedSet;

/** What an evaluation asks for. */
export interface AskedFor {
  run?: string | undefined;
  asked: AskedTask;
  sets: readonly JudgedSet[];
}

/** All that an evaluation asks of the systems, and the trained run among them. */
export async function whatIsAsked(
  results: StepResults,
  config: Config,
  { run, asked, sets }: AskedFor,
  reporting: Reporting,
): Promise<{
  found: Awaited<ReturnType<typeof findTrainedRun>> | null;
  task: EvaluationTask;
  settings: Config;
  ofPairs: boolean;
  /** Beside the first. */
  more: NamedTask[];
}> {
  const found = run === undefined ? null : await findTrainedRun(results, run, config, reporting);
  const first = await taskOf(results, config, { run, asked }, reporting);
  // a set that cannot be read is better found now than after the first was encoded
  const more = await readSets(sets, isJudged(asked) ? asked : null, config, reporting);
  if (asked.kind === 'test split') more.unshift(...(await questionsOf(results, config, first.task, reporting)));
  return { found, ...first, more };
}

/** Corpus and queries, and the configuration under which they are evaluated. */
async function taskOf(
  results: StepResults,
  config: Config,
  { run, asked }: Pick<AskedFor, 'run' | 'asked'>,
  reporting: Reporting,
): Promise<{ task: EvaluationTask; settings: Config; ofPairs: boolean }> {
  if (isJudged(asked)) return { ...(await judgedTask(asked, config, reporting)), ofPairs: false };
  const dataset = await results.dataset(config, reporting);
  const ofPairs = isOfPairs(dataset);
  if (asked.kind === 'test split') return { task: evaluationTask(config, dataset), settings: config, ofPairs };
  const seen = run === undefined ? new Set<string>() : await seenInTraining(run);
  const task = everyTitle(config, dataset, seen);
  const left = new Set(dataset.papers.map(({ id, pair }) => pair?.query ?? id).filter((id) => seen.has(id))).size;
  if (left > 0) {
    const what = ofPairs ? 'queries' : 'titles';
    const text = `${quantity(left, what)} of the training and validation sides of "${run}" are not asked, since it has learned from them or was chosen by them`;
    reporting.onMessage?.({ level: 'warning', text });
  }
  return { task, settings: config, ofPairs };
}

/** The questions about the papers, where there are any. */
async function questionsOf(
  results: StepResults,
  config: Config,
  titles: EvaluationTask,
  reporting: Reporting,
): Promise<NamedTask[]> {
  const { papers } = await results.dataset(config, reporting);
  const set = await questionSet(config, papers, titles);
  return set ? [set] : [];
}
