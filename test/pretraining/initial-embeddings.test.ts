import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import {
  contentVectors,
  inverseDocumentFrequency,
  tfIdf,
  withSinkDimension,
} from '../../lib/pretraining/initial-embeddings.js';
import { eigenOfPositiveDefinite, randomizedSvd } from '../../lib/pretraining/randomized-svd.js';
import { countTokens, multiplyGram, type SparseMatrix } from '../../lib/pretraining/sparse-matrix.js';

const at = (matrix: ArrayLike<number>, width: number, row: number, column: number): number =>
  matrix[row * width + column]!;

/** A random sparse matrix with about `density` of its entries set. */
function randomSparse(rows: number, columns: number, density: number): SparseMatrix {
  const random = new Random(1, 'sparse');
  const documents = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, id) => id).filter(() => random.uniform() < density),
  );
  const counts = countTokens(documents, columns);
  return { ...counts, values: counts.values.map(() => random.normal()) };
}

function toDense(x: SparseMatrix): number[][] {
  return Array.from({ length: x.rows }, (_, row) => {
    const out = new Array<number>(x.columns).fill(0);
    for (let k = x.offsets[row]!; k < x.offsets[row + 1]!; k++) out[x.columnIndices[k]!] = x.values[k]!;
    return out;
  });
}

describe('countTokens', () => {
  it('counts each token of each document', () => {
    const x = countTokens([[3, 1, 3], [], [0]], 4);
    expect(toDense(x)).toEqual([
      [0, 1, 0, 2],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });
});

describe('multiplyGram', () => {
  it('is XᵀX q, also for a width that is no multiple of the block', () => {
    const x = randomSparse(40, 20, 0.3);
    const dense = toDense(x);
    const width = 37;
    const q = Float64Array.from({ length: 20 * width }, (_, i) => Math.sin(i));
    const product = multiplyGram(x, q, width);
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (const row of dense) for (let k = 0; k < 20; k++) sum += row[i]! * row[k]! * at(q, width, k, j);
        expect(at(product, width, i, j)).toBeCloseTo(sum, 9);
      }
    }
  });
});

describe('eigenOfPositiveDefinite', () => {
  it('agrees with a matrix whose eigenvalues are known', () => {
    // The second-difference matrix of order n: eigenvalue k is 2 - 2 cos(k π / (n + 1)).
    const n = 30;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const { values, vectors } = eigenOfPositiveDefinite(a, n);
    for (let k = 0; k < n; k++) {
      expect(values[k]).toBeCloseTo(2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)), 12);
      for (let i = 0; i < n; i++) {
        let product = 0;
        for (let j = 0; j < n; j++) product += at(a, n, i, j) * at(vectors, n, k, j);
        expect(product).toBeCloseTo(values[k]! * at(vectors, n, k, i), 11);
      }
    }
  });
});

describe('randomizedSvd', () => {
  it('finds orthonormal vectors that X stretches by the singular values', () => {
    const x = randomSparse(300, 60, 0.2);
    const rank = 8;
    const { vectors, values } = randomizedSvd(x, { rank, random: new Random(2), iterations: 40 });
    const product = multiplyGram(x, vectors, rank);
    for (let r = 0; r < rank; r++) {
      for (let s = 0; s < rank; s++) {
        let dot = 0;
        for (let i = 0; i < 60; i++) dot += at(vectors, rank, i, r) * at(vectors, rank, i, s);
        expect(dot).toBeCloseTo(r === s ? 1 : 0, 10);
      }
      for (let i = 0; i < 60; i++) {
        expect(at(product, rank, i, r)).toBeCloseTo(values[r]! ** 2 * at(vectors, rank, i, r), 4);
      }
    }
    // No direction is stretched more than the first: power iteration from another start comes to the same value.
    let v: Float64Array = Float64Array.from({ length: 60 }, (_, i) => Math.cos(i));
    let norm = 0;
    for (let i = 0; i < 500; i++) {
      v = multiplyGram(x, v, 1);
      norm = Math.hypot(...v);
      v = v.map((value) => value / norm);
    }
    expect(values[0]).toBeCloseTo(Math.sqrt(norm), 6);
  });

  it('says where the data has too few directions', () => {
    const x = countTokens(
      [
        [0, 1],
        [1, 2],
        [0, 2],
      ],
      40,
    );
    expect(() => randomizedSvd(x, { rank: 10, random: new Random(2) })).toThrow('only 3 independent directions');
  });
});

describe('idf and tf-idf', () => {
  it('are the textbook values', () => {
    const counts = countTokens([[0, 0, 1], [0], [0, 2]], 4);
    const idf = inverseDocumentFrequency(counts);
    expect([...idf]).toEqual([0, Math.log(2), Math.log(2), Math.log(4)]);
    const weighted = tfIdf(countTokens([[1, 1, 2]], 4), idf);
    const [a, b] = [1 + Math.log(2), 1];
    expect([...weighted.values]).toEqual(
      [a / Math.hypot(a, b), b / Math.hypot(a, b)].map((v) => expect.closeTo(v, 12)),
    );
  });
});

describe('contentVectors', () => {
  const random = new Random(3, 'documents');
  // Tokens 0 to 29 live in documents of one topic, 30 to 59 in those of the other.
  const documents = Array.from({ length: 400 }, (_, d) =>
    Array.from({ length: 12 }, () => (d % 2) * 30 + random.integer(30)),
  );
  const counts = countTokens(documents, 60);
  const width = 16;
  const options = { width, cooccurrence: 1, random: 0.5, idfExponent: 1, seed: 4 };
  const content = contentVectors(counts, options);
  const row = (token: number): Float64Array => content.subarray(token * width, (token + 1) * width);
  const cosine = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, j) => sum + value * b[j]!, 0) / (Math.hypot(...a) * Math.hypot(...b));

  it('brings tokens of one topic together', () => {
    let same = 0;
    let other = 0;
    for (let token = 1; token < 30; token++) {
      same += cosine(row(0), row(token)) / 29;
      other += cosine(row(0), row(30 + token)) / 29;
    }
    expect(same).toBeGreaterThan(other + 0.02);
  });

  it('gives tokens lengths in proportion to their idf', () => {
    const idf = inverseDocumentFrequency(counts);
    const ratio = Math.hypot(...row(7)) / idf[7]!;
    for (let token = 0; token < 60; token++) {
      expect(Math.hypot(...row(token))).toBeLessThanOrEqual(1 + 1e-12);
      if (Math.hypot(...row(token)) < 1 - 1e-9) expect(Math.hypot(...row(token)) / idf[token]!).toBeCloseTo(ratio, 10);
    }
  });

  it('is a function of the seed', () => {
    expect(contentVectors(counts, options)).toEqual(content);
    expect(contentVectors(counts, { ...options, seed: 5 })).not.toEqual(content);
  });

  it('comes through RMSNorm as it is, thanks to the sink', () => {
    const hidden = width + 1;
    const rows = withSinkDimension(content, width, hidden);
    for (let token = 0; token < 60; token++) {
      const stored = rows.subarray(token * hidden, (token + 1) * hidden);
      const scale = 1 / Math.sqrt(stored.reduce((sum, value) => sum + value * value, 0) / hidden + 1e-6);
      for (let j = 0; j < width; j++) {
        expect(stored[j]! * scale).toBeCloseTo(row(token)[j]! * Math.sqrt(hidden), 5);
      }
    }
  });
});
