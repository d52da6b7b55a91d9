/**
 * Fetches papers from arXiv into a snapshot file. Pages are stored as they come, so that a fetch that was interrupted or
 * killed continues at the next page and ends with the same file as an undisturbed one; the file appears under its name only
 * when it is complete.
 */
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { checkReplaceable, isFirstLine } from '../../files/replaceable.js';
import { prepareFolder } from '../../files/writing.js';
import { recordOfLine } from '../snapshot/record-of-line.js';
import { DisagreeingCounts, listCategory } from './api-listing.js';
import { assemble } from './assemble.js';
import { ArxivClient } from './client.js';
import { type Clock, systemClock } from './clock.js';
import { listSet } from './oai-listing.js';
import type { FetchOptions, FetchResult } from './options.js';
import { ARXIV_INTERVAL, Pacer, pacingFile } from './pacing.js';
import { type PageSlice, PageStore } from './page-store.js';
import { checkedQuery, keyOf, type Query } from './query.js';
import { ALL_TIME, dayOf } from './windows.js';

/**
 * Fetches papers from arXiv into a snapshot file; what an earlier, interrupted fetch stored is not asked for again.
 *
 * @throws UserError for a category or date that cannot be, or that arXiv refuses
 * @throws WorkError if arXiv does not answer in spite of all attempts; what was fetched is kept
 * @throws Interrupted if the signal fires; what was fetched is kept
 */
export async function fetchArxiv(options: FetchOptions, reporting: Reporting = {}): Promise<FetchResult> {
  const query = checkedQuery(options);
  const clock = options.clock ?? systemClock;
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const folder = join(options.cacheFolder ?? 'data/downloads/arxiv', keyOf(query));
  // Before hours of asking, not after.
  await checkReplaceable(options.out, {
    what: 'snapshot of papers',
    option: '--out',
    isOne: (path) => isFirstLine(path, (line) => recordOfLine(line).id !== ''),
  });
  await prepareFolder(dirname(resolve(options.out)));
  const store = await PageStore.open(folder, today, options.refresh ?? false);
  const message = (text: string): void => reporting.onMessage?.({ level: 'info', text });
  const client = new ArxivClient({
    store,
    pacer: pacerFor(query.baseUrl, options, clock, message),
    clock,
    retries: options.retries ?? 8,
    firstWait: options.firstWait ?? ARXIV_INTERVAL,
    timeout: options.timeout ?? 120,
    signal: reporting.signal,
    onRetry: (reason, seconds) => message(`arXiv: ${reason}; next attempt in ${Math.ceil(seconds)} s`),
  });

  const pages: PageSlice[] = [];
  const { onProgress, onMessage } = reporting;
  const listing = { client, baseUrl: query.baseUrl, limit: query.limit, onProgress, onMessage };
  for (const category of query.categories) {
    const slices =
      query.source === 'oai'
        ? await listSet(category, { ...listing, from: query.from, until: query.until })
        : await listPages(category, query, listing, store);
    pages.push(...slices);
  }
  const counts = await assemble(options.out, pages, store);
  await store.finish(today);
  if (counts.malformed > 0) {
    reporting.onMessage?.({
      level: 'warning',
      text: `${quantity(counts.malformed, 'entries')} of arXiv's answers ${agreeing(counts.malformed, 'is no paper', 'are no papers')}`,
    });
  }
  return { path: options.out, ...counts, requests: client.requests };
}

function pacerFor(baseUrl: string, options: FetchOptions, clock: Clock, message: (text: string) => void): Pacer {
  const isArxiv = /(^|\.)arxiv\.org$/.test(new URL(baseUrl).hostname);
  const interval = options.interval ?? ARXIV_INTERVAL;
  if (isArxiv && interval < ARXIV_INTERVAL) {
    throw new UserError(`interval = ${interval} s: arXiv's terms of use ask for at least ${ARXIV_INTERVAL} s`);
  }
  let told = false;
  const onWait = (): void => {
    if (!told) message('waiting for another process that is asking arXiv');
    told = true;
  };
  return new Pacer({ interval, lockFile: options.lockFile ?? pacingFile(baseUrl), clock, onWait });
}

async function listPages(
  category: string,
  query: Query,
  listing: { client: ArxivClient; baseUrl: string; limit: number | null; onProgress: Reporting['onProgress'] },
  store: PageStore,
): Promise<PageSlice[]> {
  const isBounded = query.from !== null || query.until !== null;
  const window = isBounded
    ? {
        first: query.from === null ? ALL_TIME.first : dayOf(query.from),
        last: query.until === null ? ALL_TIME.last : dayOf(query.until),
      }
    : null;
  try {
    return await listCategory(category, { ...listing, pageSize: query.pageSize, queryLimit: query.queryLimit, window });
  } catch (error) {
    // One of the stored answers is wrong, and none says which.
    if (error instanceof DisagreeingCounts) await store.clear();
    throw error;
  }
}
