/** Porter's second stemmer (wink-porter2-stemmer), with a cache: the same words come again and again. */
import { createRequire } from 'node:module';

const stem = createRequire(import.meta.url)('wink-porter2-stemmer') as (word: string) => string;
const cache = new Map<string, string>();

/** The stem of a lower-case word. */
export function porter2(word: string): string {
  let stemmed = cache.get(word);
  if (stemmed === undefined) {
    stemmed = stem(word);
    cache.set(word, stemmed);
  }
  return stemmed;
}
