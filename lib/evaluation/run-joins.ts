/**
 * How well a run and judgements fit together, where there is no corpus to ask: queries of one that the other lacks, and
 * results that nobody judged. Ids that are written in two ways ("doc7" and "7") give metrics of 0, and show here.
 */
import { UserError } from '../core/errors.js';
import { agreeing, quantity } from '../core/quantity.js';
import type { Qrels, Run } from '../retrieval/ranking.js';

/** What of a run and its judgements joins, and what does not. */
export interface RunJoins {
  judgedQueries: number;
  /** Judged queries that the run lacks: they count 0. */
  queriesWithoutResults: number;
  /** Judged queries without a relevant document: no run can score there. */
  queriesWithoutRelevant: number;
  /** Queries of the run without judgements, and their results: left out. */
  unjudgedQueries: number;
  resultsOfUnjudgedQueries: number;
  /** Results of judged queries. */
  results: number;
  /** Of these, those that are judged for any query. */
  resultsJudged: number;
  /** Different documents with a judgement. */
  judgedDocuments: number;
  /** Of these, those that the run has for no judged query. */
  judgedDocumentsNotFound: number;
}

/** @throws UserError where run and judgements share no query */
export function countRunJoins(run: Run, qrels: Qrels): RunJoins {
  const missing = [...qrels.keys()].filter((id) => !run.has(id)).length;
  if (missing === qrels.size) {
    const [a, b] = [run.keys().next().value ?? '(none)', qrels.keys().next().value];
    throw new UserError(`run and qrels share no query: the run has "${a}", the qrels have "${b}"`);
  }
  const judged = new Set([...qrels.values()].flatMap((grades) => [...grades.keys()]));
  const found = new Set<string>();
  const counts = { unjudgedQueries: 0, resultsOfUnjudgedQueries: 0, results: 0, resultsJudged: 0 };
  for (const [query, documents] of run) {
    if (!qrels.has(query)) {
      counts.unjudgedQueries++;
      counts.resultsOfUnjudgedQueries += documents.length;
      continue;
    }
    counts.results += documents.length;
    for (const { id } of documents) {
      if (!judged.has(id)) continue;
      counts.resultsJudged++;
      found.add(id);
    }
  }
  return {
    judgedQueries: qrels.size,
    queriesWithoutResults: missing,
    queriesWithoutRelevant: [...qrels.values()].filter((grades) => !hasRelevant(grades)).length,
    ...counts,
    judgedDocuments: judged.size,
    judgedDocumentsNotFound: judged.size - found.size,
  };
}

/** What does not join, one sentence each; none where all does. Documents that a run does not find are no such thing. */
export function describeRunJoins(joins: RunJoins): string[] {
  const { judgedQueries, queriesWithoutResults, queriesWithoutRelevant, unjudgedQueries } = joins;
  return [
    queriesWithoutResults > 0 &&
      `${queriesWithoutResults} of ${quantity(judgedQueries, 'judged queries')} ${agreeing(queriesWithoutResults, 'has no results in the run: it counts', 'have no results in the run: they count')} 0`,
    unjudgedQueries > 0 &&
      `the run has ${quantity(unjudgedQueries, 'queries')} without judgements, which ${agreeing(unjudgedQueries, 'is', 'are')} left out`,
    describeWithoutRelevant(queriesWithoutRelevant, judgedQueries),
    joins.results > 0 &&
      joins.resultsJudged === 0 &&
      `no result of ${joins.results} is a judged document: check that both files name documents alike`,
  ].filter((sentence) => sentence !== false);
}

/** Whether anything is relevant to a query, by its grades. */
export function hasRelevant(grades: ReadonlyMap<string, number>): boolean {
  return [...grades.values()].some((grade) => grade > 0);
}

/** The sentence on judged queries to which nothing is relevant; false where there are none. */
export function describeWithoutRelevant(count: number, judgedQueries: number): string | false {
  // reports of older versions lack the count
  if (!(count > 0)) return false;
  return `${count} of ${quantity(judgedQueries, 'judged queries')} ${agreeing(count, 'has no relevant document: it counts', 'have no relevant document: they count')} 0`;
}
