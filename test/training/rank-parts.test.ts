/** A batch divided among ranks: every text once, little to wait for, the same dropout. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dropoutMasks } from '../../lib/encoder/lora.js';
import type { TensorData } from '../../lib/engine/types.js';
import { microBatches } from '../../lib/tokens/micro-batches.js';
import { gatherRows, masksOfPart, paddedTokensOf, partsOfRanks } from '../../lib/training/rank-parts.js';
import { onLocalRanks } from '../distributed/local-ranks.js';

const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 80 });

it('gives every text to one rank, in runs of the micro-batches of one process', () =>
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 7 }), (tokens, size) => {
      const groups = microBatches(tokens, 256);
      const shares = partsOfRanks(groups, tokens, size);
      expect(shares).toHaveLength(size);
      expect(shares.flat().flatMap((part) => part.rows)).toEqual(groups.flat());
      for (const { group, slots, rows, groupLength } of shares.flat()) {
        expect(slots.map((slot) => groups[group]?.[slot])).toEqual(rows);
        expect(groupLength).toBe(Math.max(...(groups[group] as number[]).map((row) => tokens[row] as number)));
      }
      if (size === 1) expect(shares[0]?.map((part) => part.rows)).toEqual(groups);
    }),
  ));

it('divides the padded tokens of a usual batch to within a text or two', () => {
  // 128 titles of 8 to 23 tokens, 128 abstracts of 100 to 354
  const tokens = Array.from({ length: 256 }, (_, i) => (i < 128 ? 8 + (i % 16) : 100 + 2 * (i - 128)));
  for (const size of [2, 4, 8]) {
    const padded = paddedTokensOf(partsOfRanks(microBatches(tokens, 8192), tokens, size), tokens);
    const mean = padded.reduce((total, own) => total + own, 0) / size;
    for (const own of padded) expect(Math.abs(own - mean), `${size} ranks: ${padded}`).toBeLessThan(0.1 * mean);
  }
});

it('leaves ranks without work where there is too little', () => {
  const shares = partsOfRanks(microBatches([50], 64), [50], 3);
  expect(shares.map((parts) => parts.length).sort()).toEqual([0, 0, 1]);
  expect(paddedTokensOf(shares, [50]).sort()).toEqual([0, 0, 50]);
});

it('drops the same numbers of a text on any rank', () => {
  const tokens = [9, 8, 8, 6, 5];
  const modules = new Map([['q', 3]]);
  const width = 3;
  const maskOf = (texts: number) => dropoutMasks(modules, 0.5, texts * 9, 1, ['batch']);
  const whole = maskOf(5)['q.dropout']?.data as Float32Array;
  for (const parts of partsOfRanks([[0, 1, 2, 3, 4]], tokens, 3)) {
    for (const part of parts) {
      const longest = Math.max(...part.rows.map((row) => tokens[row] as number));
      const masks = masksOfPart(maskOf((part.slots.at(-1) as number) + 1), part, longest);
      const mask = masks['q.dropout'] as TensorData;
      expect(mask.shape).toEqual([part.rows.length * longest, width]);
      part.slots.forEach((slot, i) => {
        const own = (mask.data as Float32Array).subarray(i * longest * width, (i + 1) * longest * width);
        expect([...own]).toEqual([...whole.subarray(slot * 9 * width, slot * 9 * width + longest * width)]);
      });
    }
  }
});

it('puts rows that ranks computed in the order of the batch', async () => {
  const tokens = [3, 9, 1, 7, 7, 2];
  const shares = partsOfRanks(microBatches(tokens, 16, 1), tokens, 3);
  const gathered = await onLocalRanks(3, (communicator) => {
    const rows = shares[communicator.rank]?.flatMap((part) => part.rows) ?? [];
    return gatherRows(communicator, shares, Float32Array.from(rows.flatMap((row) => [row, -row])), 2);
  });
  for (const rows of gathered) expect([...rows]).toEqual([0, -0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5]);
});
