/**
 * BM25 (Robertson and Walker, 1994) over scientific terms: the bar that an embedding model has to reach, since a title
 * shares most of its words with its abstract. For a query q and a document d of length |d|, in terms,
 *
 *   score = sum over the terms t of q, as often as q has them:  idf(t) tf (k1 + 1) / (tf + k1 (1 - b + b |d| / mean |d|))
 *   idf(t) = ln(1 + (N - n + .5) / (n + .5))    N documents, n of them with t; as in Lucene, never below 0
 *
 * It runs in browsers too: nothing of Node.js in here.
 */
import { compareRanked, type RankedDocument } from '../ranking.js';
import { scientificTerms } from './scientific-terms.js';

export interface Bm25Options {
  /** Saturation of the term frequency; 1.2 unless told otherwise. */
  k1?: number | undefined;
  /** How much long documents are held back, 0 to 1; 0.75 unless told otherwise. */
  b?: number | undefined;
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

  add({ id, text }: { id: string; text: string }): void {
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

  /**
   * The k best of the documents that share a term with the query; may be fewer. Scores in single precision.
   *
   * @param isWanted by the place of a document; what a term is worth is still that of all documents
   */
  search(query: string, k: number, isWanted?: (row: number) => boolean): RankedDocument[] {
    const { ids } = this;
    const scores = [...this.scores(query)].filter(([row]) => isWanted?.(row) ?? true);
    const found = scores.map(([row, score]) => ({ id: ids[row] as string, score: Math.fround(score) }));
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
export function buildBm25(corpus: readonly { id: string; text: string }[], options: Bm25Options = {}): Bm25Index {
  const index = new Bm25Index(options);
  for (const document of corpus) index.add(document);
  return index;
}

function counted(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
