/**
 * Titles whose sets of words overlap by a Jaccard index of at least {@link SIMILARITY}.
 *
 * They are found exactly, not by sampling, with prefix filtering (Chaudhuri, Ganti and Kaushik, 2006; Bayardo, Ma
 * and Srikant, 2007): with words in one fixed order, rarest first, two sets of Jaccard index t or more share two words
 * among the first n - ceil(t n) + 2 of each, so that only titles with two rare words in common are compared.
 */
import type { DisjointSets } from './disjoint-sets.js';
import { WordSets } from './word-sets.js';

/** Jaccard index of two titles' words from which they count as near duplicates: one word in seven may differ. */
export const SIMILARITY = 0.75;
/** Titles of fewer different words are only compared as a whole: "Dark matter halos" and "Dark matter" are two works. */
const MINIMUM_WORDS = 4;
/** Entries that are compared from one look at the clock to the next; most take far less than looking does. */
const LOOK = 1024;

/**
 * Joins the papers of similar titles.
 *
 * @param keys of the titles  @param tell how many of them are done
 */
export async function joinSimilar(
  keys: readonly string[],
  disjoint: DisjointSets,
  tell: (done: number) => Promise<void>,
): Promise<void> {
  const words = await rarestFirst(keys, (done) => tell(Math.floor(done / 2)));
  const bySize = indicesBySize(words);
  const ranks = ranksOf(bySize.length);
  const entries = prefixPairs(words, bySize, ranks);
  for (let at = 0; at < entries.length; at++) {
    const pair = Math.floor((entries[at] as number) / ranks);
    const index = bySize[(entries[at] as number) % ranks] as number;
    const size = words.sizeOf(index);
    const last = Math.min(entries.length, at + 1 + MAX_COMPARISONS);
    for (let next = at + 1; next < last && Math.floor((entries[next] as number) / ranks) === pair; next++) {
      const other = bySize[(entries[next] as number) % ranks] as number;
      if (words.sizeOf(other) * SIMILARITY > size) break;
      if (disjoint.root(index) !== disjoint.root(other) && words.jaccard(index, other) >= SIMILARITY) {
        disjoint.join(index, other);
      }
    }
    if (at % LOOK === 0) await tell(Math.floor((keys.length * (1 + at / entries.length)) / 2));
  }
  await tell(keys.length);
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
 * For each pair of words in the prefix of a title an entry `hash of the pair * ranks + rank of the title`, sorted, so that
 * titles with a pair in common lie next to each other, the shorter first.
 */
function prefixPairs(words: WordSets, order: Int32Array, ranks: number): Float64Array {
  const prefixOf = (index: number): number => {
    const size = words.sizeOf(index);
    return size - Math.ceil(SIMILARITY * size) + 2;
  };
  const total = order.reduce((sum, index) => sum + (prefixOf(index) * (prefixOf(index) - 1)) / 2, 0);
  const entries = new Float64Array(total);
  const hashes = 2 ** 53 / ranks;
  let count = 0;
  order.forEach((index, rank) => {
    const prefix = prefixOf(index);
    const set = words.of(index);
    for (let a = 0; a < prefix; a++) {
      for (let b = a + 1; b < prefix; b++) {
        entries[count++] = (hashOfPair(set[a] as number, set[b] as number) % hashes) * ranks + rank;
      }
    }
  });
  return entries.sort();
}

/**
 * Titles that an entry can tell apart, a power of two: with 31 bits of hash, all of a number's 53 bits. More titles than
 * these four million leave fewer bits of hash.
 */
const LEAST_RANKS = 2 ** 22;

function ranksOf(titles: number): number {
  return Math.max(LEAST_RANKS, 2 ** Math.ceil(Math.log2(titles)));
}

/** Comparisons of one title for one pair of words; only texts of a few dozen different words in all come near it. */
const MAX_COMPARISONS = 2000;

/** 31 bits. Pairs that collide cost a comparison and nothing else. */
function hashOfPair(a: number, b: number): number {
  return (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 1;
}

/** Each title's different words as numbers, rising with the frequency of the word. */
async function rarestFirst(keys: readonly string[], tell: (done: number) => Promise<void>): Promise<WordSets> {
  const numbers = new Map<string, number>();
  const frequency: number[] = [];
  const sets = new WordSets(keys.length);
  for (const [index, key] of keys.entries()) {
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
    await tell(index + 1);
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
