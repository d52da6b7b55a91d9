/**
 * Two runs as one.
 *
 * Reciprocal-rank fusion (Cormack, Clarke and Buettcher, 2009): a document's score is the sum of 1 / (k + its rank) over
 * the runs that found it, so that scores of different scales need no weighing.
 *
 * Weighted sum (convex combination; Bruch, Gai and Ingber, 2023, arXiv:2210.11934): (1 - w) times the first score plus w
 * times the second, each divided by the best of its query. It knows how clear a win was, and needs a weight.
 */
import { reciprocalRank } from '../../core/reciprocal-rank.js';
import { compareRanked, type Qrels, type RankedDocument, type Run, rankDocuments } from '../ranking.js';

export type Fusion =
  /** `k` damps the lead of the first ranks: 60 in the paper; 10 served better on titles against abstracts. */
  | { method: 'reciprocal-rank'; k: number }
  /** `weight` of the second run, 0 to 1. */
  | { method: 'weighted-sum'; weight: number };

/**
 * What is taken where nothing can be chosen by. On titles of arXiv papers over their abstracts it was ahead of reciprocal
 * ranks, and weights from .3 to .6 differed by .001; see docs/metrics.md.
 */
export const DEFAULT_FUSION = { method: 'weighted-sum', weight: 0.5 } as const satisfies Fusion;

const CANDIDATES: readonly Fusion[] = [
  { method: 'reciprocal-rank', k: 10 },
  { method: 'reciprocal-rank', k: 60 },
  ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((weight): Fusion => ({ method: 'weighted-sum', weight })),
];

/** @param depth documents kept a query */
export function fuseRuns(a: Run, b: Run, depth: number, fusion: Fusion = DEFAULT_FUSION): Run {
  const fused: Run = new Map();
  for (const id of new Set([...a.keys(), ...b.keys()])) {
    const first = scoresOf(rankDocuments(a.get(id) ?? []), fusion);
    const second = scoresOf(rankDocuments(b.get(id) ?? []), fusion);
    const weight = fusion.method === 'weighted-sum' ? fusion.weight : 0.5;
    const scale = fusion.method === 'weighted-sum' ? 1 : 2;
    const documents = Array.from(new Set([...first.scores.keys(), ...second.scores.keys()]), (document) => {
      const score =
        (1 - weight) * (first.scores.get(document) ?? first.missing) +
        weight * (second.scores.get(document) ?? second.missing);
      return { id: document, score: Math.fround(scale * score) };
    });
    fused.set(id, documents.sort(compareRanked).slice(0, depth));
  }
  return fused;
}

/**
 * What each document adds, and what those add that the run does not have: no rank is worth nothing; a score is at most
 * the lowest found, which is closer than none.
 */
function scoresOf(ranked: readonly RankedDocument[], fusion: Fusion): { scores: Map<string, number>; missing: number } {
  if (fusion.method === 'reciprocal-rank') {
    return { scores: new Map(ranked.map(({ id }, i) => [id, 1 / (fusion.k + i + 1)])), missing: 0 };
  }
  // Where the best score is not positive there is no scale to divide by, and nothing to prefer.
  const best = ranked[0]?.score ?? 0;
  if (best <= 0) return { scores: new Map(ranked.map(({ id }) => [id, 0])), missing: 0 };
  return {
    scores: new Map(ranked.map(({ id, score }) => [id, score / best])),
    missing: (ranked.at(-1)?.score ?? 0) / best,
  };
}

/** The fusion of a system in the report. */
export interface FusionUse {
  fusion: Fusion;
  /** In words: "weighted sum, 0.5 of tuned". */
  description: string;
  /** By what it was chosen; null where there was nothing, and it is the default. */
  chosenOn: { queries: number; mrr: number; keptOut?: boolean } | null;
}

/** A fusion and what it reached where it was chosen. */
export interface ChosenFusion {
  fusion: Fusion;
  /** MRR@10 of the queries that it was chosen by. */
  mrr: number;
  queries: number;
}

/** The fusion with the highest MRR@10 on queries that nothing is reported on; of equals the first. */
export function chooseFusion(a: Run, b: Run, qrels: Qrels, depth: number): ChosenFusion {
  const asked = [...qrels.keys()];
  const mrrOf = (run: Run): number =>
    asked.reduce((sum, id) => {
      const relevant = (run.get(id) ?? []).map((document) => (qrels.get(id)?.get(document.id) ?? 0) >= 1);
      return sum + reciprocalRank(10, relevant);
    }, 0) / asked.length;
  const tried = CANDIDATES.map((fusion) => ({
    fusion,
    mrr: mrrOf(fuseRuns(a, b, depth, fusion)),
    queries: asked.length,
  }));
  return tried.reduce((best, other) => (other.mrr > best.mrr ? other : best));
}

/** "weighted sum, 0.6 of tuned" */
export function describeFusion(fusion: Fusion, second: string): string {
  return fusion.method === 'weighted-sum'
    ? `weighted sum, ${fusion.weight} of ${second}`
    : `reciprocal-rank fusion, k = ${fusion.k}`;
}
