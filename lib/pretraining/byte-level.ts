/**
 * From text to the words that byte-pair encoding works on: normalisation, the split into words, and the byte-level
 * alphabet of GPT-2 (Radford et al., 2019), in which each of the 256 bytes is one printable character.
 *
 * The constants here are written into `tokenizer.json` as they are, so that any tokenizer library that reads the file
 * splits a text as the training did.
 */

/** What a space takes the place of, in the notation of `tokenizer.json` (Oniguruma), which is JavaScript's here too. */
export const BETWEEN_WORDS = '[^\\p{L}\\p{M}\\p{N}]+';

const CHARACTER = '[\\p{L}\\p{M}\\p{N}]';
/** Endings of English words: one stem makes many words with them. */
const ENDINGS =
  'e|s|es|ed|er|ers|ing|ings|ly|y|ies|ied|ion|ions|ional|al|als|ally|ic|ics|ical|ically|ity|ities|or|ors|ive|ively';

/**
 * How a text is cut, each with the pattern of a piece, the space before a word included.
 *
 *   words    at the spaces
 *   stems    also before an ending that follows at least four characters, the longest that fits: "rotating" and
 *            "rotation" share all tokens of "rotat", as they do for a stemmer. Good where tokens differ in weight, so
 *            that endings need not count
 */
export const SPLIT_PATTERNS = {
  words: ` ?${CHARACTER}+`,
  stems: ` ?${CHARACTER}{4,}?(?=(?:${ENDINGS})(?!${CHARACTER}))| ?${CHARACTER}+`,
} as const;

export type WordSplit = keyof typeof SPLIT_PATTERNS;

const BETWEEN = new RegExp(BETWEEN_WORDS, 'gu');
const SPLITS = {
  words: new RegExp(SPLIT_PATTERNS.words, 'gu'),
  stems: new RegExp(SPLIT_PATTERNS.stems, 'gu'),
};

/** The character that stands for each byte: itself where it is printable, else the next unused one from U+0100 on. */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

/**
 * The normal form that the tokenizer gives every text: Unicode NFC, lower case, and one space before every word in place
 * of all that is no letter or number. A bag of tokens has no use for punctuation, and a word must be the same token after
 * a space, a hyphen or a bracket: Qwen2's split, which joins a word with the character before it, makes of "black-hole"
 * and "black hole" texts that share one token.
 *
 * Capital sigma is lowered before the rest: JavaScript writes it differently at the end of a word, Rust does not.
 */
export function normalizeText(text: string): string {
  return ` ${text.normalize('NFC').replaceAll('Σ', 'σ').toLowerCase()}`.replace(BETWEEN, ' ').trimEnd();
}

/** The pieces of a normalised text, in order; joined, they are the text again. */
export function splitText(normalizedText: string, split: WordSplit): string[] {
  return normalizedText.match(SPLITS[split]) ?? [];
}

/** A word as byte-level characters: one character a byte of its UTF-8 form. */
export function toByteCharacters(word: string): string {
  let out = '';
  for (const byte of Buffer.from(word, 'utf8')) out += BYTE_CHARACTERS[byte];
  return out;
}
