/**
 * Fetches papers from arXiv into a snapshot file. Pages are stored as they come, so that a fetch that was interrupted or
 * killed goes on at the next page and ends with the same file as an undisturbed one; the file appears under its name only
 * when it is complete.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError, WorkError } from '../../errors.js';
import type { Reporting } from '../../events.js';
import { isWithdrawn } from '../cleaning/rules.js';
import { recordOfLine } from '../snapshot/record-of-line.js';
import { DisagreeingCounts, listCategory, PAGE_LIMIT, QUERY_LIMIT } from './api-listing.js';
import { ArxivClient } from './client.js';
import { type Clock, systemClock } from './clock.js';
import { listSet } from './oai-listing.js';
import { ARXIV_INTERVAL, Pacer, pacingFile } from './pacing.js';
import { type PageSlice, PageStore } from './page-store.js';
import { ALL_TIME, dayOf } from './windows.js';

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

const ADDRESS = { api: 'https://export.arxiv.org/api/query', oai: 'https://oaipmh.arxiv.org/oai' };

/**
 * @throws UserError for a category or date that cannot be, or that arXiv refuses
 * @throws WorkError if arXiv does not answer in spite of all attempts; what was fetched is kept
 * @throws Interrupted if the signal fires; what was fetched is kept
 */
export async function fetchArxiv(options: FetchOptions, reporting: Reporting = {}): Promise<FetchResult> {
  const source = options.source ?? 'api';
  const query = checkedQuery(options, source);
  const clock = options.clock ?? systemClock;
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const folder = join(options.cacheFolder ?? 'data/downloads/arxiv', keyOf(query));
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
  const listing = { client, baseUrl: query.baseUrl, limit: query.limit, onProgress: reporting.onProgress };
  for (const category of query.categories) {
    if (source === 'oai')
      pages.push(...(await listSet(category, { ...listing, from: query.from, until: query.until })));
    else pages.push(...(await listPages(category, query, listing, store)));
  }
  const counts = await assemble(options.out, pages, store);
  await store.finish(today);
  if (counts.malformed > 0) {
    reporting.onMessage?.({ level: 'warning', text: `${counts.malformed} entries of arXiv's answers are no papers` });
  }
  return { path: options.out, ...counts, requests: client.requests };
}

interface Query {
  source: 'api' | 'oai';
  categories: string[];
  baseUrl: string;
  limit: number | null;
  pageSize: number;
  queryLimit: number;
  from: string | null;
  until: string | null;
}

/** Everything that the result depends on, checked. */
function checkedQuery(options: FetchOptions, source: 'api' | 'oai'): Query {
  const categories = [...new Set(options.categories)];
  if (categories.length === 0) throw new UserError('no category to fetch: expected for example gr-qc');
  for (const category of categories) {
    if (!/^[a-z]+(-[a-z]+)?(\.[A-Za-z]+(-[A-Za-z]+)?)?$/.test(category)) {
      throw new UserError(`"${category}" is no arXiv category: expected for example gr-qc, cs.LG or q-bio`);
    }
  }
  const limit = options.maxPerCategory ?? null;
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new UserError(`maxPerCategory = ${limit}: expected a whole number above 0, or null for all`);
  }
  const pageSize = options.pageSize ?? PAGE_LIMIT;
  if (!(Number.isInteger(pageSize) && pageSize > 0 && pageSize <= PAGE_LIMIT)) {
    throw new UserError(`pageSize = ${pageSize}: expected 1 to ${PAGE_LIMIT}, the most that arXiv allows`);
  }
  const from = checkedDate('from', options.from);
  const until = checkedDate('until', options.until);
  if (from !== null && until !== null && from > until) throw new UserError(`from ${from} is after until ${until}`);
  const baseUrl = checkedAddress(options.baseUrl, source);
  const queryLimit = options.queryLimit ?? QUERY_LIMIT;
  return { source, categories, baseUrl, limit, pageSize, queryLimit, from, until };
}

function checkedDate(name: string, date: string | null | undefined): string | null {
  if (date === undefined || date === null) return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw new UserError(`${name} = "${date}": expected a date such as 2024-01-31`);
  }
  return date;
}

function checkedAddress(address: string | undefined, source: 'api' | 'oai'): string {
  if (address === undefined) return ADDRESS[source];
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new UserError(`base URL "${address}": expected an address such as ${ADDRESS[source]}`);
  }
  const url = new URL(address);
  // A bare host means the interface at its usual place.
  return url.pathname === '/' ? new URL(new URL(ADDRESS[source]).pathname, url).href : url.href.replace(/[?#].*$/, '');
}

function keyOf(query: Query): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 16);
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

type Counts = Omit<FetchResult, 'path' | 'requests'>;

/** Writes each paper of the pages once, in the order of the pages. */
async function assemble(out: string, pages: readonly PageSlice[], store: PageStore): Promise<Counts> {
  const counts: Counts = { papers: 0, withdrawn: 0, repeated: 0, deleted: 0, malformed: 0 };
  const path = resolve(out);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(Readable.from(linesOf(pages, store, counts)), createWriteStream(temporary));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return counts;
}

async function* linesOf(pages: readonly PageSlice[], store: PageStore, counts: Counts): AsyncGenerator<string> {
  const written = new Set<string>();
  for (const { name, rows } of pages) {
    const page = await store.read<{ malformed: string[]; deleted?: number }>(name);
    if (!page) throw new WorkError('a stored page has vanished; run the same command again, it asks for it anew');
    counts.malformed += page.meta.malformed.length;
    counts.deleted += page.meta.deleted ?? 0;
    let text = '';
    for (const line of page.lines.slice(0, rows)) {
      const record = recordOfLine(line);
      if (written.has(record.id)) {
        counts.repeated++;
        continue;
      }
      written.add(record.id);
      if (isWithdrawn(record)) {
        counts.withdrawn++;
        continue;
      }
      counts.papers++;
      text += `${line}\n`;
    }
    if (text !== '') yield text;
  }
}
