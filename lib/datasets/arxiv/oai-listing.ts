/**
 * All papers of an OAI-PMH set, page by page along the resumption tokens. Tokens expire daily: where a fetch is gone on
 * with after that, the set is listed again from its beginning.
 */
import { UserError, WorkError } from '../../errors.js';
import type { ProgressEvent } from '../../events.js';
import { type ArxivClient, requireSuccess, retryMalformed } from './client.js';
import { PassingFailure } from './http.js';
import { type OaiPage, oaiSet, parseOai } from './oai.js';
import type { PageSlice } from './page-store.js';
import { lineOfPaper } from './paper-line.js';

export interface OaiListingOptions {
  client: ArxivClient;
  baseUrl: string;
  limit: number | null;
  /** Datestamps (days of the last change, not of the submission); null: no bound. */
  from: string | null;
  until: string | null;
  onProgress?: (event: ProgressEvent) => void;
}

export interface OaiPageMeta {
  ids: string[];
  deleted: number;
  malformed: string[];
  token: string | null;
  /** The token was refused; the listing began again. */
  expired: boolean;
}

/** Times that a listing begins again before it is given up. */
const RESTARTS = 5;

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
  do {
    const name = `set ${set} from ${from ?? 'the beginning'} until ${until ?? 'today'}, pass ${round}, page ${pages.length}`;
    const url: string = `${options.baseUrl}?${parameters(set, from, until, token)}`;
    const page = await client.page<OaiPageMeta>(name, url, (answer, attempt) => {
      const read = readAnswer(
        answer,
        url,
        { isFirst: token === null, isBounded: from !== null || until !== null },
        attempt,
      );
      const lines = read.papers.map(lineOfPaper);
      const { deleted, malformed, resumptionToken } = read;
      const expired = read.error?.code === 'badResumptionToken';
      return {
        meta: { ids: read.papers.map((paper) => paper.id), deleted, malformed, token: resumptionToken, expired },
        lines,
      };
    });
    if (page.meta.expired) return null;
    let rows = 0;
    while (rows < page.meta.ids.length && ids.size < limit) ids.add(page.meta.ids[rows++] as string);
    pages.push({ name, rows });
    token = page.meta.token;
    options.onProgress?.({ task: `fetching ${set}`, done: ids.size, unit: 'papers' });
  } while (token !== null && ids.size < limit);
  return pages;
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
  answer: { status: number; body: string },
  url: string,
  request: { isFirst: boolean; isBounded: boolean },
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
    if (request.isBounded) return page;
    throw new PassingFailure('no records of a set that is not empty (check the category if that goes on)');
  }
  if (page.error)
    throw new UserError(`the OAI-PMH interface refuses the request: ${page.error.message} (${page.error.code})`);
  if (page.papers.length === 0 && page.deleted === 0 && page.resumptionToken === null) {
    throw new PassingFailure('a page without records');
  }
  retryMalformed(page.malformed, attempt);
  return page;
}
