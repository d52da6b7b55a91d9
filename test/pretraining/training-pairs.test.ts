import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { mineLexicalNegatives } from '../../lib/pretraining/mined-negatives.js';
import { mrrOfScores } from '../../lib/pretraining/retrieval-quality.js';
import { clozePair, dropBagTokens } from '../../lib/pretraining/training-pairs.js';
import { buildBm25 } from '../../lib/retrieval/systems/bm25-index.js';
import { scientificTerms } from '../../lib/retrieval/systems/scientific-terms.js';

const ids = Uint16Array.from({ length: 200 }, (_, i) => i);

describe('dropBagTokens', () => {
  it('leaves out about the share, keeps the order and the first', () => {
    const kept = dropBagTokens(ids, 0.6, new Random(1, 'drop'));
    expect(kept[0]).toBe(0);
    expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(110);
    expect(dropBagTokens(ids, 0, new Random(1, 'drop'))).toEqual(ids);
    expect(dropBagTokens(Uint16Array.of(7), 0.95, new Random(1, 'drop'))).toEqual(Uint16Array.of(7));
  });
});

describe('clozePair', () => {
  it('cuts the text into a piece and the rest', () => {
    const random = new Random(2, 'cloze');
    for (const length of [1, 2, 3, 10, 200]) {
      for (let i = 0; i < 50; i++) {
        const { piece, rest } = clozePair(ids.subarray(0, length), random);
        expect(piece.length).toBeGreaterThan(0);
        expect(piece.length).toBeLessThanOrEqual(Math.max(1, Math.min(24, length / 3)));
        expect([...piece].every((id, k) => id === piece[0]! + k)).toBe(true);
        expect([...piece, ...rest].sort((a, b) => a - b)).toEqual([...ids.subarray(0, length)]);
      }
    }
  });
});

describe('mineLexicalNegatives', () => {
  const random = new Random(5, 'texts');
  const words = [
    'black hole',
    'entropy',
    'learning',
    'galaxy',
    'protein',
    'kernel',
    'quantum',
    'lattice',
    'spin',
    'wave',
  ];
  const sentence = (length: number): string => Array.from({ length }, () => random.pick(words)).join(' ');
  const documents = Array.from({ length: 60 }, () => sentence(3 + random.integer(20)));
  // each term once: repeated ones count once here, and again in the evaluation
  const queries = documents.map(() => random.shuffle(words).slice(0, 3).join(' '));

  it('finds what BM25 of the evaluation ranks highest, but for the own document', () => {
    const mined = mineLexicalNegatives(queries.map(scientificTerms), documents.map(scientificTerms), 5);
    const index = buildBm25(documents.map((text, i) => ({ id: String(i), text })));
    queries.forEach((query, own) => {
      const found = index.search(query, 60).filter(({ id }) => id !== String(own));
      const scores = new Map(found.map(({ id, score }) => [Number(id), score]));
      expect(mined[own]).toHaveLength(5);
      expect([...mined[own]!]).not.toContain(own);
      // equal scores may come in another order
      mined[own]!.forEach((document, i) => {
        expect(scores.get(document)! / found[i]!.score).toBeCloseTo(1, 5);
      });
    });
  });

  it('gives fewer where fewer documents share a term', () => {
    expect(mineLexicalNegatives([['a'], ['b']], [['a'], ['c']], 3)).toEqual([Int32Array.of(), Int32Array.of()]);
  });
});

describe('mrrOfScores', () => {
  it('counts ties and NaN against the query, and nothing beyond rank 10', () => {
    expect(mrrOfScores(Float32Array.of(3, 1, 1, 2), 2)).toBe(1);
    expect(mrrOfScores(Float32Array.of(3, 3, Number.NaN, 2), 2)).toBe(0.5);
    const scores = new Float32Array(11 * 11).map((_, i) => (i % 12 === 0 ? 0 : 1));
    expect(mrrOfScores(scores, 11)).toBe(0);
  });
});
