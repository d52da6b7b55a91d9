/**
 * A paper as a source tells of it, before topics are assigned and anything is cleaned. Every source (snapshot, arXiv
 * API, OAI-PMH, a reader's own files) yields these.
 */

export interface SourceRecord {
  /** Without version. */
  id: string;
  /** The version that the text is of; null where the source does not tell. */
  version: number | null;
  /** Whitespace folded. */
  title: string;
  /** Whitespace folded. */
  abstract: string;
  /** The primary category first. */
  categories: string[];
  /** ISO date of the first version, as near as the source tells; null where it doesn't. */
  published: string | null;
  /** The authors' comment ("12 pages", "withdrawn by the author"); empty where there is none. */
  comments: string;
}

/** A record that lacks something or has something of the wrong kind; the message says what. */
export class MalformedRecord extends Error {}

/** One space for every run of whitespace and line breaks, none at the ends. */
export function foldWhitespace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
