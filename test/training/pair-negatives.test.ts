import { describe, expect, it } from 'vitest';
import type { PairPaper } from '../../lib/datasets/pairs/documents.js';
import { type PairNegativesOptions, pairNegatives } from '../../lib/training/pair-negatives.js';

const pair = (query: string, document: string, negatives: string[] = []): PairPaper => ({
  id: `${query}~${document}`,
  title: `query ${query}`,
  abstract: `document ${document}`,
  topic: 'set',
  role: 'main',
  categories: ['set'],
  published: null,
  split: 'train',
  pair: { query, document, score: null, relevant: true, negatives },
});
/** Ids of a document are the numbers of its letters. */
const idsOf = (id: string): Int32Array => Int32Array.from(id, (letter) => letter.charCodeAt(0));
const sampler = (pairs: PairPaper[], more: Partial<PairNegativesOptions> = {}) =>
  pairNegatives(pairs, {
    listsOf: (paper) => ({ named: paper.pair.negatives, mined: [] }),
    documentOf: (id) => ({ ids: idsOf(id), text: `document ${id}` }),
    maxNamed: null,
    perPair: 1,
    seed: 1,
    alone: false,
    ...more,
  });
const letters = (documents: { ids: Int32Array }[]): string =>
  documents.map(({ ids }) => String.fromCharCode(...ids)).join('');

describe('the documents of a batch of pairs', () => {
  it('have every negative once, and a list of its own length for each query', () => {
    const pairs = [pair('1', 'a', ['x', 'y', 'z']), pair('2', 'b', ['x', 'a']), pair('3', 'c')];
    const { documents, negatives, alsoRelevant } = sampler(pairs).of([0, 1, 2], 0);
    expect(letters(documents)).toBe('xyz');
    expect(negatives).toEqual([[3, 4, 5], [3, 0], []]);
    expect(alsoRelevant).toBeUndefined();
    const other = sampler(pairs).of([2, 1], 0);
    expect([letters(other.documents), other.negatives]).toEqual(['xa', [[], [2, 3]]]);
  });

  it('are known to be relevant where another pair says so, as a negative of another query too', () => {
    const pairs = [pair('1', 'a'), pair('1', 'b'), pair('2', 'c', ['b', 'x']), pair('3', 'd')];
    const batch = sampler(pairs).of([0, 2, 3], 0);
    expect(letters(batch.documents)).toBe('bx');
    expect(batch.negatives).toEqual([[], [3, 4], []]);
    // b stands behind the three, and answers the first query
    expect(batch.alsoRelevant).toEqual([[3], [], []]);
  });

  it('are as many as asked for, others in each epoch, the same in each', () => {
    const pairs = [pair('1', 'a', [...'lmnopq']), pair('2', 'b')];
    const drawn = sampler(pairs, { maxNamed: 2 });
    expect(drawn.of([0, 1], 0).documents).toHaveLength(2);
    expect(drawn.of([0, 1], 0)).toEqual(drawn.of([0, 1], 0));
    expect(
      new Set(Array.from({ length: 8 }, (_, epoch) => letters(drawn.of([0, 1], epoch).documents))).size,
    ).toBeGreaterThan(2);
    expect(sampler(pairs, { maxNamed: 0 }).of([0, 1], 0).negatives).toEqual([[], []]);
  });

  it('take those that were mined beside those of the data', () => {
    const pairs = [pair('1', 'a', ['x']), pair('2', 'b')];
    const mined = sampler(pairs, {
      listsOf: ({ pair: { query, negatives } }) => ({ named: negatives, mined: query === '1' ? ['b', 'y'] : [] }),
    });
    for (let epoch = 0; epoch < 6; epoch++) {
      const { documents, negatives } = mined.of([0, 1], epoch);
      // a document of the batch does not count as one that was drawn
      expect(letters(documents)).toBe('xy');
      expect(negatives![0]).toEqual(expect.arrayContaining([2, 3]));
    }
    const alone = sampler(pairs, { alone: true, listsOf: () => ({ named: [], mined: ['b', 'y'] }) });
    for (let epoch = 0; epoch < 6; epoch++) expect(alone.of([0, 1], epoch).negatives![0]).toHaveLength(1);
  });

  it('come with no lists where no pair has a negative', () => {
    expect(sampler([pair('1', 'a'), pair('2', 'b')]).of([0, 1], 0)).toEqual({ documents: [] });
  });
});
