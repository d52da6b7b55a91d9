/** Pairs that were read to the papers of a dataset: which are relevant, on which side each is, and what stands against it. */
import type { Config } from '../../config/config.js';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { firstByPriority } from '../cleaning/collect.js';
import { type CleaningCounts, emptyCleaningCounts } from '../cleaning/counts.js';
import type { Split, SplitPaper } from '../paper.js';
import { type CollectedPair, type CollectedText, dropFalseNegatives } from './collect.js';
import type { ReadPairs } from './load.js';
import type { Collection, PairDocument } from './pair.js';
import type { DataSet } from './sets.js';
import { sidesOf } from './sides.js';

export interface ArrangedPairs {
  papers: SplitPaper[];
  cleaning: CleaningCounts;
  collection: Collection;
}

/** @throws UserError for scores that do not say which pairs are relevant */
export function arrangePairs(
  read: ReadPairs,
  sets: readonly DataSet[],
  config: Config,
  reporting: Reporting,
): ArrangedPairs {
  const place = new Map(sets.map(({ name }, i) => [name, i]));
  const order = (a: CollectedPair, b: CollectedPair): number =>
    (place.get(a.set) ?? 0) - (place.get(b.set) ?? 0) ||
    compare(a.query.id, b.query.id) ||
    compare(a.document.id, b.document.id);
  const all = [...read.collector.pairs.values()].sort(order);
  const isRelevant = relevanceOf(all, sets);
  const chosen = capped(all, config);
  const { validationShare, testShare, leaks } = config.datasets;
  const sided = sidesOf(
    chosen.map((pair) => {
      const { query, document, declared } = pair;
      return { query: query.key, document: document.key, declared, relevant: isRelevant(pair) };
    }),
    { validationShare, testShare, keepLeaks: leaks === 'keep' },
  );
  const sideOf = new Map(chosen.map((pair, i) => [pair, sided.sides[i] as Split | null]));
  const kept = chosen.filter((pair) => sideOf.get(pair) !== null);
  addJudgedNegatives(kept, isRelevant);
  const falseNegatives = dropFalseNegatives(kept, isRelevant);
  const claims = claimDocuments(kept, sideOf as Map<CollectedPair, Split>);
  const elsewhere = leaks === 'keep' ? 0 : dropNegativesElsewhere(kept, sideOf as Map<CollectedPair, Split>, claims);
  const { counts } = read.collector;
  const cleaning: CleaningCounts = {
    ...emptyCleaningCounts(),
    records: read.records,
    malformed: read.malformed,
    beyondCap: all.length - chosen.length,
    kept: kept.length,
    pairs: {
      ...counts,
      leaking: sided.leaking,
      cut: sided.cut,
      falseNegatives,
      negativesElsewhere: elsewhere + sided.elsewhere,
    },
  };
  if (sided.carved.length > 0) {
    const text = `the data do not say which pairs are for ${sided.carved.join(' and ')}: they are taken from the others by hash, so that no query or document is on two sides`;
    reporting.onMessage?.({ level: 'info', text });
  }
  return {
    papers: kept.map((pair) => paperOf(pair, sideOf.get(pair) as Split, isRelevant(pair))),
    cleaning,
    collection: { ...read.collection, documents: otherDocuments(read, kept, claims) },
  };
}

/** Whether a pair is relevant, by its score and the least one of its data set. */
function relevanceOf(pairs: readonly CollectedPair[], sets: readonly DataSet[]): (pair: CollectedPair) => boolean {
  const least = new Map<string, number>();
  for (const { name, source, minScore } of sets) {
    const scores = pairs.flatMap(({ set, score }) => (set === name && score !== null ? [score] : []));
    if (scores.length === 0) continue;
    if (minScore === null && !scores.every(Number.isInteger)) {
      const [low, high] = [scores.reduce((a, b) => Math.min(a, b)), scores.reduce((a, b) => Math.max(a, b))];
      throw new UserError(
        `"${source}" has scores from ${low} to ${high} that are no grades: set datasets.minScore, from which a pair counts as relevant, such as ${(low + high) / 2}`,
      );
    }
    least.set(name, minScore ?? 1);
  }
  return ({ set, score }) => score === null || score >= (least.get(set) as number);
}

