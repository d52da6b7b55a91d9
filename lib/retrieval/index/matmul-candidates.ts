/**
 * Exact nearest documents by blocks of a matrix product: what takes FAISS' place where it cannot be had.
 */
import { dot } from '../../core/rows.js';
import type { CandidateSource, Matmul } from './vector-index.js';

// A product of 256 x 8192 scores is 8 MB: large enough for full speed, small enough for any machine.
const DOCUMENTS_A_BLOCK = 8192;
const QUERIES_A_BLOCK = 256;

/** a [n, d] times b [m, d] transposed, in plain loops: the reference of every faster product. */
export const referenceMatmul: Matmul = async (a, b, dimensions) => {
  const n = a.length / dimensions;
  const m = b.length / dimensions;
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[i * m + j] = dot(a, i * dimensions, b, j * dimensions, dimensions);
  }
  return out;
};

/** @param vectors [n, d] */
export function matmulCandidates(vectors: Float32Array, dimensions: number, matmul: Matmul): CandidateSource {
  const n = vectors.length / dimensions;
  return {
    async propose(queries, k): Promise<Int32Array> {
      const q = queries.length / dimensions;
      const best = Array.from({ length: q }, () => new BestScores(k));
      for (let from = 0; from < n; from += DOCUMENTS_A_BLOCK) {
        const documents = vectors.subarray(from * dimensions, (from + DOCUMENTS_A_BLOCK) * dimensions);
        const width = documents.length / dimensions;
        for (let first = 0; first < q; first += QUERIES_A_BLOCK) {
          const block = queries.subarray(first * dimensions, (first + QUERIES_A_BLOCK) * dimensions);
          const scores = await matmul(block, documents, dimensions);
          for (let i = 0; i < block.length / dimensions; i++) {
            const heap = best[first + i] as BestScores;
            for (let j = 0; j < width; j++) heap.offer(scores[i * width + j] as number, from + j);
          }
        }
      }
      const rows = new Int32Array(q * k);
      best.forEach((heap, i) => {
        rows.set(heap.ranked(), i * k);
      });
      return rows;
    },
    async close() {},
  };
}

/** The k highest scores seen so far, in a binary heap whose root is the lowest of them. */
export class BestScores {
  private readonly scores: Float32Array;
  private readonly rows: Int32Array;
  private size = 0;

  constructor(private readonly k: number) {
    this.scores = new Float32Array(k);
    this.rows = new Int32Array(k);
  }

  offer(score: number, row: number): void {
    if (this.size < this.k) {
      let i = this.size++;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if ((this.scores[parent] as number) <= score) break;
        this.move(parent, i);
        i = parent;
      }
      this.put(i, score, row);
    } else if (score > (this.scores[0] as number)) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= this.k) break;
        if (child + 1 < this.k && (this.scores[child + 1] as number) < (this.scores[child] as number)) child++;
        if ((this.scores[child] as number) >= score) break;
        this.move(child, i);
        i = child;
      }
      this.put(i, score, row);
    }
  }

  /** Rows, best first. */
  ranked(): Int32Array {
    const order = Array.from({ length: this.size }, (_, i) => i);
    order.sort((a, b) => (this.scores[b] as number) - (this.scores[a] as number));
    return Int32Array.from(order, (i) => this.rows[i] as number);
  }

  private move(from: number, to: number): void {
    this.put(to, this.scores[from] as number, this.rows[from] as number);
  }

  private put(at: number, score: number, row: number): void {
    this.scores[at] = score;
    this.rows[at] = row;
  }
}
