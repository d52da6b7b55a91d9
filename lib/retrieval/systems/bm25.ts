/** BM25 as a system to compare with; the formula is in bm25-index.ts. */
import type { Config } from '../../config/config.js';
import { politely } from '../../core/event-loop.js';
import { fingerprintOf } from '../../core/fingerprint.js';
import type { Run } from '../ranking.js';
import { Bm25Index, type Bm25Options } from './bm25-index.js';
import type { RetrievalSystem } from './retrieval-system.js';
import type { SystemDefinition } from './system-definition.js';

export const bm25Definition: SystemDefinition = {
  usage: 'bm25',
  description: 'Okapi BM25 over stemmed scientific terms',
  async create(_name, { config }) {
    return bm25System(bm25Options(config));
  },
};

/** The constants that are configured. */
export function bm25Options({ evaluation: { bm25 } }: Config): Bm25Options {
  return { k1: bm25.k1 ?? undefined, b: bm25.b ?? undefined };
}

/** BM25 as a system to compare with. */
export function bm25System(options: Bm25Options = {}): RetrievalSystem {
  return {
    name: 'bm25',
    kind: 'bm25',
    async scorer({ queries, documents }, { signal }) {
      const pause = politely({ ...(signal && { signal }) }, 'nothing is trained yet');
      const index = new Bm25Index(options);
      for (const [place, text] of documents.entries()) {
        index.add({ id: String(place), text });
        await pause();
      }
      const { k1 = null, b = null } = options;
      return {
        fingerprint: fingerprintOf(['bm25', k1, b]),
        score: (query) => index.scoreAll(queries[query] as string),
      };
    },
    async retrieve({ corpus, queries, depth }, { onProgress, signal }) {
      const pause = politely({ ...(signal && { signal }) }, 'what other systems found is in their caches');
      const start = performance.now();
      const index = new Bm25Index(options);
      for (const document of corpus) {
        index.add(document);
        await pause();
      }
      const indexed = performance.now();
      const run: Run = new Map();
      for (const [i, query] of queries.entries()) {
        run.set(query.id, index.search(query.text, depth));
        if (i % 64 === 63 || i === queries.length - 1) {
          onProgress?.({ task: 'searching with BM25', done: i + 1, total: queries.length, unit: 'queries' });
        }
        await pause();
      }
      const searchSeconds = (performance.now() - indexed) / 1000;
      return {
        run,
        dimensions: null,
        timing: { embedSeconds: 0, indexSeconds: (indexed - start) / 1000, searchSeconds },
      };
    },
  };
}
