/**
 * When a list of the API ends. Its pages come empty, and its counts wrong, now and then; a wrong end would lose papers
 * without a word.
 */

/** What is known before a page is asked for. */
export interface Expectation {
  /** How often the server announced which count with the pages before. */
  totals: ReadonlyMap<number, number>;
  /** There are papers, whatever the server says. */
  mustHavePapers: boolean;
}

/** Answers that must announce the same count before a listing ends short of the highest count that was announced. */
const AGREEING_ANSWERS = 4;
/** How many of them at least must be empty. */
const EMPTY_ANSWERS = 2;

/**
 * Whether a page with papers is the last one. A count that is below what was received is none; one that was seen only
 * once, on a full page, may be wrong, and the next page tells.
 */
export function isLastPage(
  isShort: boolean,
  seen: number,
  behind: number,
  totals: ReadonlyMap<number, number>,
): boolean {
  const known = highest(totals);
  return seen <= known && seen + behind >= known && (isShort || (totals.get(known) ?? 0) > 1);
}

/**
 * Whether a page without entries is the end of the list: the server's own count says so, and enough other answers agree
 * if a higher one was announced. A count of nothing is no answer where papers are known to exist.
 *
 * @param empty how many empty answers have announced this total for this page
 */
export function isTheEnd(total: number | null, start: number, empty: number, expected: Expectation): boolean {
  const known = highest(expected.totals);
  if (total === null) return start > 0 && empty >= AGREEING_ANSWERS;
  if (total === 0) return start === 0 && !expected.mustHavePapers && known === 0 && empty >= AGREEING_ANSWERS;
  if (total > start) return false;
  if (total === known) return true;
  return empty >= EMPTY_ANSWERS && empty + (expected.totals.get(total) ?? 0) >= AGREEING_ANSWERS;
}

export function highest(totals: ReadonlyMap<number, number>): number {
  return Math.max(0, ...totals.keys());
}
