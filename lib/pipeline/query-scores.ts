/** What a run found for each query, read back from runs/queries.csv. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { WorkError } from '../core/errors.js';
import type { QueryScores } from '../evaluation/evaluate-run.js';

/** @throws WorkError where the run has no such file, or nothing of the system */
export async function readQueryScores(runFolder: string, system = 'tuned'): Promise<QueryScores> {
  const file = join(runFolder, 'runs', 'queries.csv');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [head = [], ...lines] = parse(text) as string[][];
  const own = lines.filter(([name]) => name === system);
  if (own.length === 0) {
    throw new WorkError(`${file} has no line of the ${system} system: evaluate the run again (evaluate ${runFolder})`);
  }
  const metrics = head.slice(3);
  return {
    queryIds: own.map(([, query]) => query as string),
    values: Object.fromEntries(
      metrics.map((metric, m) => [
        metric,
        Float64Array.from(own, (line) => (line[3 + m] === '' ? Number.NaN : Number(line[3 + m]))),
      ]),
    ),
  };
}
