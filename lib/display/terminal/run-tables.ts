/** Runs as text for the terminal. */
import type { RunComparison } from '../../pipeline/runs/compare-runs.js';
import type { RunSummary } from '../../pipeline/runs/list-runs.js';
import { formatMetric, formatQuantity, metricLabel } from '../format.js';
import {
  describeState,
  type Rows,
  runListRows,
  runMetric,
  runMetricRows,
  settingRows,
  settingValue,
} from '../run-rows.js';
import { comparisonTable } from './report-tables.js';
import { textTable } from './text-table.js';

/** A line for each run. */
export function runTable(runs: readonly RunSummary[]): string {
  const { notes, ...rows } = runListRows(runs);
  return [table(rows), ...notes].join('\n');
}

/** All about one run. */
export function runText(run: RunSummary): string {
  const { name, folder, created, ended, differs, evaluation } = run;
  const rows: string[][] = [
    ['name', name],
    ['folder', folder],
    ['state', describeState(run)],
    ['began', describeTime(created)],
    ['ended', describeTime(ended)],
    ['preset', differs?.preset ?? '–'],
    ...Object.entries(differs?.settings ?? {}).map(([path, value]) => [`  ${path}`, settingValue(value)]),
    ...(evaluation?.strength !== undefined
      ? [['kept of what was learned', evaluation.strength === 0 ? 'nothing: the base' : String(evaluation.strength)]]
      : []),
    ...(evaluation
      ? [['evaluated on', `${formatQuantity(evaluation.queries, 'queries')} of the ${evaluation.split} split`]]
      : []),
    ...Object.entries(evaluation?.metrics ?? {}).map(([metric, value]) => [
      `  ${metricLabel(metric)}`,
      formatMetric(value),
    ]),
  ];
  return textTable(['what', 'value'], rows);
}

/** "2026-11-28 16:33:11 UTC" */
function describeTime(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Settings, metrics and paired differences of several runs. */
export function runComparisonText(comparison: RunComparison): string {
  const { runs, settings, differences, queries, notes } = comparison;
  const metric = runMetric(runs);
  const parts = [settings.length > 0 ? table(settingRows(comparison)) : 'the settings are the same in all of them'];
  if (metric !== null) parts.push(table(runMetricRows(comparison)));
  if (differences.length > 0 && metric !== null) {
    const caption = `tuned encoders, paired over the same ${formatQuantity(queries, 'queries')}; 95 % bootstrap intervals; p after Holm’s correction`;
    parts.push(`${comparisonTable({ comparisons: differences }, metric)}\n${caption}`);
  }
  if (notes.length > 0) parts.push(notes.join('\n'));
  return parts.join('\n\n');
}

function table({ columns, rows }: Rows): string {
  return textTable(columns, rows);
}
