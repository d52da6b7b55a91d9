/**
 * Step 6: all systems on the same corpus, queries and code path, and the report on them.
 */
import type { Config } from '../config/config.js';
import { Interrupted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { Qrels, Run } from '../retrieval/ranking.js';
import type {
  CorpusDocument,
  Query,
  RetrievalSystem,
  RetrievalTask,
  Retrieved,
  ValidationTask,
} from '../retrieval/systems/retrieval-system.js';
import { compareSystems } from './comparisons.js';
import { dimensionCurvesOf, embeddingReports } from './describe-embeddings.js';
import { readingExamples, recallCurve, topicConfusion } from './describe-run.js';
import { type QueryScores, scoreQueries, withUndefined } from './evaluate-run.js';
import { overlapBreakdown } from './lexical-overlap.js';
import { parseMetrics } from './metrics/registry.js';
import type { MetricValue, Report, SkippedSystem, SystemReport } from './report.js';
import { bootstrapMeans, type Interval } from './statistics/bootstrap.js';
import { topicBreakdown } from './topics.js';

export interface EvaluateOptions extends Reporting {
  /** Complete configuration of the run: it goes into the report; `seed` and `evaluation` are used here. */
  config: Config;
  corpus: readonly CorpusDocument[];
  /** Queries without judgements are left out. */
  queries: readonly Query[];
  qrels: Qrels;
  /** What hybrids choose their fusion by; without it they take reciprocal ranks. */
  validation?: Omit<ValidationTask, 'depth'>;
  systems: readonly RetrievalSystem[];
  /** Systems that were asked for and cannot take part, with the reason. */
  skipped?: readonly SkippedSystem[];
  /** Facts about machine and versions for the report. */
  environment?: Record<string, string | number>;
  /** Leaves out documents whose id is the query's, as BEIR does; titles against abstracts must keep them. */
  dropSelf?: boolean;
}

export interface Evaluation {
  report: Report;
  /** What each system found, by its name. */
  runs: Map<string, Run>;
  /** Values of each query, by system. */
  scores: Map<string, QueryScores>;
}

// Curves, fusion and hard negatives want more than the metrics' k.
const LEAST_DEPTH = 100;

/**
 * Evaluates systems and compares them.
 *
 * @throws UserError for an empty corpus, no judged query, or an unknown metric; WorkError if no system could run
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { config, corpus, qrels, environment = {}, dropSelf = false } = options;
  const { onProgress, onMessage, signal } = options;
  const reporting: Reporting = {
    ...(onProgress && { onProgress }),
    ...(onMessage && { onMessage }),
    ...(signal && { signal }),
  };
  const { bootstrapSamples: samples } = config.evaluation;
  const metrics = parseMetrics(config.evaluation.metrics);
  const queries = options.queries.filter(({ id }) => qrels.has(id));
  if (corpus.length === 0) throw new UserError('the corpus is empty: evaluation needs at least one document');
  if (queries.length === 0) {
    throw new UserError(`none of the ${options.queries.length} queries has a judgement: check the ids in the qrels`);
  }
  const judged: Qrels = new Map(queries.map(({ id }) => [id, qrels.get(id) as Map<string, number>]));
  const deepest = Math.max(LEAST_DEPTH, ...metrics.map(({ k }) => k ?? 0)) + (dropSelf ? 1 : 0);
  const { dimensions } = config.evaluation;
  const study = { qrels: judged, dimensions, seed: config.seed };
  const [searched, asked] = [withText(corpus), withText(queries)];
  tellEmpty(corpus.length - searched.length, queries.length - asked.length, onMessage);
  const task: RetrievalTask = {
    corpus: searched,
    queries: asked,
    depth: Math.min(searched.length, deepest),
    study,
  };
  const { validation } = options;
  if (validation) task.validation = { ...validation, depth: Math.min(validation.corpus.length, deepest) };

  const skipped: SkippedSystem[] = [...(options.skipped ?? [])];
  const retrieved = await retrieveAll(options.systems, task, skipped, reporting);
  if (dropSelf) {
    for (const { run, study } of retrieved.values()) {
      for (const found of [run, ...(study?.truncated ?? []).map((cut) => cut.run)]) removeSelf(found);
    }
  }

  const scores = new Map<string, QueryScores>();
  for (const [system, { run }] of retrieved) scores.set(system.name, scoreQueries(run, judged, metrics));
  const series = [...scores.values()].flatMap(({ values }) => metrics.map(({ name }) => values[name] as Float64Array));
  const intervals = bootstrapMeans(series, { seed: config.seed, samples });
  const systems = Array.from(retrieved, ([{ name, kind }, { dimensions, timing, study }], s): SystemReport => {
    const values = metrics.map(({ name: metric }, m): [string, MetricValue] => {
      const at = s * metrics.length + m;
      return [metric, withUndefined(intervals[at] as Interval, series[at] as Float64Array)];
    });
    const system = { name, kind, dimensions, metrics: Object.fromEntries(values) };
    if (!study) return { ...system, timing };
    const { millisecondsAQuery, exactMillisecondsAQuery, ...index } = study.index;
    const exact = exactMillisecondsAQuery === undefined ? {} : { exactMillisecondsAQuery };
    return { ...system, timing: { ...timing, millisecondsAQuery, ...exact }, index };
  });
  const runs = new Map(Array.from(retrieved, ([{ name }, { run }]) => [name, run]));
  const categories: Record<string, number> = {};
  for (const { topic } of corpus) if (topic !== undefined) categories[topic] = (categories[topic] ?? 0) + 1;
  const description = { corpus, queries, qrels: judged };
  const embeddings = embeddingReports(retrieved);
  const dimensionCurves = dimensionCurvesOf(retrieved, systems, judged, metrics, { seed: config.seed, samples });
  const report: Report = {
    schemaVersion: 1,
    config,
    corpus: { documents: corpus.length, queries: queries.length, categories },
    systems,
    comparisons: compareSystems(systems, scores, { seed: config.seed, samples }),
    skipped,
    environment: { ...environment },
    recallCurves: Array.from(runs, ([system, run]) => recallCurve(system, run, judged, task.depth)),
    confusion: Array.from(runs, ([system, run]) => topicConfusion(system, run, description)),
    examples: Array.from(runs, ([system, run]) => ({ system, ...readingExamples(run, description, config.seed) })),
    topics: topicBreakdown(queries, scores, { seed: config.seed, samples }),
    lexicalOverlap: overlapBreakdown(description, scores, { seed: config.seed, samples }),
    ...(embeddings.length > 0 && { embeddings }),
    ...(dimensionCurves.length > 0 && { dimensionCurves }),
  };
  return { report, runs, scores };
}

/** Those that have a text; the others have nothing that a system could find or look for. */
function withText<T extends { text: string }>(items: readonly T[]): T[] {
  return items.filter(({ text }) => text.trim() !== '');
}

function tellEmpty(documents: number, queries: number, onMessage: Reporting['onMessage']): void {
  const tell = (text: string): void => onMessage?.({ level: 'warning', text });
  if (documents > 0) tell(`${documents} documents have no text: no system finds them`);
  if (queries > 0) tell(`${queries} queries have no text: they count 0`);
}

/** Runs each system once, hybrids on what their parts found; optional ones that fail join the skipped. */
async function retrieveAll(
  systems: readonly RetrievalSystem[],
  task: RetrievalTask,
  skipped: SkippedSystem[],
  reporting: Reporting,
): Promise<Map<RetrievalSystem, Retrieved>> {
  const known = new Map<RetrievalSystem, Promise<Retrieved>>();
  const find = (system: RetrievalSystem): Promise<Retrieved> => {
    const earlier = known.get(system);
    if (earlier) return earlier;
    const now = system.retrieve(task, reporting, find);
    known.set(system, now);
    return now;
  };
  const found = new Map<RetrievalSystem, Retrieved>();
  const names = new Set<string>();
  for (const system of systems) {
    if (names.has(system.name)) throw new UserError(`system "${system.name}" is listed twice: list it once`);
    names.add(system.name);
    try {
      found.set(system, await find(system));
    } catch (error) {
      if (!system.optional || error instanceof Interrupted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      skipped.push({ name: system.name, reason });
      reporting.onMessage?.({ level: 'warning', text: `${system.name} is left out: ${reason}` });
    }
  }
  if (found.size === 0) {
    const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    throw new WorkError(`no system could be evaluated${reasons ? ` (${reasons})` : ': expected at least one'}`);
  }
  return found;
}

function removeSelf(run: Run): void {
  for (const [query, documents] of run) {
    run.set(
      query,
      documents.filter(({ id }) => id !== query),
    );
  }
}
