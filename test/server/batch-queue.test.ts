/** Texts of many requests through one queue: each gets its own rows, nobody is starved, and what is cancelled is not computed. */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchQueue, openBatchQueue, QueueFull } from '../../lib/server/batch-queue.js';

const WIDTH = 2;
/** The reference: the sum of the ids and their number. */
const rowOf = (ids: Int32Array): number[] => [ids.reduce((sum, id) => sum + id, 0), ids.length];
const text = (length: number, id = 1): Int32Array => new Int32Array(length).fill(id);

interface Recorded {
  queue: BatchQueue;
  batches: Int32Array[][];
}

function recorded({
  most = 10_000,
  tokenBudget = 64,
  milliseconds = 0,
  groupCost = undefined as number | undefined,
  fail = (_: Int32Array[]): boolean => false,
} = {}): Recorded {
  const batches: Int32Array[][] = [];
  const queue = openBatchQueue({
    dimensions: WIDTH,
    tokenBudget,
    most,
    groupCost,
    async embed(ids, padded) {
      batches.push(ids);
      await delay(milliseconds);
      if (fail(ids)) throw new Error('the encoder failed');
      padded(ids.length * Math.max(...ids.map(({ length }) => length)));
      return Float32Array.from(ids.flatMap(rowOf));
    },
  });
  return { queue, batches };
}

describe('a queue', () => {
  it('gives every request its own rows, whatever comes together, within the budget', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(lengths, { minLength: 1, maxLength: 8 }), async (requests) => {
        const { queue, batches } = recorded({ most: 1e6 });
        const asked = requests.map((of, r) => of.map((length, i) => text(length, 1 + r + i)));
        const answers = await Promise.all(asked.map((ids) => queue.embed(ids)));
        answers.forEach((rows, r) => {
          expect(Array.from(rows)).toEqual(asked[r]!.flatMap(rowOf));
        });
        for (const batch of batches) {
          const padded = batch.length * Math.max(...batch.map(({ length }) => length));
          expect(batch.length === 1 || padded <= 64).toBe(true);
        }
        expect(queue).toMatchObject({ tokens: 0, texts: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it('cuts more finely where a micro-batch costs less than padding', async () => {
    const asked = [40, 39, 20, 19, 5].map((length) => text(length));
    const sizes = async (groupCost: number): Promise<number[]> => {
      const { queue, batches } = recorded({ tokenBudget: 1000, groupCost });
      await queue.embed(asked);
      return batches.map(({ length }) => length);
    };
    expect(await sizes(1000)).toEqual([5]);
    expect(await sizes(8)).toEqual([2, 2, 1]);
  });

  it('puts together what waits, texts of like length', async () => {
    const { queue, batches } = recorded({ milliseconds: 5, tokenBudget: 256 });
    const first = queue.embed([text(3)]);
    const rest = [...Array(16).keys()].map((i) => queue.embed([text(i % 2 === 0 ? 2 : 60)]));
    await Promise.all([first, ...rest]);
    expect(batches[0]).toHaveLength(1);
    expect(batches.length).toBeLessThan(8);
    for (const batch of batches.slice(1)) expect(new Set(batch.map(({ length }) => length)).size).toBe(1);
  });

  it('lets a short request through before a long one ends', async () => {
    const { queue, batches } = recorded({ milliseconds: 2, most: 1e6 });
    let isLongDone = false;
    const long = queue.embed(Array.from({ length: 400 }, () => text(32))).then(() => {
      isLongDone = true;
    });
    await delay(10);
    await queue.embed([text(7)]);
    expect(isLongDone).toBe(false);
    await long;
    expect(batches.flat()).toHaveLength(401);
  });

  it('refuses what it has no room for, and takes more when there is room again', async () => {
    const { queue } = recorded({ most: 100, milliseconds: 5 });
    const running = queue.embed([text(60)]);
    const waiting = queue.embed([text(60)]);
    await expect(queue.embed([text(60)])).rejects.toThrow(QueueFull);
    await Promise.all([running, waiting]);
    await queue.embed([text(60)]);
    expect(queue.secondsOfWork()).toBe(0);
  });

  it('computes nothing of a request that was cancelled while it waited', async () => {
    const { queue, batches } = recorded({ milliseconds: 20 });
    const running = queue.embed([text(5)]);
    const controller = new AbortController();
    const cancelled = queue.embed([text(9), text(9)], controller.signal);
    const other = queue.embed([text(6)]);
    controller.abort(new Error('gone'));
    await expect(cancelled).rejects.toThrow('gone');
    expect(queue).toMatchObject({ tokens: 6, texts: 1 });
    await Promise.all([running, other]);
    await queue.settled();
    expect(batches.flat().map(({ length }) => length)).toEqual([5, 6]);
    await expect(queue.embed([text(1)], controller.signal)).rejects.toThrow('gone');
  });

  it('tells a failure to those whose texts it met, and goes on', async () => {
    const { queue } = recorded({ milliseconds: 1, fail: (ids) => ids.some(({ length }) => length === 13) });
    await expect(queue.embed([text(13), text(50)])).rejects.toThrow('the encoder failed');
    expect(Array.from(await queue.embed([text(4)]))).toEqual([4, 4]);
    expect(queue).toMatchObject({ tokens: 0, texts: 0 });
  });
});
