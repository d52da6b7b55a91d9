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
}

/** The side of the split that a paper is on. */
export type Split = 'train' | 'validation' | 'test';

/** A paper with its side of the split. */
export interface SplitPaper extends Paper {
  split: Split;
}
