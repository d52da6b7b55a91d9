/**
 * All papers that the arXiv API lists for a category, page by page, in spite of its faults.
 *
 * The next page starts behind the number of different papers received, not of rows asked for or received: where a paper
 * slips over a page's border, or the list grows in front, papers come twice but none is passed over. A page without
 * entries is only the end where the server's own count agrees, several times.
 */

import { UserError, WorkError } from '../../core/errors.js';
import type { ProgressEvent } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { TransientError } from '../../core/retry.js';
import { parseAtom } from './atom.js';
import { type ArxivClient, requireSuccess, retryMalformed } from './client.js';
import type { Answer } from './http.js';
import type { PageSlice } from './page-store.js';
import { type Expectation, highest, isLastPage, isTheEnd } from './paging.js';
import { lineOfPaper } from './paper-line.js';
import { ALL_TIME, halves, submittedClause, type Window } from './windows.js';

/** Results that one query can reach; above it arXiv answers with HTTP 400. */
export const QUERY_LIMIT = 30_000;
/** Results that one page can have. */
export const PAGE_LIMIT = 2000;

export interface ApiListingOptions {
  client: ArxivClient;
  baseUrl: string;
  pageSize: number;
  /** Results that one query can reach. */
  queryLimit: number;
  /** Papers of each category; null: all. A limited listing gives the newest. */
  limit: number | null;
  /** Submission days; null: all. */
  window: Window | null;
  onProgress?: (event: ProgressEvent) => void;
}

/** A page as the listing sees it. */
export interface ApiPageMeta {
  total: number | null;
  ids: string[];
  malformed: string[];
}

/** Share of a window's papers that its halves may lack: papers are added while they are counted, hardly ever removed. */
const TOLERANCE = 0.01;

/**
 * @returns the pages in order
 * @throws UserError if arXiv refuses the query
 * @throws WorkError if the faults persist
 */
export async function listCategory(category: string, options: ApiListingOptions): Promise<PageSlice[]> {
  const listing = new CategoryListing(category, options);
  const whole = options.window ?? ALL_TIME;
  const isAll = options.window === null;
  await listing.list(whole, isAll, isAll);
  return listing.pages;
}

class CategoryListing {
  readonly pages: PageSlice[] = [];
  private readonly ids = new Set<string>();
  private readonly limit: number;
  private announced = 0;

