/**
 * A fetched paper, and its line in the snapshot file that fetching ends with: the fields of the Kaggle snapshot, in its
 * order, so that the file reads like any other snapshot.
 */

export interface FetchedPaper {
  /** Without version. */
  id: string;
  /** The version that the text is of. */
  version: number | null;
  title: string;
  abstract: string;
  /** The primary category first. */
  categories: string[];
  authors: string[];
  /** ISO date and time of the first version; null where the source does not tell. */
  published: string | null;
  /** ISO date and time of this version. */
  updated: string | null;
  comments: string | null;
  doi: string | null;
  journalReference: string | null;
}

/** One line of JSON without the line break. */
export function lineOfPaper(paper: FetchedPaper): string {
  const versions: { version: string; created: string }[] = [];
  if (paper.published !== null) versions.push({ version: 'v1', created: httpDate(paper.published) });
  if (paper.version !== null && paper.version > 1) {
    versions.push({ version: `v${paper.version}`, created: httpDate(paper.updated ?? paper.published ?? '') });
  }
  return JSON.stringify({
    id: paper.id,
    authors: paper.authors.join(', '),
    title: paper.title,
    comments: paper.comments,
    'journal-ref': paper.journalReference,
    doi: paper.doi,
    categories: paper.categories.join(' '),
    abstract: paper.abstract,
    versions,
    update_date: (paper.updated ?? paper.published)?.slice(0, 10) ?? null,
  });
}

/** "Mon, 02 Apr 2007 19:18:42 GMT", as the snapshot writes dates; empty where the date cannot be read. */
function httpDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : date.toUTCString();
}
