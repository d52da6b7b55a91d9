import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss, type InfoNceOptions } from '../../lib/losses/info-nce.js';
import type { LossBatch } from '../../lib/losses/loss.js';
import { distance, ENGINES, relativeError } from '../encoder/tiny-models.js';
import { referenceInfoNce } from '../training/reference-info-nce.js';

const DIMENSIONS = 5;

function randomRows(seed: number, label: string, count: number, scale = 1): Float32Array[] {
  const random = new Random(seed, label);
  return Array.from({ length: count }, () => Float32Array.from({ length: DIMENSIONS }, () => scale * random.normal()));
}
const flat = (rows: ArrayLike<number>[]): Float32Array => Float32Array.from(rows.flatMap((row) => Array.from(row)));

it('the gradient of the reference is that of finite differences', () => {
  const [queries, documents] = [randomRows(1, 'q', 4), randomRows(1, 'd', 6)].map((rows) =>
    rows.map((r) => Float64Array.from(r)),
  );
  for (const symmetric of [false, true]) {
    const options = { temperature: 0.3, symmetric, margin: 0.2 };
    const { queryGradient, documentGradient } = referenceInfoNce(queries!, documents!, options);
    for (const [rows, gradient] of [
      [queries!, queryGradient],
      [documents!, documentGradient],
    ] as const) {
      rows.forEach((row, i) => {
        row.forEach((value, k) => {
          const at = (step: number): number => {
            row[k] = value + step;
            const { loss } = referenceInfoNce(queries!, documents!, options);
            row[k] = value;
            return loss;
          };
          expect(gradient[i]![k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7);
        });
      });
    }
  }
});

describe.each(ENGINES)('InfoNCE on engine %s', (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  const compute = async (
    queries: ArrayLike<number>[],
    documents: ArrayLike<number>[],
    options: Partial<InfoNceOptions> = {},
    batch?: LossBatch,
  ) => {
    const loss = await createInfoNceLoss(engine, {
      dimensions: DIMENSIONS,
      temperature: 0.05,
      symmetric: false,
      falseNegativeMargin: null,
      ...options,
    });
    try {
      return await loss.compute(flat(queries), flat(documents), batch);
    } finally {
      await loss.dispose();
    }
  };

  it('is the loss and gradient of its definition, extra documents and false negatives included', async () => {
    const drawn = fc.record({
      queries: fc.integer({ min: 1, max: 5 }),
      extra: fc.integer({ min: 0, max: 4 }),
      temperature: fc.constantFrom(0.02, 0.05, 0.3, 2),
      symmetric: fc.boolean(),
      margin: fc.constantFrom(null, -0.3, 0, 0.2, 1),
      scale: fc.constantFrom(0.01, 1, 50),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ queries: count, extra, temperature, symmetric, margin, scale, seed }) => {
        const queries = randomRows(seed, 'q', count, scale);
        const documents = randomRows(seed, 'd', count + extra, scale);
        const expected = referenceInfoNce(queries, documents, { temperature, symmetric, margin });
        const actual = await compute(queries, documents, { temperature, symmetric, falseNegativeMargin: margin });
        expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(2e-5 * Math.max(1, expected.loss));
        expect(actual.masked).toBe(expected.masked);
        const gradients = [...actual.queryGradient, ...actual.documentGradient];
        const wanted = [...expected.queryGradient, ...expected.documentGradient].flatMap((row) => [...row]);
        // where all is won the gradient is the difference of nearly equal numbers: compared by the size it could have
        const size = 1 / (temperature * scale * Math.sqrt(DIMENSIONS));
        expect(distance(gradients, wanted)).toBeLessThan(2e-5 * size);
      }),
      { numRuns: 20, seed: 3 },
    );
  });

  it('takes lists of negatives of any length as they are, and no document that is known to be relevant', async () => {
    const drawn = fc.record({
      queries: fc.integer({ min: 2, max: 5 }),
      extra: fc.integer({ min: 1, max: 5 }),
      onlyHard: fc.boolean(),
      symmetric: fc.boolean(),
      margin: fc.constantFrom(null, 0.1),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ queries: count, extra, onlyHard, symmetric, margin, seed }) => {
        const queries = randomRows(seed, 'q', count);
        const documents = randomRows(seed, 'd', count + extra);
        const random = new Random(seed, 'lists');
        const some = (share: number): number[][] =>
          queries.map((_, i) => [...documents.keys()].filter((j) => j !== i && random.uniform() < share));
        const negatives = some(0.4);
        // one list at least has a negative
        negatives[0] = [...new Set([...negatives[0]!, count])];
        const alsoRelevant = some(0.15);
        const batch: LossBatch = { epoch: 0, pairs: [...queries.keys()], negatives, alsoRelevant };
        const options = { temperature: 0.3, symmetric };
        const expected = referenceInfoNce(queries, documents, {
          ...options,
          margin,
          relevant: alsoRelevant,
          ...(onlyHard ? { lists: negatives } : {}),
        });
        const actual = await compute(queries, documents, { ...options, falseNegativeMargin: margin, onlyHard }, batch);
        expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(2e-5 * Math.max(1, expected.loss));
        expect(actual.masked).toBe(expected.masked);
        const gradients = [...actual.queryGradient, ...actual.documentGradient];
        const wanted = [...expected.queryGradient, ...expected.documentGradient].flatMap((row) => [...row]);
        expect(distance(gradients, wanted)).toBeLessThan(2e-5 / (0.3 * Math.sqrt(DIMENSIONS)));
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it('is log of the candidates by chance, and nothing for a batch that has none', async () => {
    const same = Array.from({ length: 4 }, () => Float32Array.of(1, 2, 3, 4, 5));
    const batch = { epoch: 0, pairs: [0, 1, 2], negatives: [[3], [], [0, 1]] };
    const { loss, chance, queryGradient } = await compute(same.slice(1), same, { onlyHard: true }, batch);
    expect(loss).toBeCloseTo((Math.log(2) + Math.log(3)) / 2, 6);
    expect(chance).toBeCloseTo(loss, 6);
    expect(queryGradient.subarray(5, 10).every((value) => value === 0)).toBe(true);
    const masked = await compute(same.slice(1), same, { symmetric: true }, { ...batch, alsoRelevant: [[1], [], []] });
    expect(masked.chance).toBeCloseTo(masked.loss, 6);
    const none = { ...batch, negatives: [[], [], []] };
    const nothing = await compute(same.slice(1), same, { onlyHard: true }, none);
    // -0 is as good
    expect([nothing.loss === 0, nothing.chance === 0]).toEqual([true, true]);
    expect([...nothing.queryGradient, ...nothing.documentGradient].every((value) => value === 0)).toBe(true);
  });

  it('leaves out the negatives that resemble the query more than its own document does', async () => {
    const queries = [Float32Array.of(1, 0, 0, 0, 0), Float32Array.of(0, 1, 0, 0, 0)];
    // the first query's own document has cosine 0.6, a copy of the query among the negatives 1
    const documents = [
      Float32Array.of(0.6, 0, 0.8, 0, 0),
      Float32Array.of(0, 1, 0, 0, 0),
      Float32Array.of(2, 0, 0, 0, 0),
    ];
    const options = { temperature: 0.5 };
    const share = (...cosines: number[]): number => {
      const exponentials = cosines.map((cosine) => Math.exp(cosine / 0.5));
      return -Math.log(exponentials[0]! / exponentials.reduce((a, b) => a + b, 0));
    };
    const second = share(1, 0, 0);
    const kept = await compute(queries, documents, options);
    expect(kept.masked).toBe(0);
    expect(kept.loss).toBeCloseTo((share(0.6, 0, 1) + second) / 2, 6);
    const wide = await compute(queries, documents, { ...options, falseNegativeMargin: 0.5 });
    expect([wide.masked, wide.loss]).toEqual([0, kept.loss]);
    const narrow = await compute(queries, documents, { ...options, falseNegativeMargin: 0.1 });
    expect(narrow.masked).toBe(1);
    expect(narrow.loss).toBeCloseTo((share(0.6, 0) + second) / 2, 6);
  });

  it('is log M where all documents are alike, and stays finite for a zero embedding', async () => {
    const same = Array.from({ length: 4 }, () => Float32Array.of(1, 2, 3, 4, 5));
    expect((await compute(same, same, { symmetric: true })).loss).toBeCloseTo(Math.log(4), 6);
    const zero = await compute([new Float32Array(5), same[0]!], [same[0]!, same[1]!], { symmetric: true });
    expect(Number.isFinite(zero.loss)).toBe(true);
    expect([...zero.queryGradient, ...zero.documentGradient].every(Number.isFinite)).toBe(true);
  });

  it('does not depend on the lengths of the embeddings', async () => {
    const [queries, documents] = [randomRows(5, 'q', 4), randomRows(5, 'd', 4)];
    const plain = await compute(queries, documents);
    const scaled = await compute(
      queries,
      documents.map((row, i) => row.map((value) => value * (i + 1) * 3)),
    );
    expect(scaled.loss).toBeCloseTo(plain.loss, 5);
    expect(relativeError(scaled.queryGradient, plain.queryGradient)).toBeLessThan(1e-5);
  });

  it('says what is wrong with what it is given', async () => {
    const rows = randomRows(6, 'q', 3);
    await expect(compute(rows, rows.slice(1))).rejects.toThrow(/3 queries and 2 documents/);
    await expect(compute(rows, rows.slice(1))).rejects.toThrow(UserError);
    await expect(compute([], rows)).rejects.toThrow(/0 queries/);
    await expect(compute([[1, 2, 3]], rows)).rejects.toThrow(UserError);
    const broken = rows.map((row) => row.map(() => Number.NaN));
    // training decides what to do with it
    expect((await compute(rows, broken)).loss).toBeNaN();
    expect((await compute(broken, rows, { falseNegativeMargin: 0.1 })).loss).toBeNaN();
  });
});
