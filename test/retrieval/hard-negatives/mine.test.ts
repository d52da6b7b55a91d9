import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseNegatives, type NegativeRules } from '../../../lib/retrieval/hard-negatives/choose.js';
import { mineHardNegatives } from '../../../lib/retrieval/hard-negatives/mine.js';
import { bm25System } from '../../../lib/retrieval/systems/bm25.js';
import type { RetrievalSystem } from '../../../lib/retrieval/systems/retrieval-system.js';

const rules: NegativeRules = {
  firstRank: 1,
  lastRank: 100,
  absoluteMargin: null,
  relativeMargin: null,
  minScore: null,
  maxScore: null,
  perQuery: 100,
  choice: 'top',
  seed: 1,
};
const ranked = [0.95, 0.9, 0.88, 0.7, 0.5, 0.2].map((score, i) => ({ id: i === 1 ? 'own' : `d${i}`, score }));
const choose = (over: Partial<NegativeRules>, isOwn = (_: string) => false) =>
  chooseNegatives('own', ranked, isOwn, { ...rules, ...over });
const ids = (over: Partial<NegativeRules>) => choose(over).negatives.map(({ id }) => id);

describe('negatives of a query', () => {
  it('are what was found, without its own document', () => {
    expect(ids({})).toEqual(['d0', 'd2', 'd3', 'd4', 'd5']);
    expect(choose({}).own).toEqual({ score: 0.9, rank: 2 });
    expect(choose({}).negatives.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
  });

  it('come from the window of ranks', () => {
    expect(ids({ firstRank: 2, lastRank: 4 })).toEqual(['d2', 'd3', 'd4']);
  });

  it('stay below the own document by an absolute margin, or by a share of its score', () => {
    expect(ids({ absoluteMargin: 0 })).toEqual(['d2', 'd3', 'd4', 'd5']);
    expect(ids({ absoluteMargin: 0.1 })).toEqual(['d3', 'd4', 'd5']);
    // 5 % below .9 is .855, 30 % below is .63
    expect(ids({ relativeMargin: 0.05 })).toEqual(['d3', 'd4', 'd5']);
    expect(ids({ relativeMargin: 0.3 })).toEqual(['d4', 'd5']);
    expect(choose({ relativeMargin: 0.05 }).window.map(({ refused }) => refused)).toEqual([
      'margin',
      'margin',
      null,
      null,
      null,
    ]);
  });

  it('a margin lowers the bar also where the own score is negative', () => {
    const below = [{ id: 'own', score: -0.5 }, ...[-0.51, -0.7].map((score, i) => ({ id: `d${i}`, score }))];
    const { negatives } = chooseNegatives('own', below, () => false, { ...rules, relativeMargin: 0.1 });
    expect(negatives.map(({ id }) => id)).toEqual(['d1']);
  });

  it('with a margin there are none where the own document was not found: it scores below all that was', () => {
    const found = ranked.filter(({ id }) => id !== 'own');
    expect(chooseNegatives('own', found, () => false, { ...rules, absoluteMargin: 0.1 })).toMatchObject({
      own: null,
      negatives: [],
    });
    expect(chooseNegatives('own', found, () => false, rules).negatives).toHaveLength(5);
  });

  it('keep to the bounds of the score', () => {
    expect(ids({ minScore: 0.5, maxScore: 0.9 })).toEqual(['d2', 'd3', 'd4']);
    expect(choose({ maxScore: 0.9 }).window[0]!.refused).toBe('score bounds');
  });

  it('are at most so many: the hardest, or any, by the seed', () => {
    expect(ids({ perQuery: 2 })).toEqual(['d0', 'd2']);
    const draws = Array.from({ length: 12 }, (_, seed) => ids({ perQuery: 2, choice: 'random', seed }).join());
    expect(new Set(draws).size).toBeGreaterThan(3);
    expect(ids({ perQuery: 2, choice: 'random', seed: 3 })).toEqual(ids({ perQuery: 2, choice: 'random', seed: 3 }));
  });

  it('hold to all rules at once, whatever they are', () => {
    const optional = (most: number) => fc.option(fc.double({ min: 0, max: most, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        fc.record({
          firstRank: fc.integer({ min: 1, max: 10 }),
          lastRank: fc.integer({ min: 10, max: 30 }),
          absoluteMargin: optional(1),
          relativeMargin: optional(1),
          perQuery: fc.integer({ min: 1, max: 5 }),
          choice: fc.constantFrom('top' as const, 'random' as const),
          seed: fc.nat(),
        }),
        (scores, place, drawn) => {
          const list = scores.sort((a, b) => b - a).map((score, i) => ({ id: i === place ? 'own' : `d${i}`, score }));
          const { own, negatives } = chooseNegatives('own', list, () => false, { ...rules, ...drawn });
          expect(negatives.length).toBeLessThanOrEqual(drawn.perQuery);
          expect(new Set(negatives.map(({ id }) => id)).size).toBe(negatives.length);
          for (const { id, rank, score } of negatives) {
            expect(id).not.toBe('own');
            expect(rank).toBeGreaterThanOrEqual(drawn.firstRank);
            expect(rank).toBeLessThanOrEqual(drawn.lastRank);
            if (own && drawn.absoluteMargin !== null)
              expect(score).toBeLessThanOrEqual(own.score - drawn.absoluteMargin);
            if (own && drawn.relativeMargin !== null)
              expect(score).toBeLessThanOrEqual(own.score - drawn.relativeMargin * Math.abs(own.score));
          }
        },
      ),
    );
  });
});

describe('mining', () => {
  const corpus = ['red apple tree', 'red apple pie', 'green apple tree', 'blue whale song', 'red apple tree!'].map(
    (text, i) => ({ id: `d${i}`, text }),
  );
  const queries = [
    { id: 'd0', text: 'red apple tree' },
    { id: 'd3', text: 'whale' },
  ];
  /** A system that ranks as it is told, all else unfound. */
  const told = (name: string, ranking: Record<string, string[]>): RetrievalSystem => ({
    name,
    kind: 'transformers',
    async retrieve({ queries: asked }) {
      const run = new Map(
        asked.map(({ id }) => [id, (ranking[id] ?? []).map((of, i) => ({ id: of, score: 1 - i / 10 }))]),
      );
      return { run, dimensions: null, timing: { embedSeconds: 0, indexSeconds: 0, searchSeconds: 0 } };
    },
  });

  it('takes what a system found, and leaves out documents with the text of the own one', async () => {
    const isSame = (a: string, b: string) => a === 'd0' && b === 'd4';
    const { lines, summary } = await mineHardNegatives({ corpus, queries, system: bm25System(), rules, isSame });
    expect(lines.map(({ query }) => query)).toEqual(['d0', 'd3']);
    expect(lines[0]!.negatives.map(({ id }) => id).sort()).toEqual(['d1', 'd2']);
    expect(lines[1]!).toMatchObject({ own: { rank: 1 }, negatives: [] });
    expect(summary).toMatchObject({ system: 'bm25', judge: null, queries: 2, complete: 0, fewer: 1, none: 1 });
    expect(summary.window).toEqual({ candidates: 2, likelyFalse: null });
  });

  it('counts as likely false what the judge too ranks above the own document', async () => {
    const system = told('miner', { d0: ['d1', 'd0', 'd2', 'd3'], d3: ['d3', 'd0', 'd1'] });
    // of d0's candidates the judge prefers d1 and d2; it does not find d3's own document, but d1 for it
    const judge = told('judge', { d0: ['d1', 'd2', 'd0', 'd3'], d3: ['d1'] });
    const { summary } = await mineHardNegatives({
      corpus,
      queries,
      system,
      judge,
      // the margin refuses d1 of d0, which scores above, and d0 of d3
      rules: { ...rules, absoluteMargin: 0.1 + 1e-9 },
    });
    expect(summary).toMatchObject({
      judge: 'judge',
      window: { candidates: 5, likelyFalse: 3 },
      refusedByMargin: { candidates: 3, likelyFalse: 2 },
      qualified: { candidates: 2, likelyFalse: 1 },
      negatives: 2,
    });
  });

  it('a window that no document can be in is an error', async () => {
    const mine = (over: Partial<NegativeRules>) =>
      mineHardNegatives({ corpus, queries, system: bm25System(), rules: { ...rules, ...over } });
    await expect(mine({ firstRank: 5 })).rejects.toThrow(/mining\.firstRank = 5: the corpus has only 4/);
    await expect(mine({ firstRank: 3, lastRank: 2 })).rejects.toThrow(/lastRank = 2 is before/);
  });
});
