/** Texts with faults put in at random, for fuzz tests. */
import type { Random } from '../../../lib/core/random.js';

/** Pieces that matter to XML, JSON or the rules, to be put in where they do not belong. */
const PIECES = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  '&amp;',
  '&#0;',
  '&#x110000;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?',
  '<!DOCTYPE x [',
  '<!ENTITY a "b">',
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"categories":',
  '"categories": "gr-qc"',
  '\\u0000',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '__proto__',
  'constructor',
  '<__proto__>',
  '</entry><entry>',
  '<title>',
  '</title>',
  '<id>http://arxiv.org/api/errors#x</id>',
  'v99999999999999',
  '2104.12255',
  'null',
  '1e999',
  '-1',
  'é',
  '\u202e',
  ' '.repeat(300),
  'a'.repeat(3000),
];

/** One to four changes at random places: bits, pieces, cuts, copies, swaps. */
export function mutated(text: string, random: Random): string {
  let out = text;
  for (let change = 1 + random.integer(4); change > 0; change--) {
    const a = random.integer(out.length + 1);
    const b = Math.min(out.length, a + random.integer(random.integer(2) === 0 ? 5 : out.length));
    switch (random.integer(6)) {
      case 0:
        out =
          out.slice(0, a) + String.fromCharCode((out.charCodeAt(a) || 0) ^ (1 << random.integer(8))) + out.slice(a + 1);
        break;
      case 1:
        out = out.slice(0, a) + random.pick(PIECES) + out.slice(a);
        break;
      case 2:
        out = out.slice(0, a) + out.slice(b);
        break;
      case 3:
        out = out.slice(0, b) + out.slice(a);
        break;
      case 4:
        out = out.slice(0, a);
        break;
      default:
        out = out.slice(0, a) + random.pick(PIECES) + out.slice(b);
    }
  }
  return out;
}
