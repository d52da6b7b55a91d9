/**
 * How well corpus, queries and judgements fit together. What does not join lowers metrics or leaves queries out, and is
 * never silent: counted in the report, told as a warning, and an error where nothing joins.
 */
import { isEmptyText } from '../core/empty-text.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import type { Qrels } from '../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../retrieval/systems/retrieval-system.js';
import { describeWithoutRelevant, hasRelevant } from './run-joins.js';

export interface JoinCounts {
  judgedQueries: number;
  /** Judged queries that the queries lack: left out. */
  judgedQueriesMissing: number;
  /** Queries without judgements: left out. */
  unjudgedQueries: number;
  /** Asked queries without a relevant document: nobody can score there. */
  queriesWithoutRelevant: number;
  /** Different documents with a judgement. */
  judgedDocuments: number;
  /** Of these the corpus lacks: not found by anyone. */
  judgedDocumentsMissing: number;
  /** Documents without text: not found by anyone. */
  emptyDocuments: number;
  /** Judged queries without text: they count 0. */
  emptyQueries: number;
}

export interface JoinedParts {
  corpus: readonly CorpusDocument[];
  queries: readonly Query[];
  qrels: Qrels;
}

/** @throws UserError for an empty corpus, or where no query or no document joins */
export function countJoins({ corpus, queries, qrels }: JoinedParts): JoinCounts {
  if (corpus.length === 0) throw new UserError('the corpus is empty: evaluation needs at least one document');
  const asked = queries.filter(({ id }) => qrels.has(id));
  if (asked.length === 0) {
    throw new UserError(`no query of ${queries.length} has a judgement: check the ids in the qrels`);
  }
  const documents = new Set(corpus.map(({ id }) => id));
  const judged = new Set(asked.flatMap(({ id }) => [...(qrels.get(id)?.keys() ?? [])]));
  const missing = [...judged].filter((id) => !documents.has(id)).length;
  if (judged.size > 0 && missing === judged.size) {
    const [wanted, there] = [judged.values().next().value, corpus[0]?.id];
    throw new UserError(
      `no judged document is in the corpus: the qrels have "${wanted}", the corpus "${there}"; check that they belong together`,
    );
  }
  const counts: JoinCounts = {
    judgedQueries: qrels.size,
    judgedQueriesMissing: qrels.size - new Set(asked.map(({ id }) => id)).size,
    unjudgedQueries: queries.length - asked.length,
    queriesWithoutRelevant: asked.filter(({ id }) => !hasRelevant(qrels.get(id) as ReadonlyMap<string, number>)).length,
    judgedDocuments: judged.size,
    judgedDocumentsMissing: missing,
    emptyDocuments: corpus.filter(({ text }) => isEmptyText(text)).length,
    emptyQueries: asked.filter(({ text }) => isEmptyText(text)).length,
  };
  if (counts.emptyDocuments === corpus.length) throw new UserError('no document has a text: there is nothing to find');
  if (counts.emptyQueries === asked.length) throw new UserError('no judged query has a text: there is nothing to ask');
  return counts;
}

/** What does not join, one sentence each; none where all does. */
export function describeJoins(joins: JoinCounts): string[] {
  const { judgedDocuments, judgedDocumentsMissing, judgedQueries, judgedQueriesMissing } = joins;
  const { emptyDocuments, emptyQueries, unjudgedQueries, queriesWithoutRelevant } = joins;
  return [
    judgedDocumentsMissing > 0 &&
      `the corpus lacks ${judgedDocumentsMissing} of ${quantity(judgedDocuments, 'judged documents')}, which ${agreeing(judgedDocumentsMissing, 'counts', 'count')} as not found`,
    judgedQueriesMissing > 0 &&
      `the queries lack ${judgedQueriesMissing} of ${quantity(judgedQueries, 'judged queries')}, which ${agreeing(judgedQueriesMissing, 'is', 'are')} left out`,
    unjudgedQueries > 0 &&
      `${quantity(unjudgedQueries, 'queries')} without judgements ${agreeing(unjudgedQueries, 'is', 'are')} left out`,
    describeWithoutRelevant(queriesWithoutRelevant, judgedQueries - judgedQueriesMissing),
    emptyDocuments > 0 &&
      `${quantity(emptyDocuments, 'documents')} ${agreeing(emptyDocuments, 'has no text: no system finds it', 'have no text: no system finds them')}`,
    emptyQueries > 0 &&
      `${quantity(emptyQueries, 'queries')} ${agreeing(emptyQueries, 'has no text: it counts', 'have no text: they count')} 0`,
  ].filter((sentence) => sentence !== false);
}

/** Tells {@link describeJoins} as warnings. */
export function tellJoins(joins: JoinCounts, { onMessage }: Reporting): void {
  for (const text of describeJoins(joins)) onMessage?.({ level: 'warning', text });
}
