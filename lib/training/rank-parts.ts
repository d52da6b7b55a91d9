/**
 * The work of a batch, divided among ranks. The micro-batches are those of one process, so that what depends on them
 * (dropout, rounding) is the same with any number of ranks; a rank takes a run of them, and at most the two at its borders
 * are cut. Every rank computes the whole division, from the lengths alone.
 */
import type { Communicator } from '../distributed/communicator.js';
import type { TensorData } from '../engine/types.js';

/** A micro-batch, or what a rank has of it. */
export interface RankPart {
  /** Place of the micro-batch in the batch. */
  group: number;
  /** Places of its texts in the micro-batch, rising. */
  slots: number[];
  /** The same as places in the batch. */
  rows: number[];
  /** Tokens of the longest text of the whole micro-batch. */
  groupLength: number;
}

/** What starting a micro-batch costs, in tokens; see `microBatches`. */
const GROUP_COST = 128;

/**
 * Shares of about equal cost, in padded tokens.
 *
 * @param groups micro-batches, as places of texts in the batch  @param lengths tokens of each text of the batch
 * @returns by rank; every text once; a rank has none where single texts are longer than its share
 */
export function partsOfRanks(
  groups: readonly (readonly number[])[],
  lengths: ArrayLike<number>,
  size: number,
): RankPart[][] {
  const longestOf = (rows: readonly number[]): number =>
    rows.reduce((longest, row) => Math.max(longest, lengths[row] as number), 1);
  const groupLengths = groups.map(longestOf);
  const total = groups.reduce((sum, rows, i) => sum + GROUP_COST + rows.length * (groupLengths[i] as number), 0);
  const shares = Array.from({ length: size }, (): RankPart[] => []);
  let cost = 0;
  groups.forEach((rows, group) => {
    const groupLength = groupLengths[group] as number;
    cost += GROUP_COST;
    rows.forEach((row, slot) => {
      // a text goes where its middle lies
      const rank = Math.min(size - 1, Math.floor(((cost + groupLength / 2) / total) * size));
      cost += groupLength;
      const share = shares[rank] as RankPart[];
      const last = share.at(-1);
      if (last?.group === group) {
        last.slots.push(slot);
        last.rows.push(row);
      } else share.push({ group, slots: [slot], rows: [row], groupLength });
    });
  });
  return shares;
}

/** Tokens that the parts of all ranks take, padding included. */
export function paddedTokensOf(shares: readonly RankPart[][], lengths: ArrayLike<number>): number[] {
  return shares.map((parts) =>
    parts.reduce(
      (sum, { rows }) =>
        sum + rows.length * rows.reduce((longest, row) => Math.max(longest, lengths[row] as number), 0),
      0,
    ),
  );
}

/**
 * The dropout masks of a part: rows of those that the whole micro-batch has in one process, so that the same tokens are
 * dropped on any number of ranks.
 *
 * @param masks of the micro-batch up to the last text of the part, [texts * groupLength, width] each
 * @param length tokens that a text of the part takes, padding included
 */
export function masksOfPart(
  masks: Record<string, TensorData>,
  { slots, groupLength }: RankPart,
  length: number,
): Record<string, TensorData> {
  if (length === groupLength && slots.every((slot, i) => slot === i)) return masks;
  return Object.fromEntries(
    Object.entries(masks).map(([name, mask]) => {
      const width = mask.shape[1] as number;
      const data = new Float32Array(slots.length * length * width);
      slots.forEach((slot, i) => {
        const start = slot * groupLength * width;
        data.set((mask.data as Float32Array).subarray(start, start + length * width), i * length * width);
      });
      return [name, { ...mask, shape: [slots.length * length, width], data }];
    }),
  );
}

/**
 * Rows that each rank computed of its own texts, put together in the order of the batch.
 *
 * @param own [texts of this rank, width], in the order of its parts  @returns [texts, width]
 */
export async function gatherRows(
  communicator: Communicator,
  shares: readonly RankPart[][],
  own: Float32Array,
  width: number,
): Promise<Float32Array> {
  const rowsOf = shares.map((parts) => parts.flatMap(({ rows }) => rows));
  const gathered = await communicator.allGather(
    own,
    rowsOf.map((rows) => rows.length * width),
  );
  const out = new Float32Array(gathered.length);
  rowsOf.flat().forEach((row, i) => {
    out.set(gathered.subarray(i * width, (i + 1) * width), row * width);
  });
  return out;
}
