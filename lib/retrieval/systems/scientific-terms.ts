/**
 * Words of scientific text as search terms, for BM25:
 *
 *   - lower case, accents and ligatures folded (Schrödinger and Schrodinger meet; NFKD)
 *   - TeX: accents written as commands fold too (Schr\"odinger), a command's name counts as a word (\alpha, \Lambda),
 *     layout commands (\rm, \mathcal, \text) vanish, sub- and superscripts join their base (H_0, $H_{0}$: "h0")
 *   - words end at anything that is no letter or digit; the parts of "black-hole" are two terms, as are those of "f(R)"
 *   - English function words are dropped
 *   - what remains is stemmed (Porter2; Porter, 2001); what is longer than any word (a sequence, Base64, text without
 *     spaces) stays as it is, since the stemmer takes time quadratic in the length
 */
import porter2 from 'wink-porter2-stemmer';

const STOP_WORDS = new Set(
  (
    'a about above after again against all also am an and any are as at be because been before being below between both but by ' +
    'can could did do does doing down during each few for from further had has have having he her here hers him his how i if in ' +
    'into is it its itself just me more most my no nor not now of off on once only or other our ours out over own same she should ' +
    'so some such than that the their theirs them then there these they this those through to too under until up upon us very via ' +
    'was we were what when where which while who whom why will with within without would you your'
  ).split(' '),
);
const LAYOUT_COMMANDS =
  /\\(?:math(?:rm|bf|cal|bb|frak|scr|it|sf|tt)|rm|bf|it|sc|tt|em|emph|text(?:rm|bf|it|tt|sc)?|operatorname|left|right|big|Big|bar|hat|tilde|vec|dot|overline|underline|widetilde|widehat|ensuremath|mbox|displaystyle|over|frac|sqrt|cite|ref)\b/g;

/** The terms of a text, in its order, repeated as often as they occur. */
export function scientificTerms(text: string): string[] {
  return words(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

// Text repeats its words: looking a stem up is ten times faster than making it again.
const stems = new Map<string, string>();
const MOST_STEMS = 500_000;
// the longest word of an English dictionary has 45 letters
const LONGEST_STEMMED = 64;

function stem(word: string): string {
  if (word.length > LONGEST_STEMMED) return word;
  let known = stems.get(word);
  if (known === undefined) {
    if (stems.size >= MOST_STEMS) stems.clear();
    known = porter2(word);
    stems.set(word, known);
  }
  return known;
}

function words(text: string): string[] {
  const plain = text
    .replace(/\\["'`^~=.]\s*\{?\\?([a-zA-Z])\}?/g, '$1')
    .replace(LAYOUT_COMMANDS, ' ')
    .replace(/([a-zA-Z0-9])\s*[_^]\s*(?:\{\s*([a-zA-Z0-9]+)\s*\}?|([a-zA-Z0-9]+))/g, '$1$2$3')
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
