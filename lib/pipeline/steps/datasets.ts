/**
 * Step 1: the papers of a configuration, with topic, role and split.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import { samplingSeed } from '../../datasets/cleaning/collect.js';
import type { Dataset } from '../../datasets/dataset.js';
import { filesOfSources, pairSources } from '../../datasets/pairs/sources.js';
import { SAMPLE_CORPUS } from '../../datasets/sources/sample.js';
import { hashFile } from '../../files/hash-file.js';
import { type Step, stepKey } from '../step.js';
import { storedDataset } from './stored-dataset.js';

/** Raised when cleaning or splitting changes, so that results of an older version are not taken for those of this one. */
const VERSION = 4;

export const datasetsStep: Step<[Reporting?], Dataset> = {
  name: 'datasets',
  reads: ['datasets', 'seed'],
  ignores: ['cache'],
  run: async (config, reporting) => storedDataset(config, await datasetKey(config), reporting),
};

/** Digests of files that were hashed, by what tells that they have not changed since. */
const digests = new Map<string, string>();

/** SHA-256 of the files of pairs, by name; null where the data are papers alone. */
export async function dataFiles(config: Config): Promise<Record<string, string> | null> {
  const sources = await pairSources(config);
  if (sources === null) return null;
  const found: Record<string, string> = {};
  for (const { name, path } of filesOfSources(sources)) {
    const { size, mtimeMs } = await stat(path);
    const key = JSON.stringify([resolve(path), size, mtimeMs]);
    const digest = digests.get(key) ?? (await digestOf(path));
    digests.set(key, digest);
    found[name] = digest;
  }
  return found;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await hashFile(hash, path);
  return hash.digest('hex');
}

/**
 * Names what step 1 makes: its settings, and the file that is read. What was fetched from arXiv counts as the same until
 * the cache is emptied, so that the papers do not change between two steps.
 */
export async function datasetKey(config: Config): Promise<string> {
  const files = await dataFiles(config);
  if (files !== null) return stepKey(datasetsStep, config, { version: VERSION, files });
  const { source } = config.datasets;
  const path = source === 'sample' ? SAMPLE_CORPUS : resolve(source);
  const file = source === 'arxiv' ? null : await stat(path).catch(() => null);
  // which of the two seeds draws the papers makes no difference
  const asked = { seed: samplingSeed(config), datasets: { ...config.datasets, seed: null } };
  return stepKey(datasetsStep, asked, { version: VERSION, file: file && [path, file.size, file.mtimeMs] });
}
