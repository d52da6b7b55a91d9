/** Numbers of things in sentences: "1 document has no text", "2 documents have no text". */

const numbers = new Intl.NumberFormat('en-US');

/**
 * How many of what, with separators: "1,074 abstracts".
 *
 * @param plural noun, "judged documents"; its last word becomes the singular for one
 */
export function quantity(count: number, plural: string): string {
  return `${numbers.format(count)} ${count === 1 ? singular(plural) : plural}`;
}

/** The form of a verb or pronoun that fits the count: `agreeing(n, 'is', 'are')`. */
export function agreeing(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** The singular of a regular English plural; units such as "MB" stay. */
export function singular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(?:ch|sh|ss|x|z)es$/.test(plural)) return plural.slice(0, -2);
  return /[a-z]s$/.test(plural) && !plural.endsWith('ss') ? plural.slice(0, -1) : plural;
}
