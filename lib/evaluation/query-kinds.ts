/**
 * Metrics of two kinds of queries: those that look for one known document (a title for its abstract), and those about a
 * topic, which several documents answer. They ask for different things, and systems that are good at one need not be at the
 * other.
 */
import type { Qrels } from '../retrieval/ranking.js';
import type { Query } from '../retrieval/systems/retrieval-system.js';
import type { QueryScores } from './evaluate-run.js';
import type { QueryKind, QueryKindMetrics } from './report.js';
import type { BootstrapOptions } from './statistics/bootstrap.js';
import { topicBreakdown } from './topics.js';

/** "known-item" with one relevant document, "topical" with more; undefined for a query with none. */
export function queryKind(grades: ReadonlyMap<string, number>): QueryKind | undefined {
  const relevant = [...grades.values()].filter((grade) => grade >= 1).length;
  return relevant === 0 ? undefined : relevant === 1 ? 'known-item' : 'topical';
}

/** @param scores by system name; each for the same queries  @returns for each kind that there is, the systems in their order */
export function queryKindBreakdown(
  { queries, qrels }: { queries: readonly Query[]; qrels: Qrels },
  scores: ReadonlyMap<string, QueryScores>,
  options: BootstrapOptions,
): QueryKindMetrics[] {
  const asked = queries.flatMap(({ id, text }) => {
    const kind = queryKind(qrels.get(id) ?? new Map());
    return kind ? [{ id, text, topic: kind }] : [];
  });
  return topicBreakdown(asked, scores, options).map(({ topic, ...rest }) => ({ kind: topic as QueryKind, ...rest }));
}
