/**
 * The side of every pair, so that no text is on two of them: neither a query nor a document that is asked for, nor the same text
 * once as the one and once as the other.
 *
 * Sides that the data declare are kept; a pair whose texts are on a side that comes first (test, then validation) is left out of
 * the other. The rest is a graph, with texts as nodes and pairs as edges: each connected part of it goes to one side, by a hash,
 * and nothing is lost. A part too large for that is cut: its queries are divided by hash, each document goes where most of its
 * pairs are, and the pairs between two sides are lost, and counted.
 *
 * Pairs that are not relevant decide nothing: each goes with its query, where its document is not on another side.
 */
import type { Split } from '../paper.js';
import { sideOfKey } from '../splits.js';

export interface SidedPair {
  /** What tells the text of the query, and of the document, from others. */
  query: string;
  document: string;
  /** The side that the data put it on; null: none. */
  declared: Split | null;
  relevant: boolean;
}

export interface SideOptions {
  validationShare: number;
  testShare: number;
  /** Keeps pairs that are declared, whatever else their texts are in. */
  keepLeaks: boolean;
}

export interface Sides {
  /** Of each pair; null: left out. */
  sides: (Split | null)[];
  /** Relevant pairs left out because the data have their query or document on another side. */
  leaking: number;
  /** Pairs left out because they joined two sides of a part that was cut. */
  cut: number;
  /** Pairs that are not relevant, left out because their document is on another side than their query. */
  elsewhere: number;
  /** Sides that the data did not declare, and which were taken from the rest. */
  carved: Split[];
}

/** A connected part with more pairs than this share of all, and more than {@link SMALL}, is cut. */
const LARGE_SHARE = 0.05;
const SMALL = 20;

/** A text that is on two sides belongs to the first of them. */
const ORDER: Split[] = ['test', 'validation', 'train'];

export function sidesOf(pairs: readonly SidedPair[], options: SideOptions): Sides {
  const declared = new Set(pairs.map((pair) => pair.declared));
  const shares = { validation: options.validationShare, test: options.testShare };
  const carved = (['test', 'validation'] as const).filter((side) => !declared.has(side) && shares[side] > 0);
  const relevant = [...pairs.keys()].filter((i) => pairs[i]!.relevant);
  const { sides, leaking } = options.keepLeaks ? asDeclared(pairs) : withoutLeaks(pairs, relevant);
  // where nothing declares a side, it is taken from what would be trained on
  const loose = relevant.filter((i) => sides[i] === 'train' && (carved.length > 0 || !pairs[i]!.declared));
  const share = (side: 'validation' | 'test'): number => (carved.includes(side) ? shares[side] : 0);
  const sideOf = (key: string): Split => sideOfKey(key, share('validation'), share('test'));
  let cut = 0;
  for (const part of connectedParts(pairs, loose)) {
    if (part.length > SMALL && part.length > LARGE_SHARE * loose.length) cut += cutPart(pairs, part, sides, sideOf);
    else {
      // texts are compared by digests, so that the first of them in order is any
      const key = part.map((i) => pairs[i]!.query).sort()[0] as string;
      for (const i of part) sides[i] = sideOf(key);
    }
  }
  const elsewhere = placeIrrelevant(pairs, sides, sideOf, options.keepLeaks);
  return { sides, leaking, cut, elsewhere, carved };
}

/** Sides of the pairs that are not relevant; those whose document is elsewhere have none. @returns how many those are */
function placeIrrelevant(
  pairs: readonly SidedPair[],
  sides: (Split | null)[],
  sideOf: (key: string) => Split,
  keepLeaks: boolean,
): number {
  const claims = new Map<string, Split>();
  pairs.forEach(({ query, document, relevant }, i) => {
    const side = sides[i];
    if (relevant && side) claims.set(query, side).set(document, side);
  });
  let elsewhere = 0;
  pairs.forEach(({ query, document, relevant, declared }, i) => {
    if (relevant || (keepLeaks && declared)) return;
    const side = claims.get(query) ?? declared ?? sideOf(query);
    const fits = (declared ?? side) === side && (claims.get(document) ?? side) === side;
    sides[i] = fits ? side : null;
    if (fits) claims.set(query, side).set(document, side);
    else elsewhere++;
  });
  return elsewhere;
}

type Draft = Pick<Sides, 'sides' | 'leaking'>;

/** Pairs that nothing is declared of count as training pairs for now. */
function asDeclared(pairs: readonly SidedPair[]): Draft {
  return { sides: pairs.map(({ declared }) => declared ?? 'train'), leaking: 0 };
}

/** Side by side, what has a text of an earlier one is left out. */
function withoutLeaks(pairs: readonly SidedPair[], members: readonly number[]): Draft {
  const sides: (Split | null)[] = pairs.map(() => null);
  const taken = new Set<string>();
  let leaking = 0;
  for (const side of ORDER) {
    const kept = members.filter((i) => {
      const { declared, query, document } = pairs[i]!;
      if ((declared ?? 'train') !== side) return false;
      if (!taken.has(query) && !taken.has(document)) return true;
      leaking++;
      return false;
    });
    for (const i of kept) {
      sides[i] = side;
      taken.add(pairs[i]!.query).add(pairs[i]!.document);
    }
  }
  return { sides, leaking };
}

/** The pairs of `members` that hang together by their texts, part by part, each in the order of the pairs. */
function connectedParts(pairs: readonly SidedPair[], members: readonly number[]): number[][] {
  const parent = new Map<string, string>();
  const root = (text: string): string => {
    let top = text;
    for (let up = parent.get(top); up !== undefined; up = parent.get(top)) top = up;
    // the way up is shortened for the next who goes it
    for (let at = text; at !== top; ) {
      const up = parent.get(at) as string;
      parent.set(at, top);
      at = up;
    }
    return top;
  };
  for (const i of members) {
    const [one, other] = [root(pairs[i]!.query), root(pairs[i]!.document)];
    if (one !== other) parent.set(other, one);
  }
  const parts = new Map<string, number[]>();
  for (const i of members) {
    const key = root(pairs[i]!.query);
    const part = parts.get(key);
    if (part) part.push(i);
    else parts.set(key, [i]);
  }
  return [...parts.values()];
}

/** Sets the sides of a part; the pairs between two of them have none. @returns how many those are */
function cutPart(
  pairs: readonly SidedPair[],
  part: readonly number[],
  sides: (Split | null)[],
  sideOf: (key: string) => Split,
): number {
  const queries = new Set(part.map((i) => pairs[i]!.query));
  const votes = new Map<string, Map<Split, number>>();
  for (const i of part) {
    const { query, document } = pairs[i]!;
    const count = votes.get(document) ?? new Map<Split, number>();
    const side = sideOf(query);
    votes.set(document, count.set(side, (count.get(side) ?? 0) + 1));
  }
  const sideOfDocument = (document: string): Split => {
    // a text that is a query as well is where its pairs as a query are
    if (queries.has(document)) return sideOf(document);
    const count = votes.get(document) as Map<Split, number>;
    return ORDER.reduce((best, side) => ((count.get(side) ?? 0) > (count.get(best) ?? 0) ? side : best));
  };
  let lost = 0;
  for (const i of part) {
    const side = sideOf(pairs[i]!.query);
    sides[i] = side === sideOfDocument(pairs[i]!.document) ? side : null;
    if (sides[i] === null) lost++;
  }
  return lost;
}
