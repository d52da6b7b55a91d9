/**
 * The file that `datasets.source` stands for: the sample corpus, what is fetched from arXiv, or the path itself.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { type FetchOptions, fetchArxiv } from './arxiv/fetch.js';
import { hashFraction } from './splits.js';
import type { Topic } from './topics.js';

/** The corpus that comes with the package: synthetic, in the format of a snapshot. */
export const SAMPLE_CORPUS: string = fileURLToPath(new URL('../../../data/sample-corpus.jsonl.gz', import.meta.url));

/** Results asked for of each category's list where no cap is set. */
const DEFAULT_FETCH = 2000;
/** Results asked for to keep one paper: about half of a category's list has it as the primary category. */
const RESULTS_PER_PAPER = 2;

/** @param fetching how to ask arXiv: another address, another clock */
export async function sourcePath(
  config: Config,
  topics: readonly Topic[],
  reporting: Reporting,
  fetching: Partial<FetchOptions>,
): Promise<string> {
  const { source, maxPerCategory } = config.datasets;
  if (source === 'sample') return SAMPLE_CORPUS;
  if (source !== 'arxiv') return source;
  const limit = maxPerCategory === null ? DEFAULT_FETCH : maxPerCategory * RESULTS_PER_PAPER;
  if (maxPerCategory === null) {
    const text = `fetching the newest ${DEFAULT_FETCH} papers of each category's list; datasets.maxPerCategory asks for another number`;
    reporting.onMessage?.({ level: 'info', text });
  }
  const categories = topics.map((topic) => topic.name);
  const folder = join(config.cache, 'arxiv');
  const name = hashFraction([...categories, limit].join(' '))
    .toString(36)
    .slice(2, 10);
  const out = join(folder, `papers-${name}.jsonl`);
  const options = { categories, out, maxPerCategory: limit, cacheFolder: join(folder, 'pages'), ...fetching };
  return (await fetchArxiv(options, reporting)).path;
}
