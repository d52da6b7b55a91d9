/** What ranks tell each other arrives whole and in order; sums have the same bits on all of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ONE_PROCESS } from '../../lib/distributed/communicator.js';
import { anyRank, broadcastArrays, broadcastJson, fromAllRanks } from '../../lib/distributed/messages.js';
import { sumInRankOrder } from '../../lib/distributed/ordered-sum.js';
import { localTransports, onLocalRanks } from './local-ranks.js';

const arrays = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 23 })).chain(([size, length]) =>
  fc.array(
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
      minLength: length,
      maxLength: length,
    }),
    { minLength: size, maxLength: size },
  ),
);

it('sums in the order of ranks, in 64 bits, to the same bits on every rank, whatever the chunks', () =>
  fc.assert(
    fc.asyncProperty(arrays, fc.integer({ min: 1, max: 9 }), async (ofRanks, chunk) => {
      const size = ofRanks.length;
      const expected = Float32Array.from(ofRanks[0] as number[], (_, i) =>
        ofRanks.reduce((total, values) => total + (values[i] as number), 0),
      );
      const sums = await Promise.all(
        localTransports(size).map(async (transport, rank) => {
          const values = Float32Array.from(ofRanks[rank] as number[]);
          await sumInRankOrder(transport, values, chunk);
          return values;
        }),
      );
      for (const sum of sums) expect([...sum]).toEqual([...expected]);
    }),
    { numRuns: 60 },
  ));

it('tells flags, numbers, objects and tensors', async () => {
  const told = await onLocalRanks(3, async (communicator) => {
    const { rank } = communicator;
    const tensor = Float32Array.of(rank, 10 + rank);
    await broadcastArrays(communicator, [tensor]);
    return {
      some: await anyRank(communicator, rank === 2),
      none: await anyRank(communicator, false),
      numbers: await fromAllRanks(communicator, [rank, 2 * rank]),
      object: await broadcastJson(communicator, { from: rank, text: 'Schrödinger' }),
      tensor: [...tensor],
      gathered: [...(await communicator.allGather(new Float32Array(rank).fill(rank), [0, 1, 2]))],
    };
  });
  for (const one of told) {
    expect(one).toEqual({
      some: true,
      none: false,
      numbers: [
        [0, 0],
        [1, 2],
        [2, 4],
      ],
      object: { from: 0, text: 'Schrödinger' },
      tensor: [0, 10],
      gathered: [1, 2, 2],
    });
  }
});

it('measures how long a rank waits for the others', async () => {
  const times = await onLocalRanks(2, async (communicator) => {
    if (communicator.rank === 1) await new Promise((resolve) => setTimeout(resolve, 60));
    await communicator.barrier();
    return communicator.time.waiting;
  });
  expect(times[0]).toBeGreaterThan(40);
  expect(times[1]).toBeLessThan(30);
});

it('has nothing to tell in one process', async () => {
  const values = Float32Array.of(1, 2);
  expect(await ONE_PROCESS.allGather(values, [2])).toBe(values);
  await ONE_PROCESS.allReduce(values);
  expect([...values]).toEqual([1, 2]);
  expect(await anyRank(ONE_PROCESS, true)).toBe(true);
  expect(await fromAllRanks(ONE_PROCESS, [0.1])).toEqual([[0.1]]);
  expect(await broadcastJson(ONE_PROCESS, 'as it is')).toBe('as it is');
});
