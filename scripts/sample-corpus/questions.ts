/**
 * Questions about the papers of the corpus in other words: each names some of the paper's concepts by synonyms that share
 * no word with its title, as somebody types into a search box who does not know how the authors call things. Retrieval by words alone has
 * little to go by; an encoder that has learned which names mean the same has more.
 */
import type { Random } from '../../lib/core/random.js';
import { type Draft, FACETS, type Facet } from './draft.js';
import { contentStems } from './statistics.js';

/** A question and the paper that answers it, as data/sample-questions.jsonl.gz holds them. */
export interface SampleQuestion {
  paper: string;
  question: string;
}

/** What joins a further concept: function words alone, so that the concepts are all that can be searched by. */
const JOIN: Record<Facet, string> = {
  phenomenon: 'on',
  object: 'for',
  method: 'by',
  setting: 'under',
  result: 'with',
};
const MOST_CONCEPTS = 3;

/**
 * Of the names that share no word with the title those that share least with the abstract.
 *
 * @returns null where fewer than two concepts of the paper have such a name
 */
export function writeQuestion(
  { facets, names: used }: Draft,
  { title, abstract }: { title: string; abstract: string },
  random: Random,
): string | null {
  const [inTitle, inAbstract] = [contentStems(title), contentStems(abstract)];
  const shared = (text: string, stems: ReadonlySet<string>): number => {
    const own = [...contentStems(text)];
    return own.filter((stem) => stems.has(stem)).length / Math.max(1, own.length);
  };
  const names = new Map<Facet, string>();
  for (const facet of FACETS) {
    if (names.size === MOST_CONCEPTS) break;
    const others = facets[facet].names
      .filter((name) => name !== used[facet] && !name.text.includes('$') && shared(name.text, inTitle) === 0)
      .map(({ text }) => text);
    const [best] = random.shuffle(others).sort((a, b) => shared(a, inAbstract) - shared(b, inAbstract));
    if (best !== undefined) names.set(facet, best);
  }
  if (names.size < 2) return null;
  const parts = [...names].map(([facet, name], i) => {
    if (i === 0) return name;
    const join = facet === 'object' && names.has('phenomenon') ? facets.phenomenon.preposition : JOIN[facet];
    return `${join} ${name}`;
  });
  return `${parts.join(' ')}?`;
}
