/**
 * From text to the words that byte-pair encoding works on: normalisation, the split of Qwen2's tokenizer, and the
 * byte-level alphabet of GPT-2 (Radford et al., 2019), in which each of the 256 bytes is one printable character.
 *
 * The constants here are written into `tokenizer.json` as they are, so that any tokenizer library that reads the file
 * splits a text as the training did.
 */

/** Qwen2's split, in the notation of `tokenizer.json` (Oniguruma). A digit stands alone; a space joins the word after. */
export const SPLIT_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/**
 * The same split for JavaScript: text is lower case here, which makes (?i:) idle, and Oniguruma's \s is Unicode's
 * White_Space, which JavaScript's \s is not (U+0085, U+FEFF).
 */
const SPLIT =
  /'s|'t|'re|'ve|'m|'ll|'d|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** The character that stands for each byte: itself where it is printable, else the next unused one from U+0100 on. */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

/**
 * The normal form that the tokenizer gives every text: Unicode NFC, lower case, and a leading space, so that the first
 * word has the same token as elsewhere.
 *
 * Capital sigma is lowered before the rest: JavaScript writes it differently at the end of a word, Rust does not.
 */
export function normalizeText(text: string): string {
  return ` ${text.normalize('NFC').replaceAll('Σ', 'σ').toLowerCase()}`;
}

/** The words of a normalised text, in order; joined, they are the text again. */
export function splitWords(normalizedText: string): string[] {
  return normalizedText.match(SPLIT) ?? [];
}

/** A word as byte-level characters: one character a byte of its UTF-8 form. */
export function toByteCharacters(word: string): string {
  let out = '';
  for (const byte of Buffer.from(word, 'utf8')) out += BYTE_CHARACTERS[byte];
  return out;
}
