/** Search over papers for a server: the index is made while the server answers already. */

import { Interrupted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import type { PaperIndex } from '../pipeline/paper-index.js';
import type { SearchResult } from '../pipeline/search.js';
import type { SearchSystem } from '../pipeline/search-index.js';
import { ApiError } from './api-error.js';

/** Where the index is. */
export type SearchState =
  | { name: 'absent' }
  | { name: 'indexing' }
  | { name: 'ready'; papers: number }
  | { name: 'failed'; reason: string };

export interface SearchService {
  readonly state: SearchState;
  /** What searches where nobody says. */
  readonly usual: SearchSystem;
  /** @throws ApiError 503 while there is no index yet, 404 where there will be none, 400 for an empty query */
  search(query: string, k: number, system: SearchSystem, signal: AbortSignal): Promise<SearchResult[]>;
  /** Ends the making of the index, and frees it. */
  close(): Promise<void>;
}

/** For a model without papers. */
export function noSearch(): SearchService {
  return {
    state: { name: 'absent' },
    usual: 'encoder',
    async search() {
      throw new ApiError(404, 'this server has no papers: serve a run, or a model with --data', { code: 'no_search' });
    },
    close: async () => undefined,
  };
}

/** @param open makes the index; begins at once */
export function openSearchService(
  usual: SearchSystem,
  open: (reporting: Reporting) => Promise<PaperIndex>,
  { onMessage, ...reporting }: Reporting,
): SearchService {
  const controller = new AbortController();
  let state: SearchState = { name: 'indexing' };
  const opening = open({ ...reporting, ...(onMessage && { onMessage }), signal: controller.signal }).then(
    (index) => {
      state = { name: 'ready', papers: index.papers.length };
      onMessage?.({ level: 'info', text: `search over ${quantity(index.papers.length, 'papers')} is ready` });
      return index;
    },
    (error: unknown) => {
      const reason = error instanceof UserError ? error.message : 'an unexpected error';
      state = { name: 'failed', reason };
      if (!(error instanceof Interrupted)) onMessage?.({ level: 'warning', text: `there is no search: ${reason}` });
      return null;
    },
  );
  return {
    get state() {
      return state;
    },
    usual,
    async search(query, k, system, signal) {
      if (state.name === 'indexing') {
        throw new ApiError(503, 'the papers are being indexed: try again soon', { code: 'indexing', retryAfter: 5 });
      }
      const index = await opening;
      if (index === null) throw new ApiError(503, 'the papers could not be indexed: see the messages of the server');
      return index.search(query, k, system, { signal });
    },
    async close() {
      controller.abort();
      await (await opening)?.close();
    },
  };
}
