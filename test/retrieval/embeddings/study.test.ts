import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../lib/config/config.js';
import { Random } from '../../../lib/core/random.js';
import { normalizedRows } from '../../../lib/core/rows.js';
import { evaluate } from '../../../lib/evaluation/evaluate.js';
import { embeddingQuality } from '../../../lib/retrieval/embeddings/quality.js';
import { truncatedLengths, truncateRows } from '../../../lib/retrieval/embeddings/truncated.js';
import { buildIndex } from '../../../lib/retrieval/index/build-index.js';
import { measureIndex } from '../../../lib/retrieval/index/index-quality.js';
import type { EmbeddingModel } from '../../../lib/retrieval/systems/embedding-model.js';
import { embeddingSystem } from '../../../lib/retrieval/systems/embedding-system.js';

function unitRows(n: number, d: number, seed: number): Float32Array {
  const random = new Random(seed, 'rows');
  return normalizedRows(
    Float32Array.from({ length: n * d }, () => random.normal()),
    d,
  );
}

/** The rows of the identity: every two are orthogonal. */
function axes(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

describe('the geometry of embeddings', () => {
  const own = (n: number) => Array.from({ length: n }, (_, i) => ({ query: i, document: i }));

  it('of orthogonal documents: distance 2 throughout, no cone, queries on their documents', () => {
    const quality = embeddingQuality({ documents: axes(6), queries: axes(6), dimensions: 6, relevant: own(6) }, 1);
    expect(quality.alignment).toBeCloseTo(0, 6);
    expect(quality.uniformity).toBeCloseTo(-4, 6);
    expect(quality.anisotropy).toBeCloseTo(0, 6);
    // five directions of equal variance are left once the mean is taken away
    expect(quality.firstComponent).toBeCloseTo(1 / 5, 4);
  });

  it('of one point: neither uniform nor isotropic', () => {
    const point = Float32Array.from([0.6, 0.8, 0.6, 0.8, 0.6, 0.8]);
    const quality = embeddingQuality({ documents: point, queries: point, dimensions: 2, relevant: own(3) }, 1);
    expect(quality.uniformity).toBeCloseTo(0, 5);
    expect(quality.anisotropy).toBeCloseTo(1, 5);
    expect(quality.firstComponent).toBeNaN();
  });

  it('is that of its definition, with pairs sampled where there are many', () => {
    const [n, d] = [400, 5];
    const documents = unitRows(n, d, 1);
    const queries = unitRows(50, d, 2);
    const relevant = Array.from({ length: 50 }, (_, i) => ({ query: i, document: (7 * i) % n }));
    const quality = embeddingQuality({ documents, queries, dimensions: d, relevant }, 3);
    const distance = (a: Float32Array, i: number, b: Float32Array, j: number): number => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (a[i * d + k]! - b[j * d + k]!) ** 2;
      return sum;
    };
    const aligned = relevant.map(({ query, document }) => distance(queries, query, documents, document));
    expect(quality.alignment).toBeCloseTo(aligned.reduce((a, b) => a + b) / 50, 5);
    let potential = 0;
    let cosines = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const squared = distance(documents, i, documents, j);
        potential += Math.exp(-2 * squared);
        cosines += 1 - squared / 2;
      }
    }
    const pairs = (n * (n - 1)) / 2;
    expect(quality.uniformity).toBeCloseTo(Math.log(potential / pairs), 1);
    expect(Math.abs(quality.anisotropy - cosines / pairs)).toBeLessThan(0.02);
    expect(quality.firstComponent).toBeGreaterThan(1 / d);
    expect(quality.firstComponent).toBeLessThan(0.3);
    expect(embeddingQuality({ documents, queries, dimensions: d, relevant }, 3)).toEqual(quality);
  });

  it('counts every pair in the histogram of its cosines, 1 and -1 included', () => {
    const documents = Float32Array.from([1, 0, -1, 0]);
    const queries = Float32Array.from([1, 0]);
    const { histogram } = embeddingQuality(
      { documents, queries, dimensions: 2, relevant: [{ query: 0, document: 0 }] },
      1,
    );
    expect(histogram.relevant.at(-1)).toBe(1);
    expect(histogram.other[0]).toBe(1);
    const total = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
    expect([total(histogram.relevant), total(histogram.other)]).toEqual([1, 1]);
    expect(histogram.binStarts).toHaveLength(histogram.relevant.length);
  });
});

