/**
 * The byte-level step of a tokenizer, with a memory for words: it writes the bytes of a word as letters, which takes as
 * long as all the rest together where it is done at each occurrence.
 */
import { WordCache } from './word-cache.js';

/** What is used of a pre-tokenizer of the library, which does not keep its type. */
interface LibraryPreTokenizer {
  tokenizers?: (LibraryPreTokenizer | null)[];
  pre_tokenize_text(text: string): string[];
}

/** The same in tokenizer.json. */
interface PreTokenizerDescription {
  type?: string;
  use_regex?: boolean;
  pretokenizers?: PreTokenizerDescription[];
}

/** Longer ones are hardly met again. */
const LONGEST_WORD = 40;

/**
 * Replaces the method of every byte-level step that gets words from a step before it, in place.
 *
 * @param description the entry of tokenizer.json that the pre-tokenizer was made from
 */
export function rememberBytes(preTokenizer: unknown, description: unknown): void {
  if (!preTokenizer || !description) return;
  const [step, { type, use_regex, pretokenizers = [] }] = [
    preTokenizer as LibraryPreTokenizer,
    description as PreTokenizerDescription,
  ];
  pretokenizers.forEach((part, i) => {
    rememberBytes(step.tokenizers?.[i], part);
  });
  // with a pattern of its own it gets whole texts
  if (type !== 'ByteLevel' || use_regex !== false) return;
  const compute = step.pre_tokenize_text.bind(step);
  const words = new WordCache();
  step.pre_tokenize_text = (word) => {
    if (word.length > LONGEST_WORD) return compute(word);
    let pieces = words.get(word);
    if (!pieces) {
      pieces = compute(word);
      words.put(word, pieces);
    }
    return pieces;
  };
}
