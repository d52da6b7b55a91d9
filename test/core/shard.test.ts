/** How work is cut: every unit belongs to one shard, and blocks do not depend on how many shards there are. */
import { describe, expect, it } from 'vitest';
import { blockSize, blocksOfShard, rowBlocks, rowsIn } from '../../lib/core/row-blocks.js';
import { numberList, numberRanges, parseShard, shardName, shardOfName } from '../../lib/core/shard.js';

describe('a shard', () => {
  it('is read from what is given, or from the environment of an array task', () => {
    expect(parseShard('3/40', {})).toEqual({ index: 3, count: 40 });
    expect(parseShard('auto/40', { SLURM_ARRAY_TASK_ID: '7' })).toEqual({ index: 7, count: 40 });
    expect(parseShard('auto/40', { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 0, count: 40 });
    expect(parseShard('3/40', { SLURM_ARRAY_TASK_ID: '7' }).index).toBe(3);
  });

  it.each([
    ['3', {}, /--shard 3: expected i\/n such as 3\/40/],
    ['-1/4', {}, /expected i\/n/],
    ['1/0', {}, /expected i\/n/],
    ['4/4', {}, /expected a number from 0 to 3/],
    ['0/1000000', {}, /at most 100000 shards/],
    ['auto/4', {}, /neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; give the number itself, such as 0\/4/],
    ['auto/4', { SLURM_ARRAY_TASK_ID: 'x' }, /SLURM_ARRAY_TASK_ID = "x": expected a whole number/],
    ['auto/4', { JOB_COMPLETION_INDEX: '4' }, /\(4 of the environment\): expected a number from 0 to 3/],
  ])('is refused: %s with %j', (text, environment, message) => {
    expect(() => parseShard(text, environment)).toThrow(message);
  });

  it('names its files, which are found by their names', () => {
    const shard = { index: 3, count: 40 };
    expect(shardName(shard)).toBe('shard-00003-of-00040');
    expect(shardOfName('shard-00003-of-00040.safetensors.partial')).toEqual(shard);
    expect(shardOfName('shard-3.json')).toBeNull();
  });

  it('is told among others in ranges', () => {
    expect(numberList([3, 9, 8, 7, 12, 13])).toBe('3, 7 to 9, 12, 13');
    expect(numberRanges([3, 9, 8, 7, 12, 13])).toBe('3,7-9,12-13');
  });
});

describe('blocks of rows', () => {
  it.each([1, 63, 64, 65, 300, 8000, 100_000])('of %i are all of them, once, whatever the number of shards', (rows) => {
    const all = rowBlocks(rows);
    expect(all[0]?.start).toBe(0);
    expect(all.at(-1)?.end).toBe(rows);
    all.slice(1).forEach(({ start }, i) => {
      expect(start).toBe(all[i]?.end);
    });
    for (const count of [1, 3, 40]) {
      const shards = Array.from({ length: count }, (_, index) => blocksOfShard(rows, { index, count }));
      expect(shards.flat().sort((a, b) => a.start - b.start)).toEqual(all);
      expect(shards.reduce((sum, blocks) => sum + rowsIn(blocks), 0)).toBe(rows);
    }
  });

  it('are larger in larger files, and there are enough of them to share', () => {
    expect([100, 8000, 16_384, 100_000, 3_000_000].map(blockSize)).toEqual([64, 64, 128, 512, 2048]);
  });
});
