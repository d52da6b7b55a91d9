import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlannedPaper, planEpoch } from '../../lib/batches/plan.js';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';

const items = (...sizes: number[]): PlannedPaper[] =>
  sizes.flatMap((size, set) =>
    Array.from({ length: size }, (_, i) => ({
      id: `${set}-${i}`,
      topic: `set${set}`,
      role: 'main' as const,
      title: `query ${set} ${i}`,
      abstract: `document ${set} ${i}`,
    })),
  );
const configOf = (sets: number, batches: ConfigInput['batches'] = {}, shares: number[] = []) =>
  resolveConfig({
    input: {
      datasets: {
        sets: Array.from({ length: sets }, (_, i) => ({
          source: 'x',
          name: `set${i}`,
          ...(shares[i] === undefined ? {} : { share: shares[i] }),
        })),
      },
      batches: { pairs: 8, ...batches },
    },
  });
const topicsOf = (papers: PlannedPaper[], batch: number[]): string[] => batch.map((i) => papers[i]!.topic);

describe('batches of several data sets', () => {
  it('hold each pair once, in every order and mixture, as a function of seed and epoch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 2, maxLength: 4 }),
        fc.constantFrom('mixed', 'separate'),
        fc.constantFrom('shares', 'round-robin'),
        fc.nat(3),
        (sizes, sets, setOrder, epoch) => {
          const papers = items(...sizes);
          const config = configOf(sizes.length, { sets, setOrder } as ConfigInput['batches']);
          const { batches, batchesOnTarget } = planEpoch(papers, config, epoch);
          expect(batches.flat().sort((a, b) => a - b)).toEqual([...papers.keys()]);
          expect(batchesOnTarget).toBeLessThanOrEqual(batches.length);
          expect(planEpoch(papers, config, epoch).batches).toEqual(batches);
          if (sets === 'separate') for (const batch of batches) expect(new Set(topicsOf(papers, batch)).size).toBe(1);
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });

  it('are mixed as the sets are large, unless shares or round-robin say otherwise', () => {
    const papers = items(60, 20);
    const first = (config: ReturnType<typeof configOf>): number => {
      const [batch] = planEpoch(papers, config, 0).batches;
      return topicsOf(papers, batch!).filter((topic) => topic === 'set0').length;
    };
    expect(first(configOf(2))).toBe(6);
    expect(first(configOf(2, { setOrder: 'round-robin' }))).toBe(4);
    expect(first(configOf(2, {}, [1, 3]))).toBe(2);
  });

  it('of one set each take turns, until one runs dry', () => {
    const papers = items(64, 16);
    const turns = (config: ReturnType<typeof configOf>) => {
      const { batches, batchesOnTarget } = planEpoch(papers, config, 0);
      return { order: batches.map((batch) => topicsOf(papers, batch)[0]!.slice(3)).join(''), batchesOnTarget };
    };
    expect(turns(configOf(2, { sets: 'separate', setOrder: 'round-robin' }))).toEqual({
      order: '0101000000',
      batchesOnTarget: 5,
    });
    const { order } = turns(configOf(2, { sets: 'separate' }));
    // eight and two: one of five
    expect([...order.slice(0, 5)].filter((set) => set === '1')).toHaveLength(1);
    expect(turns(configOf(2, { sets: 'separate' }, [3, 1])).order.slice(0, 8)).toMatch(/^(0010|0100)(0010|0100)$/);
  });

  it('refuse a set that is too small for batches of its own, and shares of some sets alone', () => {
    expect(() => planEpoch(items(8, 1), configOf(2, { sets: 'separate' }), 0)).toThrow(/"set1" has 1 pair .*mixed/);
    expect(() => planEpoch(items(8, 8), configOf(2, {}, [1]), 0)).toThrow(/"set1" has no share and others have/);
  });
});
