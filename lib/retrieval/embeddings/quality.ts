/**
 * What the geometry of embeddings says about them, whatever the ranking:
 *
 *   alignment        mean of |q - d|^2 over relevant pairs: how close they are           (0 best)
 *   uniformity       log of the mean of exp(-2 |d - d'|^2) over pairs of documents: how evenly they fill the sphere
 *                    (0 for a single point, lower is better)
 *   anisotropy       mean cosine of two documents: 0 where they point everywhere, near 1 in a narrow cone
 *   first component  share of the documents' variance along its strongest direction
 *
 * Alignment and uniformity are those of Wang and Isola, 2020 (arXiv:2005.10242), with their exponents 2 and 2;
 * anisotropy is Ethayarajh's, 2019 (arXiv:1909.00512). Pairs are drawn with a seed where there are too many.
 *
 * Shapes: n documents and q queries of d dimensions, all rows of unit length.
 */
import { mean } from '../../core/mean.js';
import { Random } from '../../core/random.js';
import { dot } from '../../core/rows.js';

/** Rows of unit length, and which belong together. */
export interface PairedEmbeddings {
  /** [n, d] */
  documents: Float32Array;
  /** [q, d] */
  queries: Float32Array;
  dimensions: number;
  /** Row numbers of relevant pairs. */
  relevant: readonly { query: number; document: number }[];
}

/** Counts of cosines in bins of equal width from -1 to 1. */
export interface SimilarityHistogram {
  binStarts: number[];
  binWidth: number;
  /** Queries with their relevant documents. */
  relevant: number[];
  /** Queries with other documents, a sample. */
  other: number[];
}

export interface EmbeddingQuality {
  alignment: number;
  uniformity: number;
  anisotropy: number;
  firstComponent: number;
  histogram: SimilarityHistogram;
}

const PAIRS = 20_000;
const ROWS_OF_COMPONENT = 2_000;
const BINS = 80;

/** Values are NaN where there are no pairs to look at: a single document, or no relevant one in the corpus. */
export function embeddingQuality(embeddings: PairedEmbeddings, seed: number): EmbeddingQuality {
  const { documents, queries, dimensions: d, relevant } = embeddings;
  const n = documents.length / d;
  const random = new Random(seed, 'embedding quality');
  const paired = relevant.map(({ query, document }) => dot(queries, query * d, documents, document * d, d));
  const others = otherPairs(embeddings, random).map(([query, document]) =>
    dot(queries, query * d, documents, document * d, d),
  );
  const between = documentPairs(n, random).map(([a, b]) => dot(documents, a * d, documents, b * d, d));
  // |a - b|^2 = 2 - 2 cos(a, b) for unit vectors
  return {
    alignment: mean(paired.map((cosine) => 2 - 2 * cosine)),
    uniformity: Math.log(mean(between.map((cosine) => Math.exp(-2 * (2 - 2 * cosine))))),
    anisotropy: mean(between),
    firstComponent: firstComponentShare(documents, d, random),
    histogram: histogram(paired, others),
  };
}

/** All pairs of different documents, or a sample of them. */
function documentPairs(n: number, random: Random): [number, number][] {
  if ((n * (n - 1)) / 2 <= PAIRS) {
    const all: [number, number][] = [];
    for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) all.push([a, b]);
    return all;
  }
  return Array.from({ length: PAIRS }, () => {
    const a = random.integer(n);
    const b = random.integer(n - 1);
    return [a, b < a ? b : b + 1];
  });
}

/** Queries with documents that are not relevant to them. */
function otherPairs(
  { documents, queries, dimensions, relevant }: PairedEmbeddings,
  random: Random,
): [number, number][] {
  const n = documents.length / dimensions;
  const q = queries.length / dimensions;
  const known = new Set(relevant.map(({ query, document }) => query * n + document));
  const wanted = Math.min(PAIRS, q * n - known.size);
  const out: [number, number][] = [];
  // a query may have few others: enough tries, and no more
  for (let tries = 0; out.length < wanted && tries < 4 * PAIRS; tries++) {
    const query = random.integer(q);
    const document = random.integer(n);
    if (!known.has(query * n + document)) out.push([query, document]);
  }
  return out;
}

/** Share of the variance along the first principal component, by power iteration on a sample of the rows. */
function firstComponentShare(rows: Float32Array, d: number, random: Random): number {
  const n = rows.length / d;
  const sample = random.shuffle(Array.from({ length: n }, (_, i) => i)).slice(0, ROWS_OF_COMPONENT);
  const centre = new Float64Array(d);
  for (const row of sample)
    for (let i = 0; i < d; i++) centre[i] = (centre[i] as number) + (rows[row * d + i] as number);
  for (let i = 0; i < d; i++) centre[i] = (centre[i] as number) / sample.length;
  const centred = Float32Array.from({ length: sample.length * d }, (_, at) => {
    const i = at % d;
    return (rows[(sample[(at - i) / d] as number) * d + i] as number) - (centre[i] as number);
  });
  let total = 0;
  for (const value of centred) total += value * value;
  let direction = Float32Array.from({ length: d }, () => random.normal());
  let variance = 0;
  for (let step = 0; step < 50; step++) {
    const length = Math.sqrt(dot(direction, 0, direction, 0, d)) || 1;
    for (let i = 0; i < d; i++) direction[i] = (direction[i] as number) / length;
    const next = new Float32Array(d);
    variance = 0;
    for (let at = 0; at < centred.length; at += d) {
      const along = dot(centred, at, direction, 0, d);
      variance += along * along;
      for (let i = 0; i < d; i++) next[i] = (next[i] as number) + along * (centred[at + i] as number);
    }
    direction = next;
  }
  return total > 0 ? variance / total : Number.NaN;
}

function histogram(relevant: readonly number[], other: readonly number[]): SimilarityHistogram {
  const binWidth = 2 / BINS;
  const count = (cosines: readonly number[]): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const cosine of cosines) {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor((cosine + 1) / binWidth)));
      counts[bin] = (counts[bin] as number) + 1;
    }
    return counts;
  };
  const binStarts = Array.from({ length: BINS }, (_, i) => Number((-1 + i * binWidth).toFixed(6)));
  return { binStarts, binWidth, relevant: count(relevant), other: count(other) };
}