/** At most datasets.maxPerCategory pairs of each set, whatever their order. */
function capped(pairs: CollectedPair[], { datasets, seed }: Config): CollectedPair[] {
  const { maxPerCategory } = datasets;
  if (maxPerCategory === null) return pairs;
  const names = [...new Set(pairs.map(({ set }) => set))];
  return names.flatMap((name) => {
    const own = pairs.filter(({ set }) => set === name);
    return firstByPriority(own, idOf, maxPerCategory, seed);
  });
}

/** What is judged not to answer a query stands against what does. */
function addJudgedNegatives(pairs: readonly CollectedPair[], isRelevant: (pair: CollectedPair) => boolean): void {
  const judged = new Map<string, CollectedText[]>();
  for (const pair of pairs) {
    if (isRelevant(pair)) continue;
    judged.set(pair.query.id, [...(judged.get(pair.query.id) ?? []), pair.document]);
  }
  if (judged.size === 0) return;
  for (const pair of pairs) {
    if (!isRelevant(pair)) continue;
    for (const document of judged.get(pair.query.id) ?? []) pair.negatives.set(document.id, document);
  }
}

/** The side of each document, by its text: that of its pairs, else of the pairs that it stands against, training first. */
function claimDocuments(
  pairs: readonly CollectedPair[],
  sideOf: ReadonlyMap<CollectedPair, Split>,
): Map<string, Split> {
  const claims = new Map<string, Split>();
  for (const pair of pairs) claims.set(pair.document.key, sideOf.get(pair) as Split);
  for (const side of ['train', 'validation', 'test'] as const) {
    for (const pair of pairs) {
      if (sideOf.get(pair) !== side) continue;
      for (const { key } of pair.negatives.values()) if (!claims.has(key)) claims.set(key, side);
    }
  }
  return claims;
}

/** @returns how many negatives belong to another side than their pair, and were left out */
function dropNegativesElsewhere(
  pairs: readonly CollectedPair[],
  sideOf: ReadonlyMap<CollectedPair, Split>,
  claims: ReadonlyMap<string, Split>,
): number {
  let dropped = 0;
  for (const pair of pairs) {
    for (const [id, { key }] of pair.negatives) {
      if (claims.get(key) === sideOf.get(pair)) continue;
      pair.negatives.delete(id);
      dropped++;
    }
  }
  return dropped;
}

/** Documents of no kept pair: negatives, and what is searched though nobody asks for it. */
function otherDocuments(
  { collector, corpus }: ReadPairs,
  pairs: readonly CollectedPair[],
  claims: ReadonlyMap<string, Split>,
): PairDocument[] {
  const ofPairs = new Set(pairs.map(({ document }) => document.id));
  const negatives = new Set(pairs.flatMap((pair) => [...pair.negatives.keys()]));
  return [...collector.documents.values()]
    .filter(({ id }) => !ofPairs.has(id) && (negatives.has(id) || corpus.has(id)))
    .sort((a, b) => compare(a.id, b.id))
    .map(({ id, text, title, key, set }) => ({
      id,
      text,
      ...(title === undefined ? {} : { title }),
      topic: set,
      split: corpus.has(id) ? null : (claims.get(key) as Split),
    }));
}

function paperOf(pair: CollectedPair, split: Split, relevant: boolean): SplitPaper {
  const { query, document, set, score, negatives } = pair;
  return {
    id: idOf(pair),
    title: query.text,
    abstract: document.text,
    topic: set,
    role: 'main',
    categories: [set],
    published: null,
    split,
    pair: {
      query: query.id,
      document: document.id,
      ...(document.title === undefined ? {} : { documentTitle: document.title }),
      score,
      relevant,
      negatives: [...negatives.keys()].sort(),
    },
  };
}

function idOf({ query, document }: CollectedPair): string {
  return query.id === document.id ? query.id : `${query.id}~${document.id}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
