/**
 * The same metrics for the queries of each topic: where a system is good, and where it is not.
 */

import type { Query } from '../retrieval/systems/retrieval-system.js';
import type { QueryScores } from './evaluate-run.js';
import type { MetricValue, TopicMetrics } from './report.js';
import { type BootstrapOptions, bootstrapMeans } from './statistics/bootstrap.js';

/** @param scores by system name; each for the same queries */
export function topicBreakdown(
  queries: readonly Query[],
  scores: ReadonlyMap<string, QueryScores>,
  options: BootstrapOptions,
): TopicMetrics[] {
  const topicOf = new Map(queries.map(({ id, topic }) => [id, topic]));
  const topics = [...new Set(queries.flatMap(({ topic }) => (topic === undefined ? [] : [topic])))].sort();
  return topics.flatMap((topic) =>
    Array.from(scores, ([system, { queryIds, values }]): TopicMetrics => {
      const rows = queryIds.flatMap((id, i) => (topicOf.get(id) === topic ? [i] : []));
      const names = Object.keys(values);
      const series = names.map((name) => Float64Array.from(rows, (row) => values[name]?.[row] ?? Number.NaN));
      const intervals = bootstrapMeans(series, options);
      const metrics = Object.fromEntries(names.map((name, i) => [name, intervals[i] as MetricValue]));
      return { topic, system, queries: rows.length, metrics };
    }),
  );
}
