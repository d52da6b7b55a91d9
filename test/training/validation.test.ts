import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES, type Role, resolveConfig } from '../../lib/config/config.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import type { Encoder } from '../../lib/encoder/encoder.js';
import { validationMrr, validationSet } from '../../lib/training/validation.js';

/** An encoder whose embedding of the text [i] is row i of a table. */
function tableEncoder(table: number[][]): Encoder {
  const dimensions = table[0]!.length;
  const embed = async (texts: Int32Array[]) => Float32Array.from(texts.flatMap((text) => table[text[0]!]!));
  return { dimensions, embed } as unknown as Encoder;
}
const text = (i: number): Int32Array => Int32Array.of(i);

/** MRR@10 of queries 0…Q-1 and documents Q…Q+M-1 of the table, by sorting. */
function sortedMrr(table: number[][], queries: number): number {
  const cosine = (a: number[], b: number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  let sum = 0;
  for (let i = 0; i < queries; i++) {
    const scores = table.slice(queries).map((document) => cosine(table[i]!, document));
    const rank = 1 + scores.filter((score, j) => j !== i && score >= scores[i]!).length;
    sum += rank <= 10 ? 1 / rank : 0;
  }
  return sum / queries;
}

describe('validationMrr', () => {
  const mrr = (table: number[][], queries: number) =>
    validationMrr(
      tableEncoder(table),
      table.slice(0, queries).map((_, i) => text(i)),
      table.slice(queries).map((_, i) => text(queries + i)),
      { tokenBudget: 100 },
    );

  it('is the mean reciprocal rank within the first ten', async () => {
    const value = fc.integer({ min: -1000, max: 1000 }).map((x) => x + 0.5);
    const row = fc.array(value, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(row, { minLength: 30, maxLength: 30 }),
        async (queries, table) => {
          expect(await mrr(table, queries)).toBeCloseTo(sortedMrr(table, queries), 9);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  it('counts ties and numbers that are none against the query', async () => {
    const same = Array.from({ length: 12 }, () => [1, 1]);
    expect(await mrr(same, 6)).toBeCloseTo(1 / 6, 9);
    const broken = Array.from({ length: 40 }, () => [Number.NaN, 1]);
    expect(await mrr(broken, 20)).toBe(0);
    expect(
      await mrr(
        [
          [1, 0],
          [1, 0],
          [Number.NaN, 0],
        ],
        1,
      ),
    ).toBeCloseTo(1 / 2, 9);
    expect(
      await mrr(
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        1,
      ),
    ).toBeCloseTo(1 / 2, 9);
  });

  it('finds every document where each is nearest to its query', async () => {
    expect(
      await mrr(
        [
          [1, 0],
          [0, 1],
          [2, 0.1],
          [0.1, 3],
        ],
        2,
      ),
    ).toBe(1);
  });
});

describe('validationSet', () => {
  const paper = (i: number, role: Role, split: SplitPaper['split']): SplitPaper => ({
    id: `p${i}`,
    title: `t${i}`,
    abstract: `a${i}`,
    topic: 'gr-qc',
    role,
    categories: ['gr-qc'],
    published: null,
    split,
  });
  const papers = Array.from({ length: 300 }, (_, i) =>
    paper(i, ROLES[i % 5]!, (['train', 'validation', 'test'] as const)[i % 3]!),
  );
  const config = (validationPapers: number, queries: 'main' | 'all' = 'main', seed = 1) =>
    resolveConfig({ input: { seed, training: { validationPapers }, evaluation: { queries } } });

  it('takes papers of the validation side only, the queries first', () => {
    for (const [limit, queries] of [
      [1000, 'main'],
      [30, 'main'],
      [10, 'all'],
      [1000, 'all'],
    ] as const) {
      const set = validationSet(papers, config(limit, queries));
      expect(set.papers.every(({ split }) => split === 'validation')).toBe(true);
      expect(new Set(set.papers.map(({ id }) => id)).size).toBe(set.papers.length);
      expect(set.papers.length).toBe(Math.min(limit, 100));
      const roles = set.papers.slice(0, set.queries).map(({ role }) => role);
      expect(roles.every((role) => queries === 'all' || role === 'main')).toBe(true);
      if (queries === 'all') expect(set.queries).toBe(set.papers.length);
    }
    expect(validationSet(papers, config(1000)).queries).toBe(20);
    expect(validationSet(papers, config(30)).queries).toBe(15);
  });

  it('is the same for the same seed', () => {
    const ids = (seed: number) => validationSet(papers, config(30, 'main', seed)).papers.map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(2)).not.toEqual(ids(1));
  });

  it('has no queries where the main topic has no paper', () => {
    const set = validationSet(
      papers.filter(({ role }) => role !== 'main'),
      config(30),
    );
    expect([set.queries, set.papers.length]).toEqual([0, 30]);
    expect(validationSet([], config(30))).toEqual({ papers: [], queries: 0 });
  });
});
