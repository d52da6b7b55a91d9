/**
 * Which of the documents that a system found for a query serve as hard negatives: those in a window of ranks, far enough
 * below the query's own document that they are probably not relevant too (margins as in NV-Retriever, Moreira et al.,
 * 2024, arXiv:2407.15831), and within bounds of the score.
 */
import { Random } from '../../core/random.js';
import type { RankedDocument } from '../ranking.js';

export interface NegativeRules {
  /** Ranks from 1 among the documents that are not the query's own, both inclusive. */
  firstRank: number;
  lastRank: number;
  /** Score at most that of the query's own document minus this; null: any. */
  absoluteMargin: number | null;
  /** Score at most that of the query's own document minus this share of its size; null: any. */
  relativeMargin: number | null;
  minScore: number | null;
  maxScore: number | null;
  /** Negatives a query at most. */
  perQuery: number;
  /** top: the hardest of those that qualify; random: any of them, by the seed. */
  choice: 'top' | 'random';
  seed: number;
}

/** A document in the window. */
export interface NegativeCandidate extends RankedDocument {
  rank: number;
  /** What keeps it from being a negative. */
  refused: 'margin' | 'score bounds' | null;
}

export interface ChosenNegatives {
  /** Rank of the query's own document, among all; null: not at all. */
  own: { score: number; rank: number } | null;
  window: NegativeCandidate[];
  /** Hardest first. */
  negatives: NegativeCandidate[];
}

/**
 * @param ranked what was found for the query, best first
 * @param isOwn whether a document is the query's own, or has its text
 * @param ownId the document whose score the margins are below; absent: that with the id of the query
 */
export function chooseNegatives(
  queryId: string,
  ranked: readonly RankedDocument[],
  isOwn: (id: string) => boolean,
  rules: NegativeRules,
  ownId: string = queryId,
): ChosenNegatives {
  const ownPlace = ranked.findIndex(({ id }) => id === ownId);
  const own = ownPlace < 0 ? null : { score: (ranked[ownPlace] as RankedDocument).score, rank: ownPlace + 1 };
  const window = ranked
    .filter(({ id }) => id !== ownId && !isOwn(id))
    .slice(rules.firstRank - 1, rules.lastRank)
    .map((document, i): NegativeCandidate => {
      return { ...document, rank: rules.firstRank + i, refused: refusal(document.score, own?.score ?? null, rules) };
    });
  const passed = window.filter(({ refused }) => refused === null);
  const drawn = rules.choice === 'top' ? passed : new Random(rules.seed, 'choose negatives', queryId).shuffle(passed);
  const negatives = drawn.slice(0, rules.perQuery).sort((a, b) => a.rank - b.rank);
  return { own, window, negatives };
}

function refusal(score: number, own: number | null, rules: NegativeRules): NegativeCandidate['refused'] {
  const { absoluteMargin, relativeMargin, minScore, maxScore } = rules;
  if ((minScore !== null && score < minScore) || (maxScore !== null && score > maxScore)) return 'score bounds';
  if (absoluteMargin === null && relativeMargin === null) return null;
  // an own document that was not found scores below everything that was
  if (own === null) return 'margin';
  if (absoluteMargin !== null && score > own - absoluteMargin) return 'margin';
  if (relativeMargin !== null && score > own - relativeMargin * Math.abs(own)) return 'margin';
  return null;
}
