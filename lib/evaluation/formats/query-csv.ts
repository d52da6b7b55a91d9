/** Values of every query, system and metric as CSV (RFC 4180), for the reader's own statistics. */
import fs from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../files/atomic-file.js';
import type { Query } from '../../retrieval/systems/retrieval-system.js';
import type { QueryScores } from '../evaluate-run.js';
import { csvText } from './csv.js';

/**
 * One line a system and query: `system,query,topic,<metric>,...`. Undefined values are empty.
 *
 * @param scores by system name, as {@link ../evaluate.ts} gives them
 */
export function queryScoresCsv(scores: ReadonlyMap<string, QueryScores>, queries: readonly Query[]): string {
  const topicOf = new Map(queries.map(({ id, topic }) => [id, topic ?? '']));
  const metrics = Object.keys(scores.values().next().value?.values ?? {});
  const lines: (string | number)[][] = [['system', 'query', 'topic', ...metrics]];
  for (const [system, { queryIds, values }] of scores) {
    queryIds.forEach((id, i) => {
      const numbers = metrics.map((metric) => values[metric]?.[i] ?? Number.NaN);
      lines.push([system, id, topicOf.get(id) ?? '', ...numbers]);
    });
  }
  return csvText(lines);
}

/** Writes {@link queryScoresCsv} to a file. */
export async function writeQueryScores(
  file: string,
  scores: ReadonlyMap<string, QueryScores>,
  queries: readonly Query[],
): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, queryScoresCsv(scores, queries));
}
