/**
 * `tokenizer.json` and `tokenizer_config.json` of a byte-level byte-pair encoding, as the libraries `tokenizers` (Rust,
 * Python), `@huggingface/tokenizers` and `@huggingface/transformers` (JavaScript) read them.
 */

import { BETWEEN_WORDS, SPLIT_PATTERNS } from './byte-level.js';
import type { TrainedTokenizer } from './corpus.js';

/** Padding, end of text and the only special token; its id is 0. */
export const END_OF_TEXT = '<|endoftext|>';

/**
 * The content of `tokenizer.json`; its normalizer does what `normalizeText` does.
 *
 * @param startToken whether `<|endoftext|>` is put before every text
 */
export function tokenizerJson(
  training: Pick<TrainedTokenizer, 'vocabulary' | 'merges' | 'split'>,
  startToken = false,
): Record<string, unknown> {
  const { vocabulary, merges, split } = training;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 0,
        content: END_OF_TEXT,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' },
        { type: 'Lowercase' },
        { type: 'Prepend', prepend: ' ' },
        { type: 'Replace', pattern: { Regex: BETWEEN_WORDS }, content: ' ' },
        { type: 'Strip', strip_left: false, strip_right: true },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: SPLIT_PATTERNS[split] }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: startToken ? START_TEMPLATE : null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => [vocabulary[left], vocabulary[right]]),
    },
  };
}

const START_TEMPLATE = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: END_OF_TEXT, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: { [END_OF_TEXT]: { id: END_OF_TEXT, ids: [0], tokens: [END_OF_TEXT] } },
};

/**
 * The content of `tokenizer_config.json`. The class is PreTrainedTokenizerFast and not Qwen2Tokenizer, which drops the
 * normalizer of a `tokenizer.json` and with it the lower case.
 */
export function tokenizerConfig(maxTokens: number): Record<string, unknown> {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxTokens,
    pad_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    clean_up_tokenization_spaces: false,
  };
}
