/** Runs below a notebook cell. */
import type { RunComparison } from '../../pipeline/runs/compare-runs.js';
import type { RunSummary } from '../../pipeline/runs/list-runs.js';
import { runComparisonFigure } from '../html/run-comparison.js';
import { runListRows, runMetric, settingRows } from '../run-rows.js';
import { display } from './output.js';
import { show } from './show-figure.js';
import { showDifferences } from './show-report.js';
import { showTable } from './show-table.js';

/** A row for each run. */
export function showRuns(runs: readonly RunSummary[]): void {
  if (runs.length === 0) {
    display({ 'text/plain': 'no run yet: train one with notebook 5 (experiment.train(config))' });
    return;
  }
  const { columns, rows, notes } = runListRows(runs);
  showTable(columns, rows);
  for (const text of notes) display({ 'text/plain': text });
}

/** Settings that differ, metrics, paired differences, and the curves over each other. */
export function showRunComparison(comparison: RunComparison): void {
  const { runs, settings, differences, notes } = comparison;
  showRuns(runs);
  if (settings.length > 0) {
    const { columns, rows } = settingRows(comparison);
    showTable(columns, rows, 'settings that differ');
  }
  const metric = runMetric(runs);
  if (metric !== null && differences.length > 0) showDifferences({ comparisons: differences }, metric);
  const figure = runComparisonFigure(comparison);
  if (figure) show(figure);
  for (const text of notes) display({ 'text/plain': text });
}
