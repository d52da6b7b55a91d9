/**
 * The same metrics by how many of its words a query shares with its answer. This is where lexical and dense retrieval part:
 * BM25 lives on shared words, an encoder can do without (Thakur et al., 2021, arXiv:2104.08663, section 6, on lexical bias).
 *
 * The overlap of a query is the share of its distinct content words (stems without function words, as BM25 sees them) that
 * occur in its answer; with several relevant documents, in the one that shares most.
 */
import type { Qrels } from '../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../retrieval/systems/retrieval-system.js';
import { scientificTerms } from '../retrieval/systems/scientific-terms.js';
import type { QueryScores } from './evaluate-run.js';
import type { OverlapMetrics, OverlapThird } from './report.js';
import type { BootstrapOptions } from './statistics/bootstrap.js';
import { topicBreakdown } from './topics.js';

/** Thirds of the queries, from those that share least with their answers to those that share most. */
const OVERLAP_THIRDS: readonly OverlapThird[] = ['low', 'middle', 'high'];

/** The overlap of every query, 0 to 1. Queries without content words, or without a relevant document, have none. */
export function lexicalOverlaps(
  queries: readonly Query[],
  corpus: readonly CorpusDocument[],
  qrels: Qrels,
): Map<string, number> {
  const textOf = new Map(corpus.map(({ id, text }) => [id, text]));
  const overlaps = new Map<string, number>();
  for (const { id, text } of queries) {
    const words = new Set(scientificTerms(text));
    if (words.size === 0) continue;
    for (const [document, grade] of qrels.get(id) ?? []) {
      const answer = textOf.get(document);
      if (answer === undefined || !(grade > 0)) continue;
      const found = new Set(scientificTerms(answer));
      const shared = [...words].filter((word) => found.has(word)).length;
      overlaps.set(id, Math.max(overlaps.get(id) ?? 0, shared / words.size));
    }
  }
  return overlaps;
}

/**
 * The third of each query by its overlap. Equal overlaps stay together, in the third of their middle one: the thirds need
 * not have the same size, and one can be empty.
 */
export function overlapThirds(overlaps: ReadonlyMap<string, number>): Map<string, OverlapThird> {
  const rising = [...overlaps].sort(([, a], [, b]) => a - b);
  const thirds = new Map<string, OverlapThird>();
  for (let start = 0; start < rising.length; ) {
    let end = start;
    while (end < rising.length && rising[end]![1] === rising[start]![1]) end++;
    // (start + end) / 2 is the middle of the places start + 0.5 to end - 0.5
    const third = OVERLAP_THIRDS[Math.floor((3 * (start + end)) / (2 * rising.length))]!;
    for (const [id] of rising.slice(start, end)) thirds.set(id, third);
    start = end;
  }
  return thirds;
}

/** @param scores by system name; each for the same queries  @returns low to high, in each the systems in their order */
export function overlapBreakdown(
  task: { queries: readonly Query[]; corpus: readonly CorpusDocument[]; qrels: Qrels },
  scores: ReadonlyMap<string, QueryScores>,
  options: BootstrapOptions,
): OverlapMetrics[] {
  const overlaps = lexicalOverlaps(task.queries, task.corpus, task.qrels);
  const thirds = overlapThirds(overlaps);
  const queries = task.queries.flatMap(({ id, text }) => {
    const third = thirds.get(id);
    return third ? [{ id, text, topic: third }] : [];
  });
  const byThird = topicBreakdown(queries, scores, options);
  return OVERLAP_THIRDS.flatMap((third) => {
    const values = queries.filter(({ topic }) => topic === third).map(({ id }) => overlaps.get(id)!);
    const range = {
      from: values.reduce((a, b) => Math.min(a, b), 1),
      to: values.reduce((a, b) => Math.max(a, b), 0),
    };
    return byThird
      .filter(({ topic }) => topic === third)
      .map(({ topic: _, ...rest }) => ({ third, ...range, ...rest }));
  });
}
