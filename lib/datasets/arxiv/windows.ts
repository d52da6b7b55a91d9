/**
 * Windows of submission days. The API answers no query of more than 30,000 results, so a larger category is asked for
 * in windows, halved until each is small enough.
 */

/** Days since 1970, both included. */
export interface Window {
  first: number;
  last: number;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * From before arXiv's first paper to a day that is far enough. Both are fixed, so that halving gives the same windows on
 * every day and a fetch can be continued on the next.
 */
export const ALL_TIME: Window = { first: dayOf('1991-01-01'), last: dayOf('2054-12-31') };

export function dayOf(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00Z`) / DAY;
}

/** The two halves, the later one first; null for a single day. */
export function halves({ first, last }: Window): [later: Window, earlier: Window] | null {
  if (first >= last) return null;
  const middle = Math.floor((first + last) / 2);
  return [
    { first: middle + 1, last },
    { first, last: middle },
  ];
}

/** The window as a clause of the query language: submittedDate:[YYYYMMDDHHMM TO YYYYMMDDHHMM], in GMT. */
export function submittedClause({ first, last }: Window): string {
  const day = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10).replaceAll('-', '');
  return `submittedDate:[${day(first)}0000 TO ${day(last)}2359]`;
}
