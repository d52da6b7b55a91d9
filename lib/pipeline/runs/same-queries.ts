/**
 * Whether evaluations can be compared query by query: the same queries over the same documents. Papers that one run was
 * trained on may be the test papers of another, so nothing is compared across different test splits.
 */
import { UserError } from '../../core/errors.js';
import type { Report } from '../../evaluation/report.js';
import { readQueryScores } from '../query-scores.js';
import type { RunRecord } from '../run-record.js';
import { papersOfRun } from './sides.js';

interface EvaluatedRun {
  folder: string;
  record: RunRecord;
  report: Report;
}

/** @throws UserError naming the two runs and the settings that make their queries differ */
export async function checkSameQueries(runs: readonly EvaluatedRun[]): Promise<void> {
  const [first, ...others] = runs;
  if (!first) return;
  const expected = await askedOf(first);
  for (const other of others) {
    const asked = await askedOf(other);
    const what = Object.keys(expected).find((part) => asked[part] !== expected[part]);
    if (what === undefined) continue;
    const causes = differingCauses(first, other);
    const why = causes.length > 0 ? ` (${causes.join('; ')})` : '';
    throw new UserError(
      `"${first.record.name}" and "${other.record.name}" cannot be compared: their ${what} differ${why}; compare runs that were trained and evaluated on the same data with the same split`,
    );
  }
}

/** What has to be the same, by how it is told. */
async function askedOf({ folder, report }: EvaluatedRun): Promise<Record<string, string>> {
  const { queryIds } = await readQueryScores(folder);
  const { corpus, config } = report;
  return {
    'evaluated splits': config.evaluation.split,
    'test papers': await testPapers(folder),
    documents: JSON.stringify([corpus.documents, Object.entries(corpus.categories).sort()]),
    queries: [...queryIds].sort().join('\n'),
  };
}

/** Ids of the test split. */
async function testPapers(folder: string): Promise<string> {
  const ids: string[] = [];
  for await (const { id, split } of papersOfRun(folder)) if (split === 'test') ids.push(id);
  return ids.sort().join('\n');
}

/** "seed is 42 in first and 43 in second" */
function differingCauses(a: EvaluatedRun, b: EvaluatedRun): string[] {
  const causes = (run: EvaluatedRun): Record<string, unknown> => {
    const { split, queries } = run.report.config.evaluation;
    const settings = Object.entries(run.record.identity.settings).filter(
      ([path]) => path.startsWith('datasets.') || path === 'seed',
    );
    return { ...Object.fromEntries(settings), 'evaluation.split': split, 'evaluation.queries': queries };
  };
  const [one, two] = [causes(a), causes(b)];
  return Object.keys({ ...one, ...two })
    .filter((path) => JSON.stringify(one[path]) !== JSON.stringify(two[path]))
    .slice(0, 4)
    .map(
      (path) =>
        `${path} is ${JSON.stringify(one[path])} in "${a.record.name}" and ${JSON.stringify(two[path])} in "${b.record.name}"`,
    );
}
