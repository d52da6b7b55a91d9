/**
 * Regular expressions by which published tokenizers normalise and split: each takes time in proportion to the text. They
 * are written as `tokenizer.json` has them (Oniguruma).
 */

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACES = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const BEFORE = '[^\\r\\n\\p{L}\\p{N}]?';
/** The endings that `lib/pretraining` splits off. */
const ENDINGS =
  'e|s|es|ed|er|ers|ing|ings|ly|y|ies|ied|ion|ions|ional|al|als|ally|ic|ics|ical|ically|ity|ities|or|ors|ive|ively';
const CHARACTER = '[\\p{L}\\p{M}\\p{N}]';

const PUBLISHED: ReadonlySet<string> = new Set([
  // GPT-2, RoBERTa, ModernBERT
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  // Qwen2, Qwen2.5, Qwen3; Qwen3.5
  `${CONTRACTIONS}|${BEFORE}\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`,
  `${CONTRACTIONS}|${BEFORE}[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${SPACES}`,
  // Llama 3, cl100k
  `${CONTRACTIONS}|${BEFORE}\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`,
  // o200k; Tekken
  `${BEFORE}${UPPER}*${LOWER}+${CONTRACTIONS}?|${BEFORE}${UPPER}+${LOWER}*${CONTRACTIONS}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`,
  `${BEFORE}${UPPER}*${LOWER}+|${BEFORE}${UPPER}+${LOWER}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`,
  // CLIP
  "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
  // BLOOM
  ' ?[^(\\s|[.,!?…。，、।۔،])]+',
  // SentencePiece models, XLM-R and DeBERTa among them
  ' {2,}',
  '\\s+',
  '\\n',
  '[\\n\\r\\t]',
  '\\s{2,}|[\\n\\r\\t]',
  // the small encoders of this package
  '[^\\p{L}\\p{M}\\p{N}]+',
  ` ?${CHARACTER}+`,
  ` ?${CHARACTER}{4,}?(?=(?:${ENDINGS})(?!${CHARACTER}))| ?${CHARACTER}+`,
]);

export function isPublishedPattern(pattern: string): boolean {
  return PUBLISHED.has(pattern);
}
