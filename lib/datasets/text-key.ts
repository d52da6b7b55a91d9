/**
 * When two texts count as equal: the same letters and digits, whatever the case, spaces, ASCII punctuation and form of
 * the accents. Equal texts in one batch would be each other's negatives.
 */
import { createHash } from 'node:crypto';

/** A short key that is the same for equal texts: the digest of what remains of the text (base64). */
export function textKey(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  // a text of symbols alone is compared as it stands, or all of them would be equal
  const letters = folded.replace(/[^a-z0-9\u0080-\uffff]+/g, '') || folded.trim();
  return createHash('sha256').update(letters).digest('base64');
}
