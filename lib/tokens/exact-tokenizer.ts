/**
 * Parts of the tokenizers library where it departs from the Rust original, which made the ids that models were trained on:
 * Chinese characters beyond U+FFFF, a capital sigma at the end of a word, sentencepiece's own table, words with letters
 * beyond ASCII, and what counts as white space.
 */
import { readPrecompiledCharsmap } from './precompiled-charsmap.js';

/** What is used of a normalizer of the library; a sequence has others inside. */
interface LibraryNormalizer {
  config?: {
    type?: string;
    clean_text?: boolean;
    handle_chinese_chars?: boolean;
    lowercase?: boolean;
    strip_accents?: boolean | null;
    strip_left?: boolean;
    strip_right?: boolean;
    precompiled_charsmap?: string | null;
  };
  normalizers?: (LibraryNormalizer | null)[];
  normalize(text: string): string;
  clean_text?(text: string): string;
  strip_accents?(text: string): string;
}

/** What is used of a pre-tokenizer of the library, which does not keep its type. */
interface LibraryPreTokenizer {
  tokenizers?: (LibraryPreTokenizer | null)[];
  pre_tokenize_text(text: string): string[];
}

/** The same in tokenizer.json. */
interface PreTokenizerDescription {
  type?: string;
  pretokenizers?: PreTokenizerDescription[];
}

/** What is used of a tokenizer of the library. */
export interface LibraryParts {
  normalizer: LibraryNormalizer | null;
  pre_tokenizer: LibraryPreTokenizer | null;
}

/**
 * Replaces the methods that are not exact, in place.
 *
 * @param description the tokenizer.json that the tokenizer was made from
 * @throws RangeError for a table of sentencepiece that is damaged
 */
export function makeExact({ normalizer, pre_tokenizer }: LibraryParts, description: object): void {
  makeNormalizerExact(normalizer);
  makePreTokenizerExact(
    pre_tokenizer,
    (description as { pre_tokenizer?: PreTokenizerDescription | null }).pre_tokenizer,
  );
}

/** @param description the entry of tokenizer.json that it was made from */
function makePreTokenizerExact(
  preTokenizer: LibraryPreTokenizer | null | undefined,
  description: PreTokenizerDescription | null | undefined,
): void {
  if (!preTokenizer || !description) return;
  description.pretokenizers?.forEach((part, i) => {
    makePreTokenizerExact(preTokenizer.tokenizers?.[i], part);
  });
  const pattern = { Whitespace: WORDS_AND_SIGNS, WhitespaceSplit: NO_WHITE_SPACE }[description.type ?? ''];
  if (pattern) preTokenizer.pre_tokenize_text = (text) => text.match(pattern) ?? [];
}

/** JavaScript's \s has U+FEFF and not U+0085, its \w no letter beyond ASCII. */
const NO_WHITE_SPACE = /\P{White_Space}+/gu;
const WORDS_AND_SIGNS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

function makeNormalizerExact(normalizer: LibraryNormalizer | null): void {
  const config = normalizer?.config;
  if (!normalizer || !config) return;
  for (const part of normalizer.normalizers ?? []) makeNormalizerExact(part);
  if (config.type === 'Precompiled' && config.precompiled_charsmap) {
    normalizer.normalize = readPrecompiledCharsmap(config.precompiled_charsmap);
  }
  if (config.type === 'Lowercase') normalizer.normalize = lowercase;
  if (config.type === 'Strip') {
    const ends = [config.strip_left && '^\\p{White_Space}+', config.strip_right && '\\p{White_Space}+$'].filter(
      Boolean,
    );
    const pattern = new RegExp(ends.join('|'), 'gu');
    normalizer.normalize = (text) => (ends.length === 0 ? text : text.replace(pattern, ''));
  }
  if (config.type === 'BertNormalizer') {
    normalizer.normalize = (text) => {
      let clean = config.clean_text ? (normalizer.clean_text?.(text) ?? text) : text;
      if (config.handle_chinese_chars) clean = clean.replace(CHINESE, ' $& ');
      // as in BERT, accents go with capitals unless the file says otherwise
      if (config.strip_accents ?? config.lowercase) clean = normalizer.strip_accents?.(clean) ?? clean;
      return config.lowercase ? lowercase(clean) : clean;
    };
  }
}

/** The ideographs of BERT's tokenizer: https://github.com/google-research/bert/blob/master/tokenization.py */
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

/** One character at a time: JavaScript alone knows that a sigma at the end of a word looks otherwise. */
function lowercase(text: string): string {
  return text.includes('Σ') ? Array.from(text, (character) => character.toLowerCase()).join('') : text.toLowerCase();
}
