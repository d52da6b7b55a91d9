/**
 * BM25 (Robertson and Walker, 1994) by the library minisearch, over scientific terms: the bar that an embedding model
 * has to reach, since a title shares most of its words with its abstract.
 */
import MiniSearch from 'minisearch';
import { throwIfAborted } from '../../core/errors.js';
import { compareRanked, type RankedDocument, type Run } from '../ranking.js';
import type { CorpusDocument, RetrievalSystem } from './retrieval-system.js';
import { scientificTerms } from './scientific-terms.js';

export interface Bm25Options {
  /** Saturation of the term frequency; 1.2 unless told otherwise. */
  k1?: number | undefined;
  /** How much long documents are held back, 0 to 1; 0.75 unless told otherwise. */
  b?: number | undefined;
}

/** The settings of Anserini's baselines on BEIR, which are the ones most often compared with. */
export const BEIR_BM25 = { k1: 0.9, b: 0.4 } as const;

export interface Bm25Index {
  /** The k best documents that share a term with the query; may be fewer. */
  search(query: string, k: number): RankedDocument[];
}

export function buildBm25(corpus: readonly CorpusDocument[], { k1 = 1.2, b = 0.75 }: Bm25Options = {}): Bm25Index {
  const engine = new MiniSearch<{ row: number; text: string }>({
    fields: ['text'],
    idField: 'row',
    // minisearch takes the number of different tokens for the length of a document. Numbered, all tokens differ, and
    // the length is that of BM25; the number goes before the term is looked up.
    tokenize: (text) => scientificTerms(text).map((term, i) => `${term} ${i}`),
    processTerm: (token) => token.slice(0, token.indexOf(' ')),
    autoVacuum: false,
  });
  engine.addAll(corpus.map(({ text }, row) => ({ row, text })));
  return {
    search(query, k) {
      // d is the constant of BM25+, which plain BM25 does not have.
      const results = engine.search(query, { bm25: { k: k1, b, d: 0 }, combineWith: 'OR' });
      const found: RankedDocument[] = results.map((result) => ({
        id: (corpus[result.id as number] as CorpusDocument).id,
        // minisearch multiplies the sum by the number of terms found, which BM25 does not
        score: Math.fround(result.score / Math.max(1, result.queryTerms.length)),
      }));
      return found.sort(compareRanked).slice(0, k);
    },
  };
}

/** BM25 as a system to compare with. */
export function bm25System(options: Bm25Options = {}): RetrievalSystem {
  return {
    name: 'bm25',
    kind: 'bm25',
    async retrieve({ corpus, queries, depth }, { onProgress, signal }) {
      const start = performance.now();
      const index = buildBm25(corpus, options);
      const indexed = performance.now();
      const run: Run = new Map();
      for (const [i, query] of queries.entries()) {
        run.set(query.id, index.search(query.text, depth));
        if (i % 64 !== 63 && i !== queries.length - 1) continue;
        onProgress?.({ task: 'searching with BM25', done: i + 1, total: queries.length, unit: 'queries' });
        // lets progress be drawn and Ctrl-C be heard
        await new Promise((resolve) => setImmediate(resolve));
        throwIfAborted(signal, 'what other systems found is in their caches');
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
