import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pipelined } from '../../lib/core/pipelined.js';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('pipelined', () => {
  it('uses results in the order of the items, with at most `depth` tasks under way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (delays, depth) => {
          let running = 0;
          let most = 0;
          const used: [number, number][] = [];
          await pipelined(
            delays.entries(),
            depth,
            async ([i, delay]) => {
              most = Math.max(most, ++running);
              await pause(delay);
              running--;
              return i * 10;
            },
            async (result, [i]) => {
              await pause(0);
              used.push([result, i]);
            },
          );
          expect(used).toEqual(delays.map((_, i) => [i * 10, i]));
          expect(most).toBeLessThanOrEqual(depth);
          if (delays.length >= depth) expect(most).toBe(depth);
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  it('starts the next task while a result is being waited for, and does nothing without items', async () => {
    const started: number[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done = pipelined(
      range(3),
      2,
      async (i) => {
        started.push(i);
        await gate;
      },
      () => undefined,
    );
    await pause(1);
    expect(started).toEqual([0, 1]);
    release();
    await done;
    expect(started).toEqual([0, 1, 2]);
    await pipelined(
      [],
      2,
      async () => 1,
      () => expect.fail('there is nothing to use'),
    );
  });
});

describe('pipelined when something throws', () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', listener);
  });
  afterEach(async () => {
    await pause(5);
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  it('fails with a later task that ends before an earlier one, and leaves no rejection unhandled', async () => {
    const used: number[] = [];
    const work = async (i: number): Promise<number> => {
      if (i === 1) throw new Error('the second fails at once');
      await pause(20);
      return i;
    };
    await expect(pipelined(range(4), 3, work, (i) => void used.push(i))).rejects.toThrow('the second fails at once');
    expect(used).toEqual([0]);
  });

  it('waits for what is under way before it throws', async () => {
    let ended = 0;
    const work = async (i: number): Promise<void> => {
      if (i === 0) throw new Error('first');
      await pause(10);
      ended++;
      throw new Error('later ones fail too');
    };
    await expect(pipelined(range(9), 3, work, () => undefined)).rejects.toThrow('first');
    expect(ended).toBe(2);
  });

  it('passes on what `use` throws, and what `work` throws before it has a promise', async () => {
    const fail = (): never => {
      throw new Error('at once');
    };
    await expect(pipelined(range(3), 2, async (i) => i, fail)).rejects.toThrow('at once');
    const work = (i: number): Promise<number> => (i === 1 ? fail() : pause(10).then(() => i));
    await expect(pipelined(range(3), 2, work, () => undefined)).rejects.toThrow('at once');
  });
});
