/**
 * A report as text for the terminal.
 */
import type { SetComposition } from '../../batches/composition.js';
import type { Report } from '../../evaluation/report.js';
import { fieldSentence } from '../field-sentence.js';
import type { BatchComposition } from '../figures/batch-composition.js';
import { metricNames } from '../figures/metrics.js';
import {
  bestSystems,
  comparisonsOf,
  corpusNote,
  keyResult,
  primaryMetric,
  VERDICT_WORDS,
  verdict,
} from '../findings.js';
import {
  formatCount,
  formatDifferenceInterval,
  formatMetric,
  formatNumber,
  formatPercent,
  formatProbability,
  formatQuantity,
  formatShare,
  metricLabel,
} from '../format.js';
import { reportNotes, unfinishedNote } from '../notes.js';
import { inTopicOrder, type TopicRoles } from '../palette.js';
import { quantizationTable } from '../quantization-table.js';
import { generality, setRows } from '../set-rows.js';
import { type TextColumn, textTable } from './text-table.js';

const right = (name: string): { name: string; align: 'right' } => ({ name, align: 'right' });

/** Side by side in a hundred characters; more systems go into a second table. */
const SYSTEMS_A_TABLE = 4;

/** Metrics by systems, the best of each marked, with what was skipped and why. */
export function metricTable(report: Report): string {
  const { systems, skipped, corpus } = report;
  const best = new Map(metricNames(systems).map((metric) => [metric, bestSystems(systems, metric)]));
  const lines: string[] = unfinishedNote(report).flatMap((note) => [note, '']);
  for (let from = 0; from < systems.length; from += SYSTEMS_A_TABLE) {
    const beside = systems.slice(from, from + SYSTEMS_A_TABLE);
    const rows = [...best].map(([metric, names]) => [
      metricLabel(metric),
      ...beside.map(({ name, metrics }) => `${formatMetric(metrics[metric])}${names.has(name) ? ' *' : '  '}`),
    ]);
    lines.push(textTable(['metric', ...beside.map(({ name }) => right(`${name}  `))], rows), '');
  }
  const scope = `${formatQuantity(corpus.queries, 'queries')} in ${formatQuantity(corpus.documents, 'documents')}`;
  lines.push(
    systems.length > 0
      ? `* best${[...best.values()].some(({ size }) => size > 1) ? ', several where they tie' : ''}; in brackets 95 % bootstrap intervals; ${scope}`
      : `no system was evaluated; ${scope}`,
  );
  for (const { name, metrics } of systems) {
    for (const [metric, { undefinedQueries }] of Object.entries(metrics)) {
      if (undefinedQueries)
        lines.push(
          `${name}: ${metricLabel(metric)} is undefined for ${formatQuantity(undefinedQueries, 'queries')} and a mean over the others`,
        );
    }
  }
  lines.push(...reportNotes(report));
  for (const { name, reason } of skipped) lines.push(`skipped ${name}: ${reason}`);
  return lines.join('\n');
}

/** Paired differences with their intervals. @param metric one of them; default all */
export function comparisonTable(report: Pick<Report, 'comparisons'>, metric?: string): string {
  const { columns, rows } = comparisonRows(report, metric);
  return textTable(columns, rows);
}

/** The cells of {@link comparisonTable}. */
export function comparisonRows(
  report: Pick<Report, 'comparisons'>,
  metric?: string,
): { columns: (string | TextColumn)[]; rows: string[][] } {
  const comparisons = metric === undefined ? report.comparisons : comparisonsOf(report, metric);
  return {
    columns: ['systems', 'metric', right('difference [95 % interval]'), right('p'), 'interval'],
    rows: comparisons.map((comparison) => [
      `${comparison.a} − ${comparison.b}`,
      metricLabel(comparison.metric),
      formatDifferenceInterval(comparison),
      formatProbability(comparison.p).replace(/^p (= )?/, ''),
      VERDICT_WORDS[verdict(comparison)],
    ]),
  };
}

/** Approximate indexes beside exact search; null where every search was exact. */
export function indexTable({ systems }: Pick<Report, 'systems'>): string | null {
  const approximate = systems.flatMap(({ name, index, timing }) =>
    index && index.kind !== 'flat' ? [{ name, index, timing }] : [],
  );
  if (approximate.length === 0) return null;
  return textTable(
    ['system', 'index', ...['recall against exact', 'ms per query', 'ms exact'].map(right)],
    approximate.map(({ name, index, timing }) => [
      name,
      index.kind,
      formatShare(index.recall),
      formatNumber(timing.millisecondsAQuery),
      formatNumber(timing.exactMillisecondsAQuery),
    ]),
  );
}

/** Documents in fewer bits beside full precision; null where the report has none. */
export function quantizedTable({ quantization = [] }: Pick<Report, 'quantization'>): string | null {
  if (quantization.length === 0) return null;
  const { columns, cells } = quantizationTable(quantization);
  return textTable([...columns.slice(0, 2), ...columns.slice(2).map(right)], cells);
}

/** Sets of judged queries side by side; null for a report of one. */
export function setTable(report: Report): string | null {
  const found = setRows(report);
  if (!found) return null;
  const [set = '', ...numbers] = found.columns;
  return `${metricLabel(found.metric)} by set\n${textTable([set, ...numbers.map(right)], found.rows)}`;
}

/** What a run ends with: the metric table, differences in the headline metric, the result in a sentence or two. */
export function reportSummary(report: Report): string {
  const parts = [metricTable(report)];
  const metric = primaryMetric(report);
  if (metric !== null && comparisonsOf(report, metric).length > 0) parts.push(comparisonTable(report, metric));
  const sets = setTable(report);
  if (sets !== null) parts.push(sets);
  const indexes = indexTable(report);
  if (indexes !== null) parts.push(indexes);
  const quantized = quantizedTable(report);
  if (quantized !== null) parts.push(quantized);
  const field = fieldSentence(report);
  const said = [...(field === null ? [] : [field]), ...keyResult(report), ...generality(report), ...corpusNote(report)];
  return [...parts, said.join('\n')].join('\n\n');
}

/** Token lengths by topic. @param roles puts the topics in the order of all tables; default: by name */
export function tokenLengthTable(
  { summaries }: Pick<NonNullable<Report['tokens']>, 'summaries'>,
  roles: TopicRoles = new Map(),
): string {
  return textTable(
    ['topic', ...['texts', 'min', 'median', 'p90', 'p95', 'p99', 'max'].map(right)],
    inTopicOrder(summaries, roles).map(({ topic, count, min, median, p90, p95, p99, max }) => [
      topic,
      ...[count, min, median, p90, p95, p99, max].map(formatCount),
    ]),
  );
}

/** Share of each role in the batches beside its target. */
export function batchCompositionTable(batches: BatchComposition): string {
  return textTable(
    ['role', right('target'), right('in the batches')],
    batches.map(({ role, target, actual }) => [role, formatPercent(target), formatPercent(actual)]),
  );
}

/** Share of each data set in the batches of an epoch beside its target. */
export function setCompositionTable(sets: readonly SetComposition[]): string {
  return textTable(
    ['data set', right('target'), right('in the batches')],
    sets.map(({ set, target, actual }) => [set, formatPercent(target), formatPercent(actual)]),
  );
}
