/**
 * When two texts count as equal: the same letters, digits and signs, whatever the case, spaces, punctuation and form of the
 * accents. Signs are what changes the meaning: those of arithmetic, of names such as C++ and C#, a decimal point, a minus
 * before a number. Equal texts in one batch would be each other's negatives.
 */
import { createHash } from 'node:crypto';

/** A short key that is the same for equal texts: the digest of what remains of the text (base64). */
export function textKey(text: string): string {
  return digestOf(text).toString('base64');
}

/** The first 53 bits of the same digest, which a number holds: two of three million texts share them with a probability of one in two thousand. */
export function textNumber(text: string): number {
  const digest = digestOf(text);
  return digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11);
}

/** ASCII that says nothing by itself, a full stop that no digit follows, and every hyphen but the minus of a number. */
const PUNCTUATION = /(?:[^a-z0-9\u0080-\uffff+#<>=/%&@^|.-]|\.(?!\d)|-(?!\d)|(?<=[a-z0-9\u0080-\uffff])-)+/g;

function digestOf(text: string): Buffer {
  const folded = text.normalize('NFKC').toLowerCase();
  // a text of symbols alone is compared as it stands, or all of them would be equal
  const letters = folded.replace(PUNCTUATION, '') || folded.trim();
  return createHash('sha256').update(letters).digest();
}
