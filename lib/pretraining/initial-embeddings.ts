/**
 * Token embeddings that retrieve well before any training: directions from co-occurrence (latent semantic analysis,
 * Deerwester et al., 1990) mixed with random ones that keep tokens apart, and lengths from the inverse document
 * frequency, so that the mean over a text's tokens is a TF-IDF vector in few dimensions.
 */
import type { Reporting } from '../core/events.js';
import { Random } from '../core/random.js';
import { randomizedSvd } from './randomized-svd.js';
import type { SparseMatrix } from './sparse-matrix.js';

/** Inverse document frequency of each column: log((n + 1) / (df + 1)), natural logarithm. */
export function inverseDocumentFrequency(counts: SparseMatrix): Float64Array {
  const documents = new Float64Array(counts.columns);
  for (const column of counts.columnIndices) documents[column]!++;
  return documents.map((df) => Math.log((counts.rows + 1) / (df + 1)));
}

/** TF-IDF with (1 + log tf)·idf, each row scaled to length 1. */
export function tfIdf(counts: SparseMatrix, idf: Float64Array): SparseMatrix {
  const values = counts.values.map((tf, k) => (1 + Math.log(tf)) * idf[counts.columnIndices[k]!]!);
  for (let row = 0; row < counts.rows; row++) {
    let squares = 0;
    for (let k = counts.offsets[row]!; k < counts.offsets[row + 1]!; k++) squares += values[k]! ** 2;
    const norm = Math.sqrt(squares) || 1;
    for (let k = counts.offsets[row]!; k < counts.offsets[row + 1]!; k++) values[k]! /= norm;
  }
  return { ...counts, values };
}

export interface ContentOptions {
  /** Dimensions of the content. */
  width: number;
  /** Weight of a token's co-occurrence direction. */
  cooccurrence: number;
  /** Weight of its random direction, which keeps tokens of similar use apart. */
  random: number;
  /** Lengths are idf to this power; a product of two vectors counts a token's weight twice. */
  idfExponent: number;
  seed: number;
}

/**
 * Content vectors of the tokens: the direction of a · unit(V S^-1/2) + b · unit(random), the length of idf^p, the longest
 * 0.5 % (tokens hardly ever seen) cut, all scaled to length <= 1.
 *
 * V S^-1/2 lies between V, which drowns in rare co-occurrences, and V S, in which the few broad topics are everything.
 *
 * @param counts tokens in documents [documents, tokens]  @returns [tokens, width], row-major
 */
export function contentVectors(counts: SparseMatrix, options: ContentOptions, reporting: Reporting = {}): Float64Array {
  const { width, seed } = options;
  const idf = inverseDocumentFrequency(counts);
  const svd = randomizedSvd(
    tfIdf(counts, idf),
    { rank: width, random: new Random(seed, 'singular vectors') },
    reporting,
  );
  const cooccurrence = withRowLengths(
    svd.vectors.map((value, i) => value / Math.sqrt(svd.values[i % width]!)),
    width,
    () => options.cooccurrence,
  );
  const directions = new Random(seed, 'token directions');
  const random = withRowLengths(
    Float64Array.from({ length: cooccurrence.length }, () => directions.normal()),
    width,
    () => options.random,
  );
  const lengths = idf.map((value) => value ** options.idfExponent);
  const longest = lengths.slice().sort()[Math.floor(0.995 * (lengths.length - 1))]!;
  return withRowLengths(
    cooccurrence.map((value, i) => value + random[i]!),
    width,
    (row) => Math.min(1, lengths[row]! / longest),
  );
}

/** The rows scaled to the given lengths; a row of zeros stays one. */
function withRowLengths(matrix: Float64Array, width: number, length: (row: number) => number): Float64Array {
  const current = rowLengths(matrix, width);
  const scales = current.map((value, row) => (value > 0 ? length(row) / value : 0));
  return matrix.map((value, i) => value * scales[Math.floor(i / width)]!);
}

/**
 * Embedding rows that keep their lengths through RMSNorm: a last "sink" dimension fills every row up to the same
 * length √hidden, so that the norm divides all rows by 1; its weight in the final norm is 0.
 *
 * @param content [tokens, width], lengths <= 1, width <= hidden - 1; dimensions between are 0
 * @returns [tokens, hidden], row-major
 */
export function withSinkDimension(content: Float64Array, width: number, hidden: number): Float32Array {
  const lengths = rowLengths(content, width);
  const out = new Float32Array(lengths.length * hidden);
  const scale = Math.sqrt(hidden);
  lengths.forEach((length, token) => {
    for (let j = 0; j < width; j++) out[token * hidden + j] = content[token * width + j]! * scale;
    out[token * hidden + hidden - 1] = Math.sqrt(Math.max(0, 1 - length * length)) * scale;
  });
  return out;
}

function rowLengths(matrix: Float64Array, width: number): Float64Array {
  const lengths = new Float64Array(matrix.length / width);
  for (let row = 0; row < lengths.length; row++) {
    let squares = 0;
    for (let j = 0; j < width; j++) squares += matrix[row * width + j]! ** 2;
    lengths[row] = Math.sqrt(squares);
  }
  return lengths;
}
