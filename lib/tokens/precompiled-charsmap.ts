/**
 * Sentencepiece's normalization (`nmt_nfkc` and its kin) from the table that a Unigram tokenizer.json carries, for the
 * tokenizers of XLM-RoBERTa, multilingual-e5, bge-m3 and T5. The library in use replaces it by NFKC and a list of spaces,
 * which gives other tokens for joiners, control characters and composed letters.
 *
 * The table is a double-array trie over UTF-8 bytes (Darts-clone: https://github.com/s-yata/darts-clone), followed by the
 * replacements, each ended by a zero byte:
 *
 *   size of the trie in bytes, uint32 LE | units, uint32 LE each | replacements, UTF-8
 *
 * A unit has the byte that leads to it in its lowest 8 bits, whether a value follows in bit 8, and the distance to its
 * children above. As in the Rust original, a grapheme of fewer than 6 bytes is looked up whole, and the shortest entry that
 * begins it replaces all of it; otherwise its characters are looked up one by one.
 */

/** @throws RangeError for a table that is cut or isn't one */
export function readPrecompiledCharsmap(base64: string): (text: string) => string {
  const bytes = bytesOf(base64);
  const table = new DataView(bytes.buffer);
  const size = bytes.length < 4 ? -1 : table.getUint32(0, true);
  if (size < 4 || size % 4 !== 0 || 4 + size > bytes.length) throw new RangeError('precompiled_charsmap is damaged');
  const units = new Uint32Array(size / 4);
  for (let i = 0; i < units.length; i++) units[i] = table.getUint32(4 + 4 * i, true);
  const replacements = bytes.subarray(4 + size);

  const replacementOf = (part: string): string | undefined => {
    const start = shortestPrefix(units, utf8.encode(part));
    if (start === undefined) return undefined;
    const end = replacements.indexOf(0, start);
    return text.decode(replacements.subarray(start, end < 0 ? undefined : end));
  };
  const known = new Map<string, string>();
  const normalizeGrapheme = (grapheme: string): string => {
    const seen = known.get(grapheme);
    if (seen !== undefined) return seen;
    const whole = utf8.encode(grapheme).length < 6 ? replacementOf(grapheme) : undefined;
    const normalized = whole ?? Array.from(grapheme, (character) => replacementOf(character) ?? character).join('');
    // texts have few kinds of graphemes; a hostile one has no end of them
    if (known.size < 1e5 && grapheme.length < 16) known.set(grapheme, normalized);
    return normalized;
  };
  return (whole) => Array.from(graphemes.segment(whole), ({ segment }) => normalizeGrapheme(segment)).join('');
}

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { ignoreBOM: true });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Without Buffer, which browsers do not have. */
function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new RangeError('precompiled_charsmap is damaged');
  }
}

/** Value of the shortest key that begins `bytes`. */
function shortestPrefix(units: Uint32Array, bytes: Uint8Array): number | undefined {
  let at = childrenOf(units[0] as number);
  for (const byte of bytes) {
    if (byte === 0) return undefined;
    at ^= byte;
    const unit = units[at];
    if (unit === undefined || labelOf(unit) !== byte) return undefined;
    at ^= childrenOf(unit);
    if ((unit >>> 8) & 1) return (units[at] ?? 0) & 0x7fffffff;
  }
  return undefined;
}

/** The byte that leads to a unit; one that holds a value has the highest bit set, which no byte is equal to. */
function labelOf(unit: number): number {
  return (unit & 0x800000ff) >>> 0;
}

function childrenOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
