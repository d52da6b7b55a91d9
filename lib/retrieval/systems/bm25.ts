/**
 * BM25 (Robertson and Walker, 1994) over scientific terms: the bar that an embedding model has to reach, since a title
 * shares most of its words with its abstract. For a query q and a document d of length |d|, in terms,
 *
 *   score = sum over the terms t of q, as often as q has them:  idf(t) tf (k1 + 1) / (tf + k1 (1 - b + b |d| / mean |d|))
 *   idf(t) = ln(1 + (N - n + .5) / (n + .5))    N documents, n of them with t; as in Lucene, never below 0
 */
import type { Config } from '../../config/config.js';
import { politely } from '../../core/event-loop.js';
import { fingerprintOf } from '../../core/fingerprint.js';
import { compareRanked, type RankedDocument, type Run } from '../ranking.js';
import type { CorpusDocument, RetrievalSystem } from './retrieval-system.js';
import { scientificTerms } from './scientific-terms.js';
import type { SystemDefinition } from './system-definition.js';

export const bm25Definition: SystemDefinition = {
  usage: 'bm25',
  description: 'Okapi BM25 over stemmed scientific terms',
  async create(_name, { config }) {
    return bm25System(bm25Options(config));
  },
};

export interface Bm25Options {
  /** Saturation of the term frequency; 1.2 unless told otherwise. */
  k1?: number | undefined;
  /** How much long documents are held back, 0 to 1; 0.75 unless told otherwise. */
  b?: number | undefined;
}

/** The constants that are configured. */
export function bm25Options({ evaluation: { bm25 } }: Config): Bm25Options {
  return { k1: bm25.k1 ?? undefined, b: bm25.b ?? undefined };
}

/** The settings of Anserini's baselines on BEIR, which are the ones most often compared with. */
export const BEIR_BM25 = { k1: 0.9, b: 0.4 } as const;

/** The documents that have a term, and how often. */
interface Postings {
  rows: number[];
  frequencies: number[];
}

export class Bm25Index {
  private readonly ids: string[] = [];
  private readonly lengths: number[] = [];
  private readonly postings = new Map<string, Postings>();
  private totalLength = 0;
  private readonly k1: number;
  private readonly b: number;

  constructor({ k1 = 1.2, b = 0.75 }: Bm25Options = {}) {
    this.k1 = k1;
    this.b = b;
  }

  add({ id, text }: CorpusDocument): void {
    const row = this.ids.push(id) - 1;
    const terms = scientificTerms(text);
    this.lengths.push(terms.length);
    this.totalLength += terms.length;
    for (const [term, frequency] of counted(terms)) {
      const known = this.postings.get(term);
      if (known) {
        known.rows.push(row);
        known.frequencies.push(frequency);
      } else this.postings.set(term, { rows: [row], frequencies: [frequency] });
    }
  }

  /** The k best of the documents that share a term with the query; may be fewer. Scores in single precision. */
  search(query: string, k: number): RankedDocument[] {
    const { ids } = this;
    const scores = this.scores(query);
    const found = Array.from(scores, ([row, score]) => ({ id: ids[row] as string, score: Math.fround(score) }));
    // ties at the end of the list are for the order of ids to settle, so the k-th best score is found first
    const last = found.length > k ? Float32Array.from(found, ({ score }) => score).sort()[found.length - k] : undefined;
    const best = last === undefined ? found : found.filter(({ score }) => score >= last);
    return best.sort(compareRanked).slice(0, k);
  }

  /** Scores of all documents, in the order that they were added; 0 without a term in common. */
  scoreAll(query: string): Float32Array {
    const all = new Float32Array(this.ids.length);
    for (const [row, score] of this.scores(query)) all[row] = score;
    return all;
  }

  /** By place, of the documents that share a term with the query. */
  private scores(query: string): Map<number, number> {
    const { k1, b, ids, lengths } = this;
    const meanLength = this.totalLength / ids.length;
    const scores = new Map<number, number>();
    for (const term of scientificTerms(query)) {
      const { rows, frequencies } = this.postings.get(term) ?? { rows: [], frequencies: [] };
      const idf = Math.log(1 + (ids.length - rows.length + 0.5) / (rows.length + 0.5));
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const tf = frequencies[i] as number;
        const lengthened = k1 * (1 - b + (b * (lengths[row] as number)) / meanLength);
        scores.set(row, (scores.get(row) ?? 0) + (idf * tf * (k1 + 1)) / (tf + lengthened));
      }
    }
    return scores;
  }
}

/** An index of a corpus that is small enough to be made at once. */
export function buildBm25(corpus: readonly CorpusDocument[], options: Bm25Options = {}): Bm25Index {
  const index = new Bm25Index(options);
  for (const document of corpus) index.add(document);
  return index;
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

function counted(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
