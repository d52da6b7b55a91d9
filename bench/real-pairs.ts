/** Titles and abstracts of a corpus for a benchmark, from all its topics. */
import { resolveConfig } from '../lib/config/config.js';
import { UserError } from '../lib/core/errors.js';
import { dot } from '../lib/core/rows.js';
import { loadDataset } from '../lib/datasets/dataset.js';

/**
 * Every so many papers of the corpus.
 *
 * @param data "sample" or a metadata snapshot
 * @returns [title, abstract] of `count` papers  @throws UserError where there are fewer
 */
export async function realPairs(data: string, count: number): Promise<[string, string][]> {
  const { papers } = await loadDataset(resolveConfig({ input: { datasets: { source: data } } }));
  if (papers.length < count) {
    throw new UserError(`--data ${data}: expected at least ${count} papers, found ${papers.length}`);
  }
  const stride = Math.floor(papers.length / count);
  return Array.from({ length: count }, (_, i) => {
    const { title, abstract } = papers[i * stride] as (typeof papers)[number];
    return [title, abstract];
  });
}

/** Smallest cosine between the rows of two [count, D] of length 1. */
export function smallestCosine(a: Float32Array, b: Float32Array, count: number): number {
  const width = a.length / count;
  let smallest = 1;
  for (let start = 0; start < a.length; start += width) {
    smallest = Math.min(smallest, dot(a, start, b, start, width));
  }
  return smallest;
}
