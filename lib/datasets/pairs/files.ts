/**
 * The files of a data set of pairs, each with the side that its name tells: one file, or a folder as sentence-transformers and
 * the data sets of the hub have them (train.jsonl, data/train-00000-of-00001.parquet, train/0000.parquet).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { hasEnding } from '../../files/text-format.js';
import type { Split } from '../paper.js';
import { splitOfPath } from './split-names.js';
import { TABLE_ENDINGS } from './tables.js';

export interface PairFile {
  path: string;
  split: Split | null;
}

/** Folders looked into below the one that is named. */
const DEPTH = 2;
/** Files beside the data that describe them. */
const DESCRIPTIONS = /^(dataset_info|dataset_dict|dataset_infos|state|metadata|config)\.json$/;

/**
 * The tables of a folder, in the order of their names. Where some names tell a side, the others are left alone.
 *
 * @throws UserError where there is none
 */
export async function filesOfFolder(folder: string): Promise<PairFile[]> {
  const names = await namesBelow(folder, DEPTH);
  const files = names
    .filter((name) => hasEnding(name, TABLE_ENDINGS) && !DESCRIPTIONS.test(name.split('/').at(-1) as string))
    .map((name): PairFile => ({ path: join(folder, name), split: splitOfPath(name) }));
  const sided = files.filter(({ split }) => split !== null);
  const found = sided.length > 0 ? sided : files;
  if (found.length > 0) return found;
  if (names.some((name) => name.endsWith('.arrow'))) {
    throw new UserError(
      `"${folder}" holds Arrow files, as save_to_disk of Hugging Face datasets writes them: write Parquet instead, with to_parquet("train.parquet")`,
    );
  }
  throw new UserError(
    `"${folder}" holds no data: expected train.jsonl, train.csv or train-00000-of-00001.parquet, a BEIR folder (corpus.jsonl), or a file`,
  );
}

/** Paths of files below a folder, with "/" between their parts, sorted. */
async function namesBelow(folder: string, depth: number, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (!entry.isDirectory()) names.push(name);
    else if (depth > 0) names.push(...(await namesBelow(folder, depth - 1, name)));
  }
  return names.sort();
}