describe('shortened embeddings', () => {
  it('are the first numbers, of unit length', () => {
    expect(Array.from(truncateRows(Float32Array.from([3, 4, 12, 0, 2, 1]), 3, 2))).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
      0,
      1,
    ]);
  });

  it('have the lengths asked for, or a half, a quarter and an eighth down to 16', () => {
    expect(truncatedLengths(384, null)).toEqual([48, 96, 192]);
    expect(truncatedLengths(60, null)).toEqual([30]);
    expect(truncatedLengths(384, [256, 64, 64, 384, 1024])).toEqual([64, 256]);
    expect(truncatedLengths(384, [])).toEqual([]);
  });

  it('are evaluated beside the whole ones, by the same metrics', async () => {
    // What tells the documents apart is in the first eight numbers; in the other twenty-four nothing is.
    const texts = Array.from({ length: 40 }, (_, i) => `text ${i}`);
    const model: EmbeddingModel = {
      name: 'front',
      kind: 'transformers',
      dimensions: 32,
      fingerprint: 'front',
      async embed(asked, kind) {
        return Float32Array.from(
          asked.flatMap((text) => {
            const [signal, noise] = [new Random(1, text), new Random(2, kind, text)];
            return Array.from({ length: 32 }, (_, i) =>
              i < 8 ? signal.normal() + noise.normal() / 10 : noise.normal(),
            );
          }),
        );
      },
    };
    const corpus = texts.map((text, i) => ({ id: `d${i}`, text }));
    const queries = texts.map((text, i) => ({ id: `q${i}`, text }));
    const qrels = new Map(texts.map((_, i) => [`q${i}`, new Map([[`d${i}`, 1]])]));
    const evaluation = { metrics: ['success@1', 'mrr@10'], dimensions: [2, 8, 32], bootstrapSamples: 100 };
    const config = resolveConfig({ input: { evaluation } });
    const { report } = await evaluate({ config, corpus, queries, qrels, systems: [embeddingSystem(model)] });
    const [curve] = report.dimensionCurves!;
    expect(curve).toMatchObject({ system: 'front', dimensions: [2, 8, 32] });
    const [two, eight, whole] = curve!.metrics['success@1']!;
    expect(eight!.value).toBe(1);
    expect(two!.value).toBeLessThan(0.9);
    expect(whole!.value).toBeLessThan(0.9);
    expect(whole).toEqual(report.systems[0]!.metrics['success@1']);
    expect(report.embeddings![0]!.system).toBe('front');
    expect(report.systems[0]!.index).toMatchObject({ kind: 'flat', recall: 1 });
  });
});

describe('an index beside exact search', () => {
  it('has the recall that a comparison of their results gives', async () => {
    const [n, q, d] = [3000, 200, 24];
    const ids = Array.from({ length: n }, (_, i) => `d${i}`);
    const vectors = unitRows(n, d, 4);
    const queries = unitRows(q, d, 5);
    const exact = await buildIndex({ ids, vectors, dimensions: d });
    const index = await buildIndex({ ids, vectors, dimensions: d, kind: 'ivf' });
    try {
      const [found, reference] = [await index.search(queries, 10), await exact.search(queries, 10)];
      let shared = 0;
      found.forEach((documents, i) => {
        shared += documents.filter(({ id }) => reference[i]!.some((other) => other.id === id)).length;
      });
      const quality = await measureIndex(index, { vectors, queries, seed: 1 });
      expect(quality).toMatchObject({ kind: index.kind, k: 10, recall: shared / (10 * q) });
      expect(quality.millisecondsAQuery).toBeGreaterThan(0);
      if (index.kind === 'ivf') {
        expect(quality.recall).toBeLessThan(1);
        expect(quality.recall).toBeGreaterThan(0.3);
        expect(quality.exactMillisecondsAQuery).toBeGreaterThan(0);
      }
      expect(await measureIndex(exact, { vectors, queries, seed: 1 })).toMatchObject({ kind: 'flat', recall: 1 });
    } finally {
      await index.close();
      await exact.close();
    }
  });
});
