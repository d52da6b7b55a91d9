/** What is asked of `/search`: `q`, `k` and `system`. */
import { quantity } from '../core/quantity.js';
import type { SearchSystem } from '../pipeline/search-index.js';
import { badRequest } from './api-error.js';

export interface SearchRequest {
  /** Empty: nothing is asked yet. */
  query: string;
  k: number;
  system: SearchSystem;
}

const USUAL_K = 10;
const LONGEST_QUERY = 2000;

/** Names of systems; the encoder has that of the reports as well. */
const SYSTEMS: Readonly<Record<string, SearchSystem>> = {
  encoder: 'encoder',
  tuned: 'encoder',
  untuned: 'encoder',
  bm25: 'bm25',
  hybrid: 'hybrid',
};

/** @throws ApiError 400 naming what is wrong */
export function parseSearchRequest(
  parameters: URLSearchParams,
  { usual, most, isTuned }: { usual: SearchSystem; most: number; isTuned: boolean },
): SearchRequest {
  const query = (parameters.get('q') ?? '').trim();
  if (query.length > LONGEST_QUERY) {
    throw badRequest(`q has ${quantity(query.length, 'characters')}: expected at most ${LONGEST_QUERY}`, 'q');
  }
  const given = parameters.get('k') ?? String(USUAL_K);
  const k = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (k < 1 || k > most) throw badRequest(`k: expected a whole number from 1 to ${most}`, 'k');
  return { query, k, system: systemOf(parameters.get('system') ?? '', usual, isTuned) };
}

function systemOf(name: string, usual: SearchSystem, isTuned: boolean): SearchSystem {
  if (name === '') return usual;
  const system = Object.hasOwn(SYSTEMS, name) ? SYSTEMS[name] : undefined;
  const isOther = name === (isTuned ? 'untuned' : 'tuned');
  if (system === undefined || isOther) {
    throw badRequest(`system: expected ${isTuned ? 'tuned' : 'untuned'}, bm25 or hybrid`, 'system');
  }
  return system;
}
