/**
 * Step 6: all systems on the same corpus, queries and code path, and the report on them.
 */
import type { Config } from '../config/config.js';
import { isEmptyText } from '../core/empty-text.js';
import { type Reporting, reportingOf } from '../core/events.js';
import type { Qrels, Run } from '../retrieval/ranking.js';
import type {
  CorpusDocument,
  Query,
  RetrievalSystem,
  RetrievalTask,
  ValidationTask,
} from '../retrieval/systems/retrieval-system.js';
import { compareSystems } from './comparisons.js';
import { dimensionCurvesOf, embeddingReports } from './describe-embeddings.js';
import { readingExamples, recallCurve, topicConfusion } from './describe-run.js';
import { type QueryScores, scoreQueries } from './evaluate-run.js';
import { countJoins, tellJoins } from './joins.js';
import { overlapBreakdown } from './lexical-overlap.js';
import { parseMetrics } from './metrics/registry.js';
import { quantizationReports } from './quantization.js';
import { queryKindBreakdown } from './query-kinds.js';
import type { Report, SkippedSystem } from './report.js';
import { retrieveAll } from './retrieve-all.js';
import { systemReports } from './system-reports.js';
import { topicBreakdown } from './topics.js';

export interface EvaluateOptions extends Reporting {
  /** Complete configuration of the run: it goes into the report; `seed` and `evaluation` are used here. */
  config: Config;
  corpus: readonly CorpusDocument[];
  /** Queries without judgements are left out. */
  queries: readonly Query[];
  qrels: Qrels;
  /** What hybrids choose their fusion by; without it they take a weighted sum of equal weights. */
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
 * @throws UserError for an empty corpus, judgements that join nothing, or an unknown metric; WorkError if no system could run
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { config, corpus, qrels, validation, environment = {}, dropSelf = false } = options;
  const reporting = reportingOf(options);
  const metrics = parseMetrics(config.evaluation.metrics);
  const joins = countJoins(options);
  tellJoins(joins, reporting);
  const queries = judgedQueries(options);
  const judged: Qrels = new Map(queries.map(({ id }) => [id, qrels.get(id) as Map<string, number>]));

  // What has no text is searched by nobody and found by nobody; it counts all the same.
  const searched = withText(corpus);
  const deepest = Math.max(LEAST_DEPTH, ...metrics.map(({ k }) => k ?? 0)) + (dropSelf ? 1 : 0);
  const { quantization, rescoringMultiplier } = config.evaluation;
  const task: RetrievalTask = {
    corpus: searched,
    queries: withText(queries),
    depth: Math.min(searched.length, deepest),
    study: {
      qrels: judged,
      dimensions: config.evaluation.dimensions,
      seed: config.seed,
      ...(quantization.length > 0 && {
        quantization: {
          precisions: quantization,
          rescoringMultiplier,
          depth: Math.max(...metrics.map(({ k }) => k ?? LEAST_DEPTH)) + (dropSelf ? 1 : 0),
        },
      }),
    },
    ...(validation && { validation: { ...validation, depth: Math.min(validation.corpus.length, deepest) } }),
  };
  const skipped: SkippedSystem[] = [...(options.skipped ?? [])];
  const retrieved = await retrieveAll(options.systems, { task, dropSelf, skipped, ...reporting });
  const runs = new Map(Array.from(retrieved, ([{ name }, { run }]) => [name, run]));
  const scores = new Map(Array.from(runs, ([name, run]) => [name, scoreQueries(run, judged, metrics)]));

  const bootstrap = { seed: config.seed, samples: config.evaluation.bootstrapSamples };
  const systems = systemReports(retrieved, scores, metrics, bootstrap);
  const description = { corpus, queries, qrels: judged };
  const embeddings = embeddingReports(retrieved);
  const dimensionCurves = dimensionCurvesOf(retrieved, systems, judged, metrics, bootstrap);
  const quantized = quantizationReports(retrieved, judged, metrics, bootstrap);
  const report: Report = {
    schemaVersion: 1,
    config,
    corpus: { documents: corpus.length, queries: queries.length, categories: countTopics(corpus) },
    joins,
    systems,
    comparisons: compareSystems(systems, scores, bootstrap),
    skipped,
    environment: { ...environment },
    recallCurves: Array.from(runs, ([system, run]) => recallCurve(system, run, judged, task.depth)),
    confusion: Array.from(runs, ([system, run]) => topicConfusion(system, run, description)),
    examples: Array.from(runs, ([system, run]) => ({ system, ...readingExamples(run, description, config.seed) })),
    topics: topicBreakdown(queries, scores, bootstrap),
    lexicalOverlap: overlapBreakdown(description, scores, bootstrap),
    queryKinds: queryKindBreakdown(description, scores, bootstrap),
    ...(embeddings.length > 0 && { embeddings }),
    ...(dimensionCurves.length > 0 && { dimensionCurves }),
    ...(quantized.length > 0 && { quantization: quantized }),
  };
  return { report, runs, scores };
}

/** Queries that are judged: the others are left out. */
function judgedQueries({ queries, qrels }: Pick<EvaluateOptions, 'queries' | 'qrels'>): Query[] {
  return queries.filter(({ id }) => qrels.has(id));
}

/** The texts that systems see of a task, in the order in which they are embedded. */
export function seenTexts(task: Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels'>): {
  corpus: CorpusDocument[];
  queries: Query[];
} {
  return { corpus: withText(task.corpus), queries: withText(judgedQueries(task)) };
}

function withText<T extends { text: string }>(items: readonly T[]): T[] {
  return items.filter(({ text }) => !isEmptyText(text));
}

/** Documents by topic. Topics are data: one may be named "constructor". */
function countTopics(corpus: readonly CorpusDocument[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { topic } of corpus) if (topic !== undefined) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return Object.fromEntries(counts);
}
