/**
 * Words that make a question and say nothing of what it is about. Inverse document frequency, counted in abstracts, takes
 * "what" and "anyone" for rare and telling words, and titles, from which the vectors are learned, hardly have them.
 */

const WORDS = `
a about above after again against all also although am among an and another any anybody anyone are as at available be
because been before being below between both but by can could did do does doing done down during each either else ever
every exist exists few find for from further had has have having he her here hers him his how however i if in information
into is it its itself just known made make may me might more most much must my neither no nor not of off often on once one
only onto or other others otherwise our ours out over own paper papers per perhaps please possible rather same shall she
should since so some someone something such than that the their theirs them then thence there thereby therefore these they
this those though through thus to together too toward towards under until up upon us used very via was way ways we well
were what whatever when where whereas whether which while who whom whose why will with within without would yes yet you
your yours`
  .trim()
  .split(/\s+/);

/** Ids of the tokens that are such a word, whole. @param encode without special tokens */
export function questionTokens(encode: (text: string) => ArrayLike<number>): Set<number> {
  const encoded = WORDS.map((word) => encode(word)).filter(({ length }) => length === 1);
  return new Set(encoded.map((ids) => ids[0]!));
}
