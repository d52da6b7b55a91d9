/**
 * All papers of an OAI-PMH set, page by page along the resumption tokens. Tokens expire daily: where a fetch is gone on
 * with after that, the set is listed again from its beginning.
 */
import { UserError, WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { TransientError } from '../../core/retry.js';
import { type ArxivClient, requireSuccess, retryMalformed } from './client.js';
import type { Answer } from './http.js';
import { type OaiPage, oaiSet, parseOai } from './oai.js';
import type { PageSlice } from './page-store.js';
import { lineOfPaper } from './paper-line.js';

export interface OaiListingOptions extends Pick<Reporting, 'onProgress' | 'onMessage'> {
  client: ArxivClient;
  baseUrl: string;
  limit: number | null;
  /** Datestamps (days of the last change, not of the submission); null: no bound. */
  from: string | null;
  until: string | null;
}

export interface OaiPageMeta {
  ids: string[];
  deleted: number;
  malformed: string[];
  token: string | null;
  /** Records of the whole list, as announced; null: not announced. */
  listSize: number | null;
  /** The token was refused; the listing began again. */
  expired: boolean;
}

/** Times that a listing begins again before it is given up. */
const RESTARTS = 5;
/** Share of the announced records that a list may lack: records change, and so move in the list, while it is read. */
const TOLERANCE = 0.01;
/** Attempts for which a list that ends short of its announced size is asked for again; the size is only an estimate. */
const SHORT_ATTEMPTS = 3;
/** Answers that must say that nothing has changed in a span of days, or that a set fits on one page. */
const AGREEING_ANSWERS = 4;

/**
 * @returns the pages in order, the last one cut at the limit
 * @throws UserError if the interface refuses the request, WorkError if the faults persist
 */
export async function listSet(category: string, options: OaiListingOptions): Promise<PageSlice[]> {
  for (let round = 0; round <= RESTARTS; round++) {
    const pages = await listOnce(category, round, options);
    if (pages !== null) return pages;
  }
  throw new WorkError(
    `the resumption tokens of ${oaiSet(category)} expired ${RESTARTS + 1} times; run the same command again`,
  );
}

/** The pages of one pass through the set; null if its token expired on the way. */
async function listOnce(category: string, round: number, options: OaiListingOptions): Promise<PageSlice[] | null> {
  const { client, from, until } = options;
  const set = oaiSet(category);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  const pages: PageSlice[] = [];
  const ids = new Set<string>();
  let token: string | null = null;
  let received = 0;
  let announced = 0;
  do {
    const name = `set ${set} from ${from ?? 'the beginning'} until ${until ?? 'today'}, pass ${round}, page ${pages.length}`;
    const url: string = `${options.baseUrl}?${parameters(set, from, until, token)}`;
    const before = { received, announced };
    const asked = { isFirst: token === null, isBounded: from !== null || until !== null, empty: 0 };
    const page = await client.page<OaiPageMeta>(name, url, (answer, attempt) => {
      const read = readAnswer(answer, url, asked, attempt);
      if (read.error === null) checkEnd(read, asked.isFirst, before, attempt);
      const { deleted, malformed, resumptionToken, listSize, error } = read;
      const expired = error?.code === 'badResumptionToken';
      const ids = read.papers.map((paper) => paper.id);
      return {
        meta: { ids, deleted, malformed, token: resumptionToken, listSize, expired },
        lines: read.papers.map(lineOfPaper),
      };
    });
    if (page.meta.expired) return null;
    received += sizeOf(page.meta);
    announced = Math.max(announced, page.meta.listSize ?? 0);
    let rows = 0;
    while (rows < page.meta.ids.length && ids.size < limit) ids.add(page.meta.ids[rows++] as string);
    pages.push({ name, rows });
    token = page.meta.token;
    options.onProgress?.({ task: `fetching ${set}`, done: ids.size, unit: 'papers' });
  } while (token !== null && ids.size < limit);
  if (token === null && isShort(received, announced)) {
    const text = `arXiv announced ${quantity(announced, 'records')} of ${set} and listed ${received}; --refresh lists them again`;
    options.onMessage?.({ level: 'warning', text });
  }
  return pages;
}

/** Records of a page, whatever became of them. */
function sizeOf(page: { ids: readonly string[]; deleted: number; malformed: readonly string[] }): number {
  return page.ids.length + page.deleted + page.malformed.length;
}

function isShort(received: number, announced: number): boolean {
  return received < announced * (1 - TOLERANCE);
}

/**
 * Has a page asked for again that ends the list too early. Every part of a list ends with a token, the last part with an
 * empty one (section 3.5 of the protocol), so that a part without any was cut off; only a list of one page has none.
 */
function checkEnd(
  page: OaiPage,
  isFirst: boolean,
  before: { received: number; announced: number },
  attempt: number,
): void {
  if (page.resumptionToken !== null) return;
  const received = before.received + page.papers.length + page.deleted + page.malformed.length;
  const announced = Math.max(before.announced, page.listSize ?? 0);
  const isCutOff = !page.tellsEnd && (isFirst ? attempt < AGREEING_ANSWERS : announced === 0);
  if (isCutOff)
    throw new TransientError(`a page that does not say how the list continues, after ${quantity(received, 'records')}`);
  if (isShort(received, announced) && (!page.tellsEnd || attempt <= SHORT_ATTEMPTS)) {
    throw new TransientError(`the list ends after ${received} of ${quantity(announced, 'records')}`);
  }
}

/** A token stands for the whole request; everything else must then be left out. */
function parameters(set: string, from: string | null, until: string | null, token: string | null): URLSearchParams {
  if (token !== null) return new URLSearchParams({ verb: 'ListRecords', resumptionToken: token });
  return new URLSearchParams({
    verb: 'ListRecords',
    metadataPrefix: 'arXiv',
    set,
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  });
}

function readAnswer(
  answer: Answer,
  url: string,
  request: { isFirst: boolean; isBounded: boolean; empty: number },
  attempt: number,
): OaiPage {
  let page: OaiPage;
  try {
    page = parseOai(answer.body);
  } catch (error) {
    requireSuccess(answer, url, null);
    throw error;
  }
  requireSuccess(answer, url, page.error?.message ?? null);
  if (page.error?.code === 'badResumptionToken' && !request.isFirst) return page;
  if (page.error?.code === 'noRecordsMatch') {
    if (request.isFirst && request.isBounded && ++request.empty >= AGREEING_ANSWERS) return page;
    const known = request.isBounded ? 'that may not be empty' : 'that is not empty';
    throw new TransientError(`no records of a set ${known} (check the category if that persists)`);
  }
  if (page.error)
    throw new UserError(`the OAI-PMH interface refuses the request: ${page.error.message} (${page.error.code})`);
  if (page.papers.length === 0 && page.deleted === 0 && page.resumptionToken === null) {
    throw new TransientError('a page without records');
  }
  retryMalformed(page.malformed, attempt);
  return page;
}
