/** The papers of the configured categories, fetched from arXiv and kept in the cache. */
import { join } from 'node:path';
import { fetchArxiv } from '../arxiv/fetch.js';
import { hashFraction } from '../splits.js';
import { snapshotSource } from './snapshot.js';
import type { DataSource, LocateRequest } from './source.js';

/** Results asked for of each category's list where no cap is set. */
const DEFAULT_FETCH = 2000;
/** Results asked for to keep one paper: about half of a category's list has it as the primary category. */
const RESULTS_PER_PAPER = 2;

export const arxivSource: DataSource = {
  ...snapshotSource,
  name: 'arxiv',
  help: 'fetched from its API',
  endings: [],
  recognizes: () => false,
  locate: fetchedSnapshot,
};

async function fetchedSnapshot({ config, topics, reporting, fetching }: LocateRequest): Promise<string> {
  const { maxPerCategory } = config.datasets;
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
