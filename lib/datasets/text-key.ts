/**
 * When two texts count as equal: the same letters and digits, whatever the case, spaces, ASCII punctuation and form of
 * the accents. Equal texts in one batch would be each other's negatives.
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

function digestOf(text: string): Buffer {
  const folded = text.normalize('NFKC').toLowerCase();
  // a text of symbols alone is compared as it stands, or all of them would be equal
  const letters = folded.replace(/[^a-z0-9\u0080-\uffff]+/g, '') || folded.trim();
  return createHash('sha256').update(letters).digest();
}
