/** The nearest known word to a misspelt one, for error messages. */
import { distance } from 'fastest-levenshtein';

/** `; did you mean "recall"?`, or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = [...known].sort((a, b) => distance(word, a) - distance(word, b))[0];
  return nearest && distance(word, nearest) <= Math.max(2, word.length / 2) ? `; did you mean "${nearest}"?` : '';
}
