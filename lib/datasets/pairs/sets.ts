/** The data sets of a run: those that `datasets.sets` lists, or the one that `datasets.source` names. */
import { basename } from 'node:path';
import type { Config } from '../../config/config.js';
import type { DataSetSettings } from '../../config/data-sets.js';
import { UserError } from '../../core/errors.js';

/** A data set with its name. */
export interface DataSet extends DataSetSettings {
  name: string;
}

/** @throws UserError for a name that two sets have */
export function dataSets(datasets: Config['datasets']): DataSet[] {
  const { source, sets, pairColumns, minScore } = datasets;
  const only = {
    source,
    name: null,
    share: null,
    queryPrompt: null,
    documentPrompt: null,
    columns: pairColumns,
    minScore,
  };
  const named = (sets.length > 0 ? sets : [only]).map((set) => ({ ...set, name: set.name ?? nameOf(set.source) }));
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) < i);
  if (twice) {
    throw new UserError(`datasets.sets has two data sets called "${twice.name}": give one of them another name`);
  }
  const withShare = named.filter(({ share }) => share !== null).length;
  if (withShare > 0 && withShare < named.length) {
    const without = named.find(({ share }) => share === null) as DataSet;
    throw new UserError(`datasets.sets: "${without.name}" has no share and others have: give each one, or none`);
  }
  return named.map((set) => ({ ...set, minScore: set.minScore ?? minScore }));
}

/** The name of a file without its endings. */
function nameOf(source: string): string {
  return (
    basename(source)
      .replace(/\.(gz|zip)$/i, '')
      .replace(/\.[a-z]+$/i, '') || source
  );
}

type Prompts = Map<string, Record<'query' | 'document', string | null>>;

const promptsOfSettings = new WeakMap<Config['datasets'], Prompts>();

/** The prompt of the data set that a text is of, by its topic; undefined where it has none of its own. */
export function promptOfSet(
  datasets: Config['datasets'],
  kind: 'query' | 'document',
): (topic: string | undefined) => string | undefined {
  if (datasets.sets.length === 0) return () => undefined;
  let prompts = promptsOfSettings.get(datasets);
  if (!prompts) {
    prompts = new Map(
      dataSets(datasets).map((set) => [set.name, { query: set.queryPrompt, document: set.documentPrompt }]),
    );
    promptsOfSettings.set(datasets, prompts);
  }
  const known = prompts;
  return (topic) => (topic === undefined ? undefined : (known.get(topic)?.[kind] ?? undefined));
}
