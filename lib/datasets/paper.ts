/**
 * A paper as every later step sees it: one record a paper, whatever source it came from.
 */
import type { Role } from '../config/config.js';

/** A paper of one topic. */
export interface Paper {
  /** arXiv id without version ("2104.12255", "astro-ph/0601001"), or the id of another corpus. */
  id: string;
  /** Whitespace folded; TeX and accents kept. */
  title: string;
  abstract: string;
  /** The configured category that the primary category belongs to: "gr-qc", "q-bio". */
  topic: string;
  role: Role;
  /** All categories, the primary first. */
  categories: string[];
  /** ISO date (YYYY-MM-DD) of the first version; null where the source does not tell. */
  published: string | null;
  /** Where it is a pair of the user's own data: its query as the title, its document as the abstract. */
  pair?: PairFacts;
}

/** Whether these are pairs, which have a data set where papers have a topic, and no role. */
export function ofPairs(papers: readonly Pick<Paper, 'pair'>[]): boolean {
  return papers.length > 0 && papers.every(({ pair }) => pair !== undefined);
}

/** What a pair has beyond a title and an abstract. */
export interface PairFacts {
  /** Id of the query, which other pairs may share. */
  query: string;
  /** Id of the document, which other pairs may share. */
  document: string;
  /** Of the document, where it has a title. */
  documentTitle?: string;
  /** What the data say of the pair; null where they say nothing. */
  score: number | null;
  /** Whether the document answers the query. Losses of scores learn from the others too. */
  relevant: boolean;
  /** Ids of documents that do not answer the query. */
  negatives: string[];
}

/** The side of the split that a paper is on. */
export type Split = 'train' | 'validation' | 'test';

/** A paper with its side of the split. */
export interface SplitPaper extends Paper {
  split: Split;
}
