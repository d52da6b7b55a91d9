/**
 * The reciprocal rank (Voorhees, 1999), written once: 1 / rank of the first relevant result, 0 beyond a depth. Its mean
 * over queries is MRR@k. Metrics, validation, fusion and pre-training all use it.
 */

/** 1 / rank of the first relevant of the first `depth` results, best first; 0 where none is relevant. */
export function reciprocalRank(depth: number, relevant: readonly boolean[]): number {
  const place = relevant.indexOf(true);
  return place < 0 || place >= depth ? 0 : 1 / (place + 1);
}

/**
 * The reciprocal rank of one item among items in no order. A tie counts against it, and so does NaN: equal or broken
 * scores never look like a success.
 *
 * @param own which item is the relevant one, from 0
 * @param count how many items there are
 * @param scoreOf asked for no more items than it takes to rule out a rank within the depth
 */
export function reciprocalRankOf(depth: number, own: number, count: number, scoreOf: (item: number) => number): number {
  const score = scoreOf(own);
  let rank = 1;
  for (let item = 0; item < count && rank <= depth; item++) {
    if (item !== own && !(scoreOf(item) < score)) rank++;
  }
  return rank <= depth ? 1 / rank : 0;
}
