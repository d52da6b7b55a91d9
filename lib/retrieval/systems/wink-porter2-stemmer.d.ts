/** The package has no types: https://www.npmjs.com/package/wink-porter2-stemmer */
declare module 'wink-porter2-stemmer' {
  /** The stem of an English word in lower case. */
  export default function porter2(word: string): string;
}
