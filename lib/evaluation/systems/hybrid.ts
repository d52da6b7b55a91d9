/**
 * Two systems as one, by reciprocal-rank fusion (Cormack, Clarke and Buettcher, 2009): a document's score is the sum
 * of 1 / (k + its rank) over the systems that found it, so that scores of different scales need no weighing.
 */
import { compareRanked, type RankedDocument, type Run, rankDocuments } from '../metrics/ranking.js';
import type { RetrievalSystem } from './retrieval-system.js';

/**
 * Fuses two runs.
 *
 * @param k damps the lead of the first ranks: 60 in the paper; 10 served better on titles against abstracts
 */
export function fuseRuns(a: Run, b: Run, depth: number, k = 10): Run {
  const fused: Run = new Map();
  for (const id of new Set([...a.keys(), ...b.keys()])) {
    const scores = new Map<string, number>();
    for (const run of [a, b]) {
      rankDocuments(run.get(id) ?? []).forEach((document, i) => {
        scores.set(document.id, (scores.get(document.id) ?? 0) + 1 / (k + i + 1));
      });
    }
    const documents: RankedDocument[] = Array.from(scores, ([document, score]) => ({
      id: document,
      score: Math.fround(score),
    }));
    fused.set(id, documents.sort(compareRanked).slice(0, depth));
  }
  return fused;
}

/** A hybrid of two systems; uses what they have already found where they are evaluated themselves. */
export function hybridSystem(a: RetrievalSystem, b: RetrievalSystem, name = `${a.name}+${b.name}`): RetrievalSystem {
  return {
    name,
    kind: 'hybrid',
    ...(a.optional || b.optional ? { optional: true } : {}),
    async retrieve(task, _reporting, retrieveOther) {
      const first = await retrieveOther(a);
      const second = await retrieveOther(b);
      const start = performance.now();
      const run = fuseRuns(first.run, second.run, task.depth);
      const fusion = (performance.now() - start) / 1000;
      return {
        run,
        dimensions: null,
        timing: {
          embedSeconds: first.timing.embedSeconds + second.timing.embedSeconds,
          indexSeconds: first.timing.indexSeconds + second.timing.indexSeconds,
          searchSeconds: first.timing.searchSeconds + second.timing.searchSeconds + fusion,
        },
      };
    },
  };
}
