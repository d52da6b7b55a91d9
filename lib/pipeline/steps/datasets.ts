/**
 * Step 1: the papers of a configuration, with topic, role and split.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import { samplingSeed } from '../../datasets/cleaning/collect.js';
import type { Dataset } from '../../datasets/dataset.js';
import { SAMPLE_CORPUS } from '../../datasets/sources/sample.js';
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

/**
 * Names what step 1 makes: its settings, and the file that is read. What was fetched from arXiv counts as the same until
 * the cache is emptied, so that the papers do not change between two steps.
 */
export async function datasetKey(config: Config): Promise<string> {
  const { source } = config.datasets;
  const path = source === 'sample' ? SAMPLE_CORPUS : resolve(source);
  const file = source === 'arxiv' ? null : await stat(path).catch(() => null);
  // which of the two seeds draws the papers makes no difference
  const asked = { seed: samplingSeed(config), datasets: { ...config.datasets, seed: null } };
  return stepKey(datasetsStep, asked, { version: VERSION, file: file && [path, file.size, file.mtimeMs] });
}
