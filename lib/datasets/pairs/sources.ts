/** Whether a configuration is of pairs, and where they come from. */
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Config } from '../../config/config.js';
import { UserError } from '../../core/errors.js';
import { isParquet } from '../../files/parquet.js';
import { beginningOf } from '../../files/text-format.js';
import { findBeirFile } from '../beir/folder.js';
import { isNamedSource, ownSourceOf } from '../sources/registry.js';
import { beirFiles, isBeirToTrainOn } from './beir.js';
import { looksLikePairs } from './columns.js';
import { filesOfFolder, type PairFile } from './files.js';
import { type DataSet, dataSets } from './sets.js';
import { openTable } from './tables.js';

/** A data set and what it is read as; papers give pairs of title and abstract. */
export type PairSource = { set: DataSet } & (
  | { kind: 'tables'; files: PairFile[] }
  | { kind: 'beir'; files: string[] }
  | { kind: 'papers'; files: string[] }
);

/**
 * The data sets of the configuration, or null where it is of papers alone.
 *
 * @throws UserError where there is nothing to read
 */
export async function pairSources(config: Config): Promise<PairSource[] | null> {
  const { datasets } = config;
  if (datasets.kind === 'papers' && datasets.sets.length === 0) return null;
  const sets = dataSets(datasets);
  const found: PairSource[] = [];
  for (const set of sets) found.push(await sourceOf(set, config));
  const isOfPapers = datasets.sets.length === 0 && datasets.kind === 'auto' && found[0]?.kind === 'papers';
  if (isOfPapers) return null;
  if (datasets.split.method === 'time') {
    throw new UserError(
      'datasets.split.method = "time": pairs have no date; set it to "hash", or give each row its split',
    );
  }
  return found;
}

async function sourceOf(set: DataSet, config: Config): Promise<PairSource> {
  const { source } = set;
  const { kind, sets, columns } = config.datasets;
  if (isNamedSource(source)) return { set, kind: 'papers', files: [] };
  const info = await stat(source).catch(() => null);
  if (!info) {
    // the sources of papers say what they expect
    if (sets.length === 0) return { set, kind: 'papers', files: [] };
    throw new UserError(`cannot read "${source}", a source of datasets.sets: no such file or folder; check the path`);
  }
  const isFolder = info.isDirectory();
  const beginning = isFolder || (await isParquet(source)) ? { lines: [], objects: [] } : await beginningOf(source);
  const papers: PairSource = { set, kind: 'papers', files: isFolder ? [] : [source] };
  if (kind === 'papers' || ownSourceOf({ path: source, isFolder, beginning, columns })) return papers;
  if (!isFolder)
    return (await isOfPairs(set, kind)) ? { set, kind: 'tables', files: [{ path: source, split: null }] } : papers;
  if (findBeirFile(source, 'corpus.jsonl') === null) return { set, kind: 'tables', files: await filesOfFolder(source) };
  if (isBeirToTrainOn(source) || kind === 'pairs') return { set, kind: 'beir', files: beirFiles(source) };
  return papers;
}

/** A file is of pairs where its columns say so; where the settings do, it is asked for the columns later. */
async function isOfPairs(set: DataSet, kind: Config['datasets']['kind']): Promise<boolean> {
  if (kind === 'pairs' || (await isParquet(set.source))) return true;
  try {
    return looksLikePairs((await openTable(set.source)).header, set.columns);
  } catch (error) {
    // what is no table may be something that a source of papers knows
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The files of some sources, each by a name that tells its data set. */
export function filesOfSources(sources: readonly PairSource[]): { name: string; path: string }[] {
  return sources.flatMap(({ set, files }) =>
    files.map((file) => {
      const path = typeof file === 'string' ? file : file.path;
      const below = relative(set.source, path);
      return { name: below === '' ? set.name : `${set.name}/${below}`, path };
    }),
  );
}
