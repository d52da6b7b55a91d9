/**
 * Groups papers that must not be in two splits: equal title keys (a paper and its comment, reply, erratum),
 * equal abstracts, and titles whose sets of words overlap by a Jaccard index of at least {@link SIMILARITY}.
 *
 * Similar titles are found exactly, not by sampling, with prefix filtering (Chaudhuri, Ganti and Kaushik, 2006; Bayardo, Ma
 * and Srikant, 2007): with words in one fixed order, rarest first, two sets of Jaccard index t or more share two words
 * among the first n - ceil(t n) + 2 of each, so that only titles with two rare words in common are compared.
 */
import { createHash } from 'node:crypto';
import { titleKey } from './title-key.js';

/** Jaccard index of two titles' words from which they count as near duplicates: one word in seven may differ. */
export const SIMILARITY = 0.75;
/** Titles of fewer different words are only compared as a whole: "Dark matter halos" and "Dark matter" are two works. */
const MINIMUM_WORDS = 4;

/** What a paper shares with others. */
export interface DuplicateGroup {
  titleKey: string;
  /** Fingerprint of the abstract. */
  abstractKey: string;
  /** The title key of the group's earliest paper by date and id: equal for all of the group. */
  groupKey: string;
  /** The date of the representative. */
  groupDate: string | null;
}

export interface Groupable {
  id: string;
  title: string;
  abstract: string;
  published: string | null;
}

/**
 * @param papers in any order; the groups do not depend on it
 * @returns one entry a paper, in the order of the papers
 */
export function groupDuplicates(papers: readonly Groupable[]): DuplicateGroup[] {
  const titleKeys = papers.map((paper) => titleKey(paper.title));
  const abstractKeys = papers.map((paper) => abstractKey(paper.abstract));
  const sets = new DisjointSets(papers);
  // Without spaces "black-hole", "black hole" and "blackhole" are the same.
  const joined = titleKeys.map((key) => key.replaceAll(' ', ''));
  joinEqual(joined, sets);
  joinEqual(abstractKeys, sets);
  joinSimilar(titleKeys, sets);
  return papers.map((_, index) => {
    const first = sets.root(index);
    return {
      titleKey: titleKeys[index] as string,
      abstractKey: abstractKeys[index] as string,
      groupKey: titleKeys[first] as string,
      groupDate: papers[first]?.published ?? null,
    };
  });
}

/** A fingerprint of the abstract's letters and digits, whatever their case and what is between them. */
function abstractKey(abstract: string): string {
  const letters = abstract.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(letters).digest('base64');
}

function joinEqual(keys: readonly string[], sets: DisjointSets): void {
  const first = new Map<string, number>();
  keys.forEach((key, index) => {
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else sets.join(earlier, index);
  });
}

function joinSimilar(keys: readonly string[], disjoint: DisjointSets): void {
  const wordSets = rarestFirst(keys);
  const indices = wordSets.map((_, index) => index).filter((index) => wordSets[index]!.length >= MINIMUM_WORDS);
  const bySize = indices.sort((a, b) => wordSets[a]!.length - wordSets[b]!.length);
  const entries = prefixPairs(bySize.map((index) => wordSets[index]!));
  for (let at = 0; at < entries.length; at++) {
    const pair = Math.floor((entries[at] as number) / RANKS);
    const index = bySize[(entries[at] as number) % RANKS] as number;
    const set = wordSets[index]!;
    const last = Math.min(entries.length, at + 1 + MAX_COMPARISONS);
    for (let next = at + 1; next < last && Math.floor((entries[next] as number) / RANKS) === pair; next++) {
      const other = bySize[(entries[next] as number) % RANKS] as number;
      if (wordSets[other]!.length * SIMILARITY > set.length) break;
      if (disjoint.root(index) !== disjoint.root(other) && jaccard(set, wordSets[other]!) >= SIMILARITY) {
        disjoint.join(index, other);
      }
    }
  }
}

/**
 * For each pair of words in the prefix of a title an entry `hash of the pair * RANKS + rank of the title`, sorted, so that
 * titles with a pair in common lie next to each other, the shorter first.
 */
function prefixPairs(sets: readonly Int32Array[]): Float64Array {
  const entries: number[] = [];
  sets.forEach((set, rank) => {
    const prefix = set.length - Math.ceil(SIMILARITY * set.length) + 2;
    for (let a = 0; a < prefix; a++) {
      for (let b = a + 1; b < prefix; b++) entries.push(hashOfPair(set[a] as number, set[b] as number) * RANKS + rank);
    }
  });
  return Float64Array.from(entries).sort();
}

/** Titles that an entry can tell apart: with 31 bits of hash, all of a number's 53 bits. */
const RANKS = 2 ** 22;
/** Comparisons of one title for one pair of words; only texts of a few dozen different words in all come near it. */
const MAX_COMPARISONS = 2000;

/** 31 bits. Pairs that collide cost a comparison and nothing else. */
function hashOfPair(a: number, b: number): number {
  return (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 1;
}

/** Each title's different words as numbers, rising with the frequency of the word. */
function rarestFirst(keys: readonly string[]): Int32Array[] {
  const frequency = new Map<string, number>();
  const wordLists = keys.map((key) => [...new Set(key.split(' ').map(singular))]);
  for (const set of wordLists) for (const word of set) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const order = [...frequency].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const rank = new Map(order.map(([word], index) => [word, index]));
  return wordLists.map((set) => Int32Array.from(set, (word) => rank.get(word) as number).sort());
}

/** "holes" and "hole" are the same word of a title. */
function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** Jaccard index of two sorted sets of numbers. */
function jaccard(a: Int32Array, b: Int32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return common / (a.length + b.length - common);
}

/** Union-find whose root is always the earliest paper of its set. */
class DisjointSets {
  private readonly parent: Int32Array;

  constructor(private readonly papers: readonly Groupable[]) {
    this.parent = Int32Array.from(papers, (_, index) => index);
  }

  join(a: number, b: number): void {
    const rootA = this.root(a);
    const rootB = this.root(b);
    if (rootA === rootB) return;
    const aFirst = isEarlier(this.papers[rootA]!, this.papers[rootB]!);
    this.parent[aFirst ? rootB : rootA] = aFirst ? rootA : rootB;
  }

  root(index: number): number {
    let at = index;
    while (this.parent[at] !== at) {
      const up = this.parent[at] as number;
      this.parent[at] = this.parent[up] as number;
      at = up;
    }
    return at;
  }
}

/** Whether a was published before b; by id where the dates are equal, papers without a date last. */
export function isEarlier(a: Groupable, b: Groupable): boolean {
  const [dateA, dateB] = [a.published ?? '9999', b.published ?? '9999'];
  return dateA !== dateB ? dateA < dateB : a.id < b.id;
}
