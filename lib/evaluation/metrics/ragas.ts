/**
 * The ID-based context metrics of ragas (IDBasedContextRecall and IDBasedContextPrecision of version 0.4), exactly:
 * ids are compared as strings, duplicates collapse, order does not matter, and a value is NaN where it is undefined.
 * Their mean leaves NaN out, so that the number of undefined queries belongs beside it.
 */

export type RagasId = string | number;

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

function asSet(ids: readonly RagasId[]): Set<string> {
  return new Set(ids.map(String));
}

function countShared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const id of a) if (b.has(id)) count++;
  return count;
}
