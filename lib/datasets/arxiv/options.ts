/** What a fetch is asked for, and what it gives. */
import type { Clock } from './clock.js';

/** What to fetch from arXiv, and where to. */
export interface FetchOptions {
  /** Categories ("gr-qc", "cs.LG") or archives ("q-bio"). A category's list holds its cross-lists too. */
  categories: string[];
  /** The snapshot file to write. */
  out: string;
  /** "api": the query interface; "oai": OAI-PMH, for very large pulls. */
  source?: 'api' | 'oai';
  /** The newest so many of each category's list (api), or the first so many (oai); null: all. */
  maxPerCategory?: number | null;
  /** ISO dates, both included: of the submission (api) or of the last change (oai); null: no bound. */
  from?: string | null;
  until?: string | null;
  /** Address of the interface. */
  baseUrl?: string;
  /** Where pages are kept between runs. */
  cacheFolder?: string;
  /** Asks again even if the same fetch was finished today. */
  refresh?: boolean;
  /** Results a page, at most 2,000. */
  pageSize?: number;
  /** Results that one query can reach, by default arXiv's 30,000; larger categories are fetched by submission date. */
  queryLimit?: number;
  /** Seconds between requests; at least 3 for arXiv itself. */
  interval?: number;
  /** Seconds for one answer. */
  timeout?: number;
  /** Attempts after the first failed one. */
  retries?: number;
  /** Seconds before the first retry. */
  firstWait?: number;
  clock?: Clock;
  /** File that paces all processes of this machine together. */
  lockFile?: string;
}

/** What a fetch wrote and what it left out. */
export interface FetchResult {
  path: string;
  /** Papers in the file, one line each. */
  papers: number;
  /** Left out because their authors withdrew them. */
  withdrawn: number;
  /** Met again in another category's list or over a page's border, and not written twice. */
  repeated: number;
  /** Records that arXiv has deleted (oai). */
  deleted: number;
  /** Entries that were no papers, left out. */
  malformed: number;
  /** Requests that went over the network; 0 where all came from the store. */
  requests: number;
}
