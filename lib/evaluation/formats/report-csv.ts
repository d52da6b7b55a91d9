/** A report as CSV, one row a number, for spreadsheets and data frames. */
import { UserError } from '../../core/errors.js';
import type { MetricValue, Report } from '../report.js';
import { csvText } from './csv.js';

type Row = (string | number)[];

const PARTS = {
  metrics: ({ systems }: Report): Row[] => [
    ['system', 'kind', 'metric', 'value', 'low', 'high'],
    ...systems.flatMap(({ name, kind, metrics }) => valueRows([name, kind], metrics)),
  ],
  comparisons: ({ comparisons }: Report): Row[] => [
    ['a', 'b', 'metric', 'difference', 'low', 'high', 'p'],
    ...comparisons.map(({ a, b, metric, difference, low, high, p }) => [a, b, metric, difference, low, high, p]),
  ],
  topics: ({ topics = [] }: Report): Row[] => [
    ['topic', 'system', 'queries', 'metric', 'value', 'low', 'high'],
    ...topics.flatMap(({ topic, system, queries, metrics }) => valueRows([topic, system, queries], metrics)),
  ],
  overlap: ({ lexicalOverlap = [] }: Report): Row[] => [
    ['third', 'from', 'to', 'system', 'queries', 'metric', 'value', 'low', 'high'],
    ...lexicalOverlap.flatMap(({ third, from, to, system, queries, metrics }) =>
      valueRows([third, from, to, system, queries], metrics),
    ),
  ],
};
/** The parts of a report that {@link toCsv} writes. */
export type ReportCsvPart = keyof typeof PARTS;

/**
 * One part of a report: "metrics" of the systems, paired "comparisons", metrics by "topics" of the queries, or by lexical
 * "overlap". Values of every single query are not in a report: they are in runs/queries.csv beside it.
 *
 * @throws UserError for another part
 */
export function toCsv(report: Report, part: ReportCsvPart = 'metrics'): string {
  if (!Object.hasOwn(PARTS, part)) {
    throw new UserError(`no part "${part}" of a report: expected ${Object.keys(PARTS).join(', ')}`);
  }
  return csvText(PARTS[part](report));
}

function valueRows(key: Row, metrics: Record<string, MetricValue>): Row[] {
  return Object.entries(metrics).map(([metric, { value, low, high }]) => [...key, metric, value, low, high]);
}
