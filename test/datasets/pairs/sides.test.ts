import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SidedPair, sidesOf } from '../../../lib/datasets/pairs/sides.js';

const options = { validationShare: 0.2, testShare: 0.2, keepLeaks: false };
const pair = (query: string, document: string, declared: SidedPair['declared'] = null): SidedPair => ({
  query,
  document,
  declared,
  relevant: true,
});

/** Graphs from sparse to dense, some texts queries and documents at once, some sides declared. */
const graphs = fc
  .record({
    queries: fc.integer({ min: 1, max: 60 }),
    documents: fc.integer({ min: 1, max: 60 }),
    texts: fc.boolean(),
    declared: fc.constantFrom(null, 'some', 'all'),
    edges: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 200 }),
  })
  .map(({ queries, documents, texts, declared, edges }): SidedPair[] => {
    const seen = new Set<string>();
    return edges.flatMap(([q, d, side, relevant]) => {
      const query = `q${q % queries}`;
      const document = texts && d % 7 === 0 ? `q${d % queries}` : `d${d % documents}`;
      if (query === document || seen.has(`${query} ${document}`)) return [];
      seen.add(`${query} ${document}`);
      const sides = ['train', 'validation', 'test', 'train', 'train'] as const;
      const isDeclared = declared === 'all' || (declared === 'some' && side % 3 === 0);
      return [
        { query, document, declared: isDeclared ? sides[side % 5]! : null, relevant: relevant || side % 2 === 0 },
      ];
    });
  });

describe('sides', () => {
  it('have no text in common, whatever the graph, and count what is lost', () => {
    fc.assert(
      fc.property(graphs, (pairs) => {
        const { sides, leaking, cut, elsewhere } = sidesOf(pairs, options);
        const of = new Map<string, string>();
        pairs.forEach(({ query, document }, i) => {
          if (sides[i] === null) return;
          for (const text of [query, document]) {
            expect(of.get(text) ?? sides[i], text).toBe(sides[i]);
            of.set(text, sides[i] as string);
          }
        });
        expect(sides.filter((side) => side === null)).toHaveLength(leaking + cut + elsewhere);
        // what is declared for a test stays there, where it is relevant
        pairs.forEach(({ declared, relevant }, i) => {
          if (declared === 'test' && relevant) expect(sides[i]).toBe('test');
          if (declared === 'validation' && sides[i] !== null) expect(sides[i]).toBe('validation');
        });
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('lose nothing of a sparse graph, whose parts go to one side each, and little to the order of the pairs', () => {
    const pairs = Array.from({ length: 600 }, (_, i) => pair(`q${Math.floor(i / 3)}`, `d${i}`));
    const { sides, cut, leaking, carved } = sidesOf(pairs, options);
    expect([cut, leaking, carved]).toEqual([0, 0, ['test', 'validation']]);
    const count = (side: string): number => sides.filter((one) => one === side).length;
    expect(count('test')).toBeGreaterThan(80);
    expect(count('validation')).toBeGreaterThan(80);
    expect(count('train')).toBeGreaterThan(300);
    const reversed = sidesOf([...pairs].reverse(), options).sides.reverse();
    expect(reversed).toEqual(sides);
    // pairs that come later move none of the others
    expect(sidesOf([...pairs, pair('q900', 'd900')], options).sides.slice(0, 600)).toEqual(sides);
  });

  it('of a graph that hangs together divide its queries, and lose the pairs between them', () => {
    const pairs = Array.from({ length: 400 }, (_, i) => pair(`q${i % 200}`, i < 200 ? 'hub' : `d${i}`));
    const { sides, cut } = sidesOf(pairs, options);
    expect(new Set(sides)).toEqual(new Set(['train', 'validation', 'test', null]));
    // the hub goes where most of its queries are
    expect(sides.slice(0, 200).filter((side) => side === 'train').length).toBe(200 - cut);
    expect(cut).toBeGreaterThan(40);
    expect(sides.slice(200)).not.toContain(null);
  });

  it('that are declared win by order, or are all kept', () => {
    const pairs = [
      pair('a', 'x', 'train'),
      pair('b', 'x', 'test'),
      pair('a', 'y', 'validation'),
      pair('c', 'z', 'train'),
      pair('c', 'w', 'test'),
      pair('e', 'f', 'train'),
    ];
    const { sides, leaking } = sidesOf(pairs, options);
    expect([sides, leaking]).toEqual([[null, 'test', 'validation', null, 'test', 'train'], 2]);
    expect(sidesOf(pairs, { ...options, keepLeaks: true }).sides).toEqual(pairs.map(({ declared }) => declared));
  });

  it('that nothing declares are taken from the training pairs, and no others', () => {
    const train = Array.from({ length: 300 }, (_, i) => pair(`q${i}`, `d${i}`, 'train'));
    const test = Array.from({ length: 20 }, (_, i) => pair(`t${i}`, `u${i}`, 'test'));
    const { sides, carved } = sidesOf([...train, ...test], options);
    expect(carved).toEqual(['validation']);
    expect(new Set(sides.slice(0, 300))).toEqual(new Set(['train', 'validation']));
    expect(new Set(sides.slice(300))).toEqual(new Set(['test']));
  });
});
