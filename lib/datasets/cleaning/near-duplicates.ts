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
import { WordSets } from './word-sets.js';

/** Jaccard index of two titles' words from which they count as near duplicates: one word in seven may differ. */
export const SIMILARITY = 0.75;
/** Titles of fewer different words are only compared as a whole: "Dark matter halos" and "Dark matter" are two works. */
const MINIMUM_WORDS = 4;

/** What a paper shares with others. */
export interface DuplicateGroup {
  titleKey: string;
  /** Fingerprint of the abstract. */
  abstractKey: number;
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
  const abstractKeys = Float64Array.from(papers, (paper) => abstractKey(paper.abstract));
  const sets = new DisjointSets(papers);
  // Without spaces "black-hole", "black hole" and "blackhole" are the same.
  joinEqual(
    Float64Array.from(titleKeys, (key) => digest(key.replaceAll(' ', ''))),
    sets,
  );
  joinEqual(abstractKeys, sets);
  joinSimilar(titleKeys, sets);
  return papers.map((_, index) => {
    const first = sets.root(index);
    return {
      titleKey: titleKeys[index] as string,
      abstractKey: abstractKeys[index] as number,
      groupKey: titleKeys[first] as string,
      groupDate: papers[first]?.published ?? null,
    };
  });
}

/** A fingerprint of the abstract's letters and digits, whatever their case and what is between them. */
function abstractKey(abstract: string): number {
  return digest(abstract.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
}

/** 53 bits of the text's SHA-256: two of three million texts share them with a probability of one in two thousand. */
function digest(text: string): number {
  const bytes = createHash('sha256').update(text).digest();
  return bytes.readUInt32BE(0) * 2 ** 21 + (bytes.readUInt32BE(4) >>> 11);
}

/** Papers of equal keys are joined; a table of places (open addressing), since a Map takes ten times as much. */
function joinEqual(keys: Float64Array, sets: DisjointSets): void {
  const mask = 2 ** Math.ceil(Math.log2(2 * keys.length + 2)) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  keys.forEach((key, index) => {
    let place = key & mask;
    while (table[place] !== -1 && keys[table[place] as number] !== key) place = (place + 1) & mask;
    if (table[place] === -1) table[place] = index;
    else sets.join(table[place] as number, index);
  });
}

function joinSimilar(keys: readonly string[], disjoint: DisjointSets): void {
  const words = rarestFirst(keys);
  const bySize = indicesBySize(words);
  const entries = prefixPairs(words, bySize);
  for (let at = 0; at < entries.length; at++) {
    const pair = Math.floor((entries[at] as number) / RANKS);
    const index = bySize[(entries[at] as number) % RANKS] as number;
    const size = words.sizeOf(index);
    const last = Math.min(entries.length, at + 1 + MAX_COMPARISONS);
    for (let next = at + 1; next < last && Math.floor((entries[next] as number) / RANKS) === pair; next++) {
      const other = bySize[(entries[next] as number) % RANKS] as number;
      if (words.sizeOf(other) * SIMILARITY > size) break;
      if (disjoint.root(index) !== disjoint.root(other) && words.jaccard(index, other) >= SIMILARITY) {
        disjoint.join(index, other);
      }
    }
  }
}

/** Titles with enough words to be compared, the shorter first, else in their order. */
function indicesBySize(words: WordSets): Int32Array {
  const bySize: number[][] = [];
  for (let index = 0; index < words.count; index++) {
    const size = words.sizeOf(index);
    if (size < MINIMUM_WORDS) continue;
    bySize[size] ??= [];
    bySize[size].push(index);
  }
  return Int32Array.from(bySize.flat());
}

/**
 * For each pair of words in the prefix of a title an entry `hash of the pair * RANKS + rank of the title`, sorted, so that
 * titles with a pair in common lie next to each other, the shorter first.
 */
function prefixPairs(words: WordSets, order: Int32Array): Float64Array {
  const prefixOf = (index: number): number => {
    const size = words.sizeOf(index);
    return size - Math.ceil(SIMILARITY * size) + 2;
  };
  const total = order.reduce((sum, index) => sum + (prefixOf(index) * (prefixOf(index) - 1)) / 2, 0);
  const entries = new Float64Array(total);
  let count = 0;
  order.forEach((index, rank) => {
    const prefix = prefixOf(index);
    const set = words.of(index);
    for (let a = 0; a < prefix; a++) {
      for (let b = a + 1; b < prefix; b++) {
        entries[count++] = hashOfPair(set[a] as number, set[b] as number) * RANKS + rank;
      }
    }
  });
  return entries.sort();
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
function rarestFirst(keys: readonly string[]): WordSets {
  const numbers = new Map<string, number>();
  const frequency: number[] = [];
  const sets = new WordSets(keys.length);
  for (const key of keys) {
    for (const word of new Set(key.split(' ').map(singular))) {
      let number = numbers.get(word);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(word, number);
        frequency.push(0);
      }
      frequency[number] = (frequency[number] as number) + 1;
      sets.push(number);
    }
    sets.end();
  }
  const order = [...numbers].sort(
    ([a, i], [b, j]) => (frequency[i] as number) - (frequency[j] as number) || (a < b ? -1 : 1),
  );
  const rank = new Int32Array(order.length);
  order.forEach(([, number], place) => {
    rank[number] = place;
  });
  sets.renumber(rank);
  return sets;
}

/** "holes" and "hole" are the same word of a title. */
function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
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
