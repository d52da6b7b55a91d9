/** A tokenizer trained on a corpus, and the corpus as the ids of that tokenizer, in one pass over the words. */
import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { normalizeText, splitText, type WordSplit } from './byte-level.js';
import { type BytePairTraining, trainBytePairs } from './byte-pair-training.js';

/** What a byte-pair encoding learned, and from which pieces of texts. */
export interface TrainedTokenizer extends BytePairTraining {
  split: WordSplit;
}

export interface TokenizedCorpus {
  tokenizer: TrainedTokenizer;
  /** Token ids of each text, in the order of the texts; what the tokenizer would give, without special tokens. */
  ids: Uint16Array[];
}

/**
 * Trains the tokenizer on the texts and encodes them with it. Texts are stored as indices of their distinct words, so
 * that encoding is a look-up of what the training made of each word.
 */
export function tokenizeCorpus(
  texts: readonly string[],
  options: { vocabularySize: number; specialTokens: string[]; split: WordSplit },
  reporting: Reporting = {},
): TokenizedCorpus {
  const { onProgress, signal } = reporting;
  const indices = new Map<string, number>();
  const counts: number[] = [];
  const documents = texts.map((text, done) => {
    if (done % 1000 === 0) {
      throwIfAborted(signal, 'nothing was written');
      onProgress?.({ task: 'counting words', done, total: texts.length, unit: 'texts' });
    }
    return Int32Array.from(splitText(normalizeText(text), options.split), (word) => {
      let index = indices.get(word);
      if (index === undefined) {
        index = counts.push(0) - 1;
        indices.set(word, index);
      }
      counts[index]!++;
      return index;
    });
  });
  const wordCounts = new Map([...indices].map(([word, index]) => [word, counts[index]!]));
  const tokenizer = trainBytePairs(wordCounts, {
    ...options,
    onMerge: (done) => {
      if (done % 256 !== 0) return;
      throwIfAborted(signal, 'nothing was written');
      onProgress?.({ task: 'training the tokenizer', done, total: options.vocabularySize, unit: 'tokens' });
    },
  });
  const ids = documents.map((words) => concatenate(words, tokenizer.segmentation));
  return { tokenizer: { ...tokenizer, split: options.split }, ids };
}

function concatenate(words: Int32Array, segmentation: readonly Uint16Array[]): Uint16Array {
  let length = 0;
  for (const word of words) length += segmentation[word]!.length;
  const ids = new Uint16Array(length);
  let next = 0;
  for (const word of words) {
    ids.set(segmentation[word]!, next);
    next += segmentation[word]!.length;
  }
  return ids;
}
