/** What the page and its worker say to each other. */
import type { Excerpt, MarkedText } from '../excerpt.js';
import type { SiteDescription } from '../site-description.js';
import type { PartScore, SiteQuery } from '../site-search.js';

export type ToWorker =
  | { type: 'open'; site: SiteDescription; cache: string }
  | { type: 'search'; id: number; query: SiteQuery };

export type FromWorker =
  /** Bytes. */
  | { type: 'progress'; done: number; total: number }
  /** `withoutEncoder`: why BM25 is all there is. */
  | { type: 'ready'; withoutEncoder: string | null }
  /** All that was loaded is in the cache. */
  | { type: 'kept' }
  | { type: 'failed'; problem: string }
  | { type: 'found'; id: number; results: ShownResult[]; milliseconds: number }
  | { type: 'unanswered'; id: number; problem: string };

/** A paper as it is shown. */
export interface ShownResult {
  id: string;
  /** Its page on arXiv; null for what is not there. */
  link: string | null;
  title: MarkedText;
  topic: string;
  /** ISO date, or empty. */
  published: string;
  excerpt: Excerpt;
  abstract: MarkedText;
  score: number;
  bm25?: PartScore;
  encoder?: PartScore;
}
