/**
 * The ID-based context metrics of ragas (IDBasedContextRecall and IDBasedContextPrecision of version 0.4), exactly:
 * ids are compared as strings, duplicates collapse, order does not matter, and a value is NaN where it is undefined.
 * Their mean leaves NaN out, so that the number of undefined queries belongs beside it.
 */

import { isRelevant, type MetricDefinition } from './metric.js';

export type RagasId = string | number;

export const ragasRecallAtK: MetricDefinition = {
  name: 'ragas-recall',
  label: 'ragas recall',
  cutoff: true,
  definition: 'reference ids among the ids found / reference ids; undefined without a reference id',
  agreesWith: 'ragas IDBasedContextRecall',
  score: ({ ids, judged }) => ragasRecall(ids, referenceIds(judged)),
};

export const ragasPrecisionAtK: MetricDefinition = {
  name: 'ragas-precision',
  label: 'ragas precision',
  cutoff: true,
  definition: 'reference ids among the ids found / ids found; undefined where nothing was found',
  agreesWith: 'ragas IDBasedContextPrecision',
  score: ({ ids, judged }) => ragasPrecision(ids, referenceIds(judged)),
};

/** Share of the reference ids that were retrieved; NaN if there is no reference id. */
export function ragasRecall(retrieved: readonly RagasId[], reference: readonly RagasId[]): number {
  const [found, wanted] = [asSet(retrieved), asSet(reference)];
  return wanted.size === 0 ? Number.NaN : countShared(found, wanted) / wanted.size;
}

/** Share of the (unique) retrieved ids that are reference ids; NaN if nothing was retrieved. */
export function ragasPrecision(retrieved: readonly RagasId[], reference: readonly RagasId[]): number {
  const [found, wanted] = [asSet(retrieved), asSet(reference)];
  return found.size === 0 ? Number.NaN : countShared(found, wanted) / found.size;
}

function referenceIds(judged: ReadonlyMap<string, number>): string[] {
  return [...judged].flatMap(([id, grade]) => (isRelevant(grade) ? [id] : []));
}

function asSet(ids: readonly RagasId[]): Set<string> {
  return new Set(ids.map(String));
}

function countShared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const id of a) if (b.has(id)) count++;
  return count;
}
