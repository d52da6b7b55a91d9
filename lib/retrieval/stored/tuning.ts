/**
 * How much an index has to look at for a wanted recall: measured on a sample, the cheapest that reaches it.
 */
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import { best, rescored } from './rescoring.js';

/** What an index looks at for a query. */
export interface SearchEffort {
  /** Cells that are looked into; 0 for an index without cells. */
  probes: number;
  /** Rows that are scored again with their vectors. */
  candidates: number;
}

export interface MeasuredEffort extends SearchEffort {
  /** Mean share of the true nearest rows that were found. */
  recall: number;
}

/** Rows that an index proposes for a query [d], best first. */
export type Propose = (query: Float32Array, effort: SearchEffort) => Promise<ArrayLike<number>>;

export interface TuningSample {
  /** [q, d], of length 1 */
  queries: Float32Array;
  /** The true nearest rows of each query. */
  neighbours: readonly Int32Array[];
  /** The row that a query itself is, which does not count; null: it is of another file. */
  own: ArrayLike<number> | null;
}

/**
 * Tries efforts from the cheapest on: for each number of probes, the most candidates are proposed once, and fewer of them are
 * their beginning.
 *
 * @param probes rising  @param candidates rising
 * @returns the first that reaches the recall, else the best of all
 */
export async function chooseEffort(
  embeddings: EmbeddingRows,
  sample: TuningSample,
  propose: Propose,
  { probes, candidates, recall }: { probes: readonly number[]; candidates: readonly number[]; recall: number },
): Promise<MeasuredEffort> {
  let chosen: MeasuredEffort | null = null;
  for (const cells of probes) {
    const recalls = await recallsOf(embeddings, sample, propose, cells, candidates);
    for (const [i, value] of recalls.entries()) {
      const measured = { probes: cells, candidates: candidates[i] as number, recall: value };
      if (value >= recall) return measured;
      if (!chosen || value > chosen.recall) chosen = measured;
    }
  }
  return chosen as MeasuredEffort;
}

/** Recall by number of candidates. */
async function recallsOf(
  embeddings: EmbeddingRows,
  { queries, neighbours, own }: TuningSample,
  propose: Propose,
  probes: number,
  candidates: readonly number[],
): Promise<number[]> {
  const { dimensions } = embeddings;
  const sums = candidates.map(() => 0);
  for (const [i, all] of neighbours.entries()) {
    const query = queries.subarray(i * dimensions, (i + 1) * dimensions);
    const wanted = without(all, own?.[i]);
    const proposed = await propose(query, { probes, candidates: candidates.at(-1) as number });
    const scored = await rescored(embeddings, query, proposed);
    candidates.forEach((count, c) => {
      const found = new Set(
        best(
          scored.slice(0, count).filter(({ row }) => row !== own?.[i]),
          wanted.length,
        ).map(({ row }) => row),
      );
      sums[c] = (sums[c] as number) + wanted.filter((row) => found.has(row)).length / wanted.length;
    });
  }
  return sums.map((sum) => sum / neighbours.length);
}

/** The neighbours beside the query itself, one fewer than were asked for. */
function without(neighbours: Int32Array, own: number | undefined): number[] {
  if (own === undefined) return [...neighbours];
  const others = [...neighbours].filter((row) => row !== own);
  return others.slice(0, neighbours.length - 1);
}
