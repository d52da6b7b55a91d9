/**
 * Training of a byte-level byte-pair encoding (Sennrich et al., 2016, arXiv:1508.07909): starting from the 256 bytes,
 * the most frequent pair of neighbouring tokens becomes a new token, until the vocabulary is full.
 *
 * Gives the merges of the Rust library `tokenizers` (its BpeTrainer), token for token: a tie in count goes to the pair
 * with the smaller ids, and counts are kept current lazily, as there. No library trains tokenizers in Node.
 */

import { UserError } from '../core/errors.js';
import { BYTE_CHARACTERS, toByteCharacters } from './byte-level.js';
import { MaxHeap } from './max-heap.js';

export interface BytePairTraining {
  /** Tokens in byte-level characters; the index is the id: special tokens, then bytes, then merges. */
  vocabulary: string[];
  /** Pairs of ids in the order in which they were merged. */
  merges: [number, number][];
  /** For each word, in the order of `words`, its token ids. */
  segmentation: Uint16Array[];
}

/** A candidate merge: where it occurs, and how often when it was last looked at. */
interface Candidate {
  left: number;
  right: number;
  count: number;
  /** Indices of the words that held the pair when the candidate was made. */
  words: number[];
}

/** Ids fit 16 bits, so that a pair fits one exact number. */
const MAX_VOCABULARY = 65536;
const pairKey = (left: number, right: number): number => left * MAX_VOCABULARY + right;

/**
 * @param wordCounts pieces of texts as `splitText` gives them, with their number of occurrences
 * @param onMerge called with the size of the vocabulary after each merge
 * @throws UserError where the vocabulary cannot hold the bytes, or is larger than 65,536
 */
export function trainBytePairs(
  wordCounts: ReadonlyMap<string, number>,
  options: { vocabularySize: number; specialTokens: string[]; onMerge?: (vocabularySize: number) => void },
): BytePairTraining {
  const { vocabularySize, specialTokens, onMerge } = options;
  const smallest = specialTokens.length + BYTE_CHARACTERS.length;
  if (!(vocabularySize >= smallest && vocabularySize <= MAX_VOCABULARY)) {
    throw new UserError(`pretraining.vocabularySize = ${vocabularySize}: expected ${smallest} to ${MAX_VOCABULARY}`);
  }
  const vocabulary = [...specialTokens, ...[...BYTE_CHARACTERS].sort()];
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const segmentation = Array.from(wordCounts.keys(), (word) => bytesOf(word, ids));
  const counts = [...wordCounts.values()];

  const pairCounts = new Map<number, number>();
  let found = new Map<number, Candidate>();
  const note = (left: number, right: number, word: number): void => {
    const key = pairKey(left, right);
    const candidate = found.get(key);
    if (!candidate) found.set(key, { left, right, count: 0, words: [word] });
    else if (candidate.words[candidate.words.length - 1] !== word) candidate.words.push(word);
  };
  const change = (left: number, right: number, by: number): void => {
    const key = pairKey(left, right);
    pairCounts.set(key, (pairCounts.get(key) ?? 0) + by);
  };
  const queue = new MaxHeap<Candidate>(
    (a, b) =>
      a.count > b.count || (a.count === b.count && (a.left < b.left || (a.left === b.left && a.right < b.right))),
  );
  const enqueueFound = (): void => {
    for (const [key, candidate] of found) {
      candidate.count = pairCounts.get(key) as number;
      if (candidate.count > 0) queue.push(candidate);
    }
    found = new Map();
  };

  for (let word = 0; word < segmentation.length; word++) {
    const symbols = segmentation[word] as Uint16Array;
    for (let i = 0; i + 1 < symbols.length; i++) {
      change(symbols[i]!, symbols[i + 1]!, counts[word]!);
      note(symbols[i]!, symbols[i + 1]!, word);
    }
  }
  enqueueFound();

  const merges: [number, number][] = [];
  while (vocabulary.length < vocabularySize) {
    const best = queue.pop();
    if (!best) break;
    const { left, right } = best;
    const current = pairCounts.get(pairKey(left, right)) as number;
    if (best.count !== current) {
      best.count = current;
      queue.push(best);
      continue;
    }
    if (current < 1) break;
    // The same characters can come together in two ways ("==" + "==", "===" + "="): one token all the same.
    const token = `${vocabulary[left]}${vocabulary[right]}`;
    let merged = ids.get(token);
    if (merged === undefined) {
      merged = vocabulary.push(token) - 1;
      ids.set(token, merged);
    }
    merges.push([left, right]);
    for (const word of best.words) {
      const count = counts[word]!;
      segmentation[word] = mergePair(segmentation[word]!, left, right, merged, (pairLeft, pairRight, sign) => {
        change(pairLeft, pairRight, sign * count);
        if (sign > 0) note(pairLeft, pairRight, word);
      });
    }
    enqueueFound();
    onMerge?.(vocabulary.length);
  }
  return { vocabulary, merges: lastOfEach(merges), segmentation };
}

/** The bytes of a word as ids. */
function bytesOf(word: string, ids: ReadonlyMap<string, number>): Uint16Array {
  return Uint16Array.from(toByteCharacters(word), (character) => ids.get(character) as number);
}

/**
 * Replaces each `left, right` by `merged`, from the left, and reports the neighbouring pairs that vanish and appear.
 * The pair itself keeps its count, since it never comes up again.
 */
function mergePair(
  symbols: Uint16Array,
  left: number,
  right: number,
  merged: number,
  report: (left: number, right: number, sign: 1 | -1) => void,
): Uint16Array {
  const out = new Uint16Array(symbols.length);
  let length = 0;
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] !== left || i + 1 >= symbols.length || symbols[i + 1] !== right) {
      out[length++] = symbols[i]!;
      continue;
    }
    if (length > 0) {
      report(out[length - 1]!, left, -1);
      report(out[length - 1]!, merged, 1);
    }
    if (i + 2 < symbols.length) {
      report(right, symbols[i + 2]!, -1);
      report(merged, symbols[i + 2]!, 1);
    }
    out[length++] = merged;
    i++;
  }
  return out.slice(0, length);
}

/** A pair that was merged twice keeps its later place, as in the library's table of ranks. */
function lastOfEach(merges: [number, number][]): [number, number][] {
  const last = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
  return merges.filter(([left, right], rank) => last.get(pairKey(left, right)) === rank);
}
