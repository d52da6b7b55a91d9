/**
 * Metrics of a run against judgements: per query, and as means with intervals. Needs no model.
 */

import { UserError } from '../core/errors.js';
import type { MessageEvent } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import {
  checkScores,
  type Qrels,
  type RankedDocument,
  type Run,
  rankDocuments,
  type TieBreak,
} from '../retrieval/ranking.js';
import type { Metric } from './metrics/metric.js';
import { parseMetric, parseMetrics } from './metrics/registry.js';
import type { MetricValue } from './report.js';
import { countRunJoins, describeRunJoins, type RunJoins } from './run-joins.js';
import { bootstrapMeans, type Interval } from './statistics/bootstrap.js';

/** Values of one run: one a query and metric, in the order of `queryIds`. */
export interface QueryScores {
  queryIds: string[];
  /** By metric name; NaN where a metric is undefined for a query. */
  values: Record<string, Float64Array>;
}

export interface EvaluateRunOptions {
  seed: number;
  /** Resamples of the intervals; 2000 unless told otherwise. */
  samples?: number;
  ties?: TieBreak;
  onMessage?: (event: MessageEvent) => void;
}

/** The metrics of one run file. */
export interface RunEvaluation {
  metrics: Record<string, MetricValue>;
  /** Judged queries: what the means are over. */
  queries: number;
  /** Judged queries without results, which count 0. */
  missing: number;
  /** Queries of the run without judgements, which are left out. */
  unjudged: number;
  /** By metric: queries for which it is undefined and which its mean leaves out; only metrics of ragas have any. */
  undefinedQueries: Record<string, number>;
  /** How well run and judgements fit together. */
  joins: RunJoins;
}

/**
 * Scores each judged query, in the order of the judgements; a query without results counts as an empty ranking.
 *
 * @param metrics names such as "recall@10", or parsed metrics
 */
export function scoreQueries(
  run: Run,
  qrels: Qrels,
  metrics: readonly (string | Metric)[],
  ties: TieBreak = 'trec_eval',
): QueryScores {
  const parsed = metrics.map((metric) => (typeof metric === 'string' ? parseMetric(metric) : metric));
  checkScores(run);
  const queryIds = [...qrels.keys()];
  const values = Object.fromEntries(parsed.map(({ name }) => [name, new Float64Array(queryIds.length)]));
  queryIds.forEach((id, i) => {
    const ranked = uniqueDocuments(rankDocuments(run.get(id) ?? [], ties));
    const grades = qrels.get(id) as Map<string, number>;
    for (const metric of parsed) (values[metric.name] as Float64Array)[i] = valueFor(metric, id, ranked, grades);
  });
  return { queryIds, values };
}

/**
 * Means with 95 % bootstrap intervals over the judged queries.
 *
 * @throws UserError if there is no judged query, or no query that run and judgements share
 */
export function evaluateRun(
  run: Run,
  qrels: Qrels,
  metrics: readonly string[],
  options: EvaluateRunOptions,
): RunEvaluation {
  const parsed = parseMetrics(metrics);
  if (qrels.size === 0) throw new UserError('there are no judged queries: expected qrels with at least one line');
  const joins = countRunJoins(run, qrels);
  const tell = (text: string): void => options.onMessage?.({ level: 'warning', text });
  for (const text of describeRunJoins(joins)) tell(text);
  const scores = scoreQueries(run, qrels, parsed, options.ties);
  const intervals = bootstrapMeans(Object.values(scores.values), options);
  const undefinedQueries: Record<string, number> = {};
  const means: Record<string, MetricValue> = {};
  parsed.forEach(({ name }, i) => {
    const mean = withUndefined(intervals[i] as Interval, scores.values[name] as Float64Array);
    means[name] = mean;
    if (mean.undefinedQueries === undefined) return;
    undefinedQueries[name] = mean.undefinedQueries;
    tell(
      `${name} is undefined for ${mean.undefinedQueries} of ${quantity(qrels.size, 'queries')}: its mean is over the others`,
    );
  });
  return {
    metrics: means,
    queries: qrels.size,
    missing: joins.queriesWithoutResults,
    unjudged: joins.unjudgedQueries,
    undefinedQueries,
    joins,
  };
}

/** A mean together with the number of queries that it leaves out, where there are any. */
export function withUndefined(interval: Interval, values: Float64Array): MetricValue {
  const undefinedQueries = values.filter(Number.isNaN).length;
  return undefinedQueries === 0 ? interval : { ...interval, undefinedQueries };
}

function valueFor(
  metric: Metric,
  query: string,
  ranked: RankedDocument[],
  grades: ReadonlyMap<string, number>,
): number {
  const value: unknown = metric.score(ranked, grades);
  if (Number.isFinite(value) || Number.isNaN(value)) return value as number;
  throw new UserError(
    `metric "${metric.name}" gave ${value} for query "${query}": expected a number, or NaN where it is undefined`,
  );
}

/** Keeps the best-ranked of documents that a run lists twice. */
function uniqueDocuments(ranked: RankedDocument[]): RankedDocument[] {
  const seen = new Set<string>();
  return ranked.filter(({ id }) => !seen.has(id) && seen.add(id));
}
