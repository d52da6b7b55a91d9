/** The worker, as the page sees it: one search at a time, and of those that were asked meanwhile the latest alone. */
import type { SiteDescription } from '../site-description.js';
import type { SiteQuery } from '../site-search.js';
import type { FromWorker, ShownResult, ToWorker } from './messages.js';

export interface Found {
  query: SiteQuery;
  results: ShownResult[];
  milliseconds: number;
}

export interface EngineEvents {
  progress(done: number, total: number): void;
  /** @param withoutEncoder why BM25 is all there is; null where all is well */
  ready(withoutEncoder: string | null): void;
  /** All is in the cache that a visit without a connection needs. */
  kept(): void;
  failed(problem: string): void;
  found(found: Found): void;
  unanswered(problem: string): void;
}

export interface Engine {
  ask(query: SiteQuery): void;
}

export function startEngine(site: SiteDescription, cache: string, events: EngineEvents): Engine {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const send = (message: ToWorker): void => worker.postMessage(message);
  let count = 0;
  let asked: SiteQuery | null = null;
  let next: SiteQuery | null = null;

  const advance = (): void => {
    asked = next;
    next = null;
    if (asked) send({ type: 'search', id: ++count, query: asked });
  };
  const heard = (message: FromWorker): void => {
    if (message.type === 'progress') events.progress(message.done, message.total);
    else if (message.type === 'failed') events.failed(message.problem);
    else if (message.type === 'ready') events.ready(message.withoutEncoder);
    else if (message.type === 'kept') events.kept();
    else {
      const query = asked as SiteQuery;
      const isLatest = next === null;
      advance();
      if (!isLatest) return;
      if (message.type === 'found') events.found({ ...message, query });
      else events.unanswered(message.problem);
    }
  };
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => heard(data));
  worker.addEventListener('error', ({ message }) => events.failed(message || 'its worker could not be started'));
  send({ type: 'open', site, cache });
  return {
    ask(query) {
      next = query;
      if (!asked) advance();
    },
  };
}
