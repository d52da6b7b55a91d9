/**
 * What a fetch asks for, checked: everything that its result depends on.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { UserError } from '../../core/errors.js';
import { PAGE_LIMIT, QUERY_LIMIT } from './api-listing.js';
import type { FetchOptions } from './options.js';

const ADDRESS = { api: 'https://export.arxiv.org/api/query', oai: 'https://oaipmh.arxiv.org/oai' };

export interface Query {
  source: 'api' | 'oai';
  categories: string[];
  baseUrl: string;
  limit: number | null;
  pageSize: number;
  queryLimit: number;
  from: string | null;
  until: string | null;
}

/** @throws UserError naming the first option that cannot be */
export function checkedQuery(options: FetchOptions): Query {
  const source = options.source ?? 'api';
  const categories = [...new Set(options.categories)];
  if (categories.length === 0) throw new UserError('no category to fetch: expected for example gr-qc');
  for (const category of categories) {
    if (!/^[a-z]+(-[a-z]+)?(\.[A-Za-z]+(-[A-Za-z]+)?)?$/.test(category)) {
      throw new UserError(`"${category}" is no arXiv category: expected for example gr-qc, cs.LG or q-bio`);
    }
  }
  if (existsSync(options.out) && statSync(options.out).isDirectory()) {
    throw new UserError(`"${options.out}" is a folder: expected the file to write, such as ${options.out}/arxiv.jsonl`);
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
  const baseUrl = checkedAddress(options.baseUrl ?? endpointOf(source), source);
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

/** A mirror that whoever runs this prefers to arXiv itself, as HF_ENDPOINT is for models. */
function endpointOf(source: 'api' | 'oai'): string | undefined {
  return (source === 'api' ? process.env.ARXIV_ENDPOINT : undefined) || undefined;
}

function checkedAddress(address: string | undefined, source: 'api' | 'oai'): string {
  if (address === undefined) return ADDRESS[source];
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new UserError(`address of arXiv "${address}": expected an address such as ${ADDRESS[source]}`);
  }
  const url = new URL(address);
  // A bare host means the interface at its usual place.
  return url.pathname === '/' ? new URL(new URL(ADDRESS[source]).pathname, url).href : url.href.replace(/[?#].*$/, '');
}

/** The name of the folder with the pages of this query. */
export function keyOf(query: Query): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 16);
}
