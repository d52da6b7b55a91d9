import { describe, expect, it } from 'vitest';
import { dequantizeRows, quantizationRanges, quantizeRows } from '../../../lib/core/quantization.js';
import { Random } from '../../../lib/core/random.js';
import { normalizeRowsInPlace } from '../../../lib/core/rows.js';
import { referenceMatmul } from '../../../lib/retrieval/index/matmul-candidates.js';
import { buildQuantized, popcount } from '../../../lib/retrieval/index/quantized-search.js';
import { compareRanked } from '../../../lib/retrieval/ranking.js';

const [N, Q, D] = [300, 20, 45];
const random = new Random(3, 'quantized search');
const draw = (n: number): Float32Array =>
  normalizeRowsInPlace(
    Float32Array.from({ length: n * D }, () => random.normal()),
    D,
  );
const documents = draw(N);
const queries = draw(Q);
const ids = Array.from({ length: N }, (_, i) => `d${i}`);
const ranges = quantizationRanges(documents, D);

/** The k best of plain scores [Q, N]. */
const ranked = (scores: Float32Array, k: number) =>
  Array.from({ length: Q }, (_, q) =>
    ids
      .map((id, i) => ({ id, score: scores[q * N + i] as number }))
      .sort(compareRanked)
      .slice(0, k),
  );
const idsOf = (found: { id: string }[][]): string[][] => found.map((list) => list.map(({ id }) => id));

it('popcount counts ones', () => {
  for (const bits of [0, 1, -1, 0x80000000, 0x12345678, ...Array.from({ length: 50 }, () => random.integer(2 ** 31))]) {
    expect(popcount(bits | 0)).toBe([...(bits >>> 0).toString(2)].filter((digit) => digit === '1').length);
  }
});

describe.each(['int8', 'binary'] as const)('%s', (precision) => {
  const index = buildQuantized(ids, documents, D, precision, ranges);
  const stands = dequantizeRows(quantizeRows(documents, D, precision, ranges), D, precision, ranges);

  it('scores candidates by the full query and what the codes stand for', async () => {
    const found = await index.search(queries, { k: 10, candidates: N });
    const expected = ranked(await referenceMatmul(queries, stands, D), 10);
    expect(idsOf(found)).toEqual(idsOf(expected));
    found.flat().forEach(({ score }, i) => {
      expect(score).toBeCloseTo(expected.flat()[i]?.score as number, 5);
    });
  });

  it('ranks by codes alone where nothing is scored again', async () => {
    const found = await index.search(queries, { k: 10, candidates: 0 });
    if (precision === 'binary') {
      const signs = queries.map((value) => (value > 0 ? 1 : -1));
      expect(idsOf(found)).toEqual(idsOf(ranked(await referenceMatmul(signs, stands, D), 10)));
      return;
    }
    // but for the rounding of the query to 8 bits
    const exact = ranked(await referenceMatmul(queries, stands, D), 10);
    const shared = idsOf(found).map((list, q) => list.filter((id) => exact[q]?.some((one) => one.id === id)).length);
    expect(shared.reduce((sum, count) => sum + count, 0) / (10 * Q)).toBeGreaterThan(0.95);
  });

  it('takes the memory of its codes', () => {
    expect(index.bytes).toBe(precision === 'int8' ? N * D + 8 * D : N * 6);
  });

  it('gives all documents where more are asked for', async () => {
    expect((await index.search(queries, { k: 999, candidates: 0 })).map((list) => list.length)).toEqual(
      Array(Q).fill(N),
    );
  });
});