  constructor(
    private readonly category: string,
    private readonly options: ApiListingOptions,
  ) {
    this.limit = options.limit ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Lists a window, in halves if it holds more than one query can reach.
   *
   * @param isAll leaves the dates out of the query
   * @param mustHavePapers an empty answer is a fault, not an answer
   * @returns the number of papers that the server announces for the window
   */
  async list(window: Window, isAll: boolean, mustHavePapers: boolean): Promise<number> {
    const clause = categoryClause(this.category);
    const query = isAll ? clause : `${clause} AND ${submittedClause(window)}`;
    const first = await this.ask(query, 0, this.limit - this.ids.size, { totals: new Map(), mustHavePapers });
    const total = first.meta.total ?? 0;
    this.announced = Math.max(this.announced, total);
    if (Math.min(total, this.limit - this.ids.size) <= this.options.queryLimit) {
      await this.listQuery(query);
      return total;
    }
    const parts = halves(window);
    if (!parts) {
      throw new WorkError(
        `arXiv announces ${quantity(total, 'papers')} of ${this.category} on one day, more than one query can reach`,
      );
    }
    let counted = 0;
    for (const part of parts) {
      if (this.ids.size >= this.limit) return total;
      counted += await this.list(part, false, false);
    }
    if (this.ids.size < this.limit && counted < total * (1 - TOLERANCE)) {
      throw new DisagreeingCounts(
        `arXiv announces ${quantity(total, 'papers')} of ${this.category}, but ${counted} in its parts by date; run the same command again later`,
      );
    }
    return total;
  }

  private async listQuery(query: string): Promise<void> {
    const seen = new Set<string>();
    const totals = new Map<number, number>();
    const wanted = this.limit - this.ids.size;
    let behind = 0;
    while (seen.size < wanted && seen.size + behind < this.options.queryLimit) {
      const start = seen.size + behind;
      const { name, size, meta } = await this.ask(query, start, wanted - seen.size, { totals, mustHavePapers: false });
      if (meta.ids.length === 0) break;
      this.pages.push({ name, rows: meta.ids.length });
      const before = seen.size;
      for (const id of meta.ids) {
        seen.add(id);
        this.ids.add(id);
      }
      // Nothing new: the list has grown in front. What is left lies behind the rows just seen.
      if (seen.size === before) behind += meta.ids.length;
      if (meta.total !== null) {
        totals.set(meta.total, (totals.get(meta.total) ?? 0) + 1);
      }
      this.report();
      if (isLastPage(meta.ids.length < size, seen.size, behind, totals)) break;
    }
  }

  private async ask(
    query: string,
    start: number,
    wanted: number,
    expected: Expectation,
  ): Promise<{ name: string; size: number; meta: ApiPageMeta }> {
    const { client, baseUrl, pageSize, queryLimit } = this.options;
    const size = Math.min(pageSize, wanted, queryLimit - start);
    const order = Number.isFinite(this.limit) ? 'descending' : 'ascending';
    const url = `${baseUrl}?${new URLSearchParams({
      search_query: query,
      start: String(start),
      max_results: String(size),
      sortBy: 'submittedDate',
      sortOrder: order,
    })}`;
    const name = `${query}, results from ${start}, at most ${size}, ${order}`;
    const empty = new Map<number, number>();
    const page = await client.page<ApiPageMeta>(name, url, (answer, attempt) => {
      const { total, papers, malformed } = readAnswer(answer, url, attempt);
      if (papers.length === 0) {
        const count = (empty.get(total ?? 0) ?? 0) + 1;
        empty.set(total ?? 0, count);
        if (!isTheEnd(total, start, count, expected)) {
          throw new TransientError(this.emptiness(total, start, highest(expected.totals)));
        }
      }
      return { meta: { total, ids: papers.map((paper) => paper.id), malformed }, lines: papers.map(lineOfPaper) };
    });
    return { name, size, meta: page.meta };
  }

  private emptiness(total: number | null, start: number, known: number): string {
    const announced = Math.max(total ?? 0, known);
    if (announced > 0) return `an empty page at result ${start} of ${announced}`;
    return `no papers of ${this.category} at all (check its name if that persists)`;
  }

  private report(): void {
    this.options.onProgress?.({
      task: `fetching ${this.category}`,
      done: Math.min(this.ids.size, this.limit),
      total: Math.min(Math.max(this.announced, this.ids.size), this.limit),
      unit: 'papers',
    });
  }
}

/** The parts of a category by date do not add up to the whole: one of the stored answers is wrong. */
export class DisagreeingCounts extends WorkError {}

function readAnswer(answer: Answer, url: string, attempt: number): ReturnType<typeof parseAtom> {
  let page: ReturnType<typeof parseAtom>;
  try {
    page = parseAtom(answer.body);
  } catch (error) {
    if (answer.status >= 400) requireSuccess(answer, url, null);
    throw error;
  }
  requireSuccess(answer, url, page.error);
  if (page.error !== null) throw new UserError(`arXiv refuses the query: ${page.error}; check the categories`);
  retryMalformed(page.malformed, attempt);
  return page;
}

/** Archives that have subject classes. */
const ARCHIVES = new Set('astro-ph cond-mat cs econ eess math nlin physics q-bio q-fin stat'.split(' '));
/** Those among them whose older papers have none. */
const ONCE_UNCLASSIFIED = new Set(['astro-ph', 'cond-mat']);

/** A category, or an archive with all its classes, in the query language. */
function categoryClause(category: string): string {
  if (ONCE_UNCLASSIFIED.has(category)) return `(cat:${category} OR cat:${category}.*)`;
  return ARCHIVES.has(category) ? `cat:${category}.*` : `cat:${category}`;
}
