/**
 * Hard negatives: for every title the foreign abstracts that BM25 ranks highest. An inverted index over typed arrays,
 * scored a whole query at a time, mines tens of thousands of titles in seconds; it ranks as bm25.ts of the evaluation,
 * but for terms that a query repeats, which count once.
 */
import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';

/** Saturation and length normalisation of BM25, as in Robertson and Zaragoza (2009). */
const K1 = 1.2;
const B = 0.75;

/**
 * @param queries, documents their terms, repeated as often as they occur; query i belongs to document i
 * @param count negatives a query; fewer where fewer documents share a term with it
 * @returns for each query the indices of documents other than its own, best first
 */
export function mineLexicalNegatives(
  queries: readonly (readonly string[])[],
  documents: readonly (readonly string[])[],
  count: number,
  reporting: Reporting = {},
): Int32Array[] {
  const postings = indexDocuments(documents);
  const scores = new Float64Array(documents.length);
  return queries.map((query, own) => {
    if (own % 500 === 0) {
      throwIfAborted(reporting.signal, 'the state is saved');
      reporting.onProgress?.({ task: 'mining hard negatives', done: own, total: queries.length, unit: 'titles' });
    }
    scores.fill(0);
    for (const term of new Set(query)) {
      const posting = postings.get(term);
      if (!posting) continue;
      for (let k = 0; k < posting.documents.length; k++) scores[posting.documents[k]!]! += posting.scores[k]!;
    }
    scores[own] = 0;
    return highest(scores, count);
  });
}

/** Where a term occurs, and what it adds to the score of each document. */
interface Posting {
  documents: Int32Array;
  scores: Float64Array;
}

function indexDocuments(documents: readonly (readonly string[])[]): Map<string, Posting> {
  const meanLength = documents.reduce((sum, terms) => sum + terms.length, 0) / documents.length;
  const occurrences = new Map<string, { document: number; count: number }[]>();
  documents.forEach((terms, document) => {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const list = occurrences.get(term);
      if (list) list.push({ document, count });
      else occurrences.set(term, [{ document, count }]);
    }
  });
  const postings = new Map<string, Posting>();
  for (const [term, list] of occurrences) {
    const idf = Math.log(1 + (documents.length - list.length + 0.5) / (list.length + 0.5));
    postings.set(term, {
      documents: Int32Array.from(list, ({ document }) => document),
      scores: Float64Array.from(list, ({ document, count }) => {
        const length = documents[document]!.length / meanLength;
        return (idf * count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
      }),
    });
  }
  return postings;
}

/** Indices of the `count` highest positive scores, highest first; of equal scores the lower index. */
function highest(scores: Float64Array, count: number): Int32Array {
  const kept: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score <= 0 || (kept.length === count && score <= scores[kept[count - 1]!]!)) continue;
    let at = kept.length;
    while (at > 0 && scores[kept[at - 1]!]! < score) at--;
    kept.splice(at, 0, i);
    if (kept.length > count) kept.pop();
  }
  return Int32Array.from(kept);
}
