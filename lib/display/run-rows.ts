/**
 * Runs as rows of tables, the same in terminal, notebook and page.
 */
import type { MetricValue } from '../evaluation/report.js';
import type { RunComparison } from '../pipeline/runs/compare-runs.js';
import type { RunSummary } from '../pipeline/runs/list-runs.js';
import { headlineMetric } from './figures/metrics.js';
import { formatCount, formatMetric, formatQuantity, metricLabel } from './format.js';
import type { TextColumn } from './terminal/text-table.js';

export interface Rows {
  columns: (string | TextColumn)[];
  rows: string[][];
}

/** Name, date, state, what differs, and the headline metric of the evaluated; below, what all have in common. */
export function runListRows(runs: readonly RunSummary[]): Rows & { notes: string[] } {
  const metrics = shownMetrics(runs);
  const shared = sharedSettings(runs);
  return {
    notes: shared.length > 0 ? [`in all of them: ${shared.join(', ')}`] : [],
    columns: [
      'name',
      'date',
      'state',
      { name: 'differs from the preset', maxWidth: 160 },
      ...metrics.map((metric) => ({ name: metricLabel(metric), align: 'right' as const })),
      ...(metrics.length > 0 ? ['of'] : []),
    ],
    rows: runs.map((run) => [
      run.name,
      run.created === null ? '–' : run.created.slice(0, 16).replace('T', ' '),
      describeState(run),
      describeDiffers(run, shared),
      ...metrics.map((metric) => formatMetric(run.evaluation?.metrics[metric])),
      ...(metrics.length > 0 ? [evaluatedOn(run)] : []),
    ]),
  };
}

/** The settings that are not the same in all runs, a column for each run. */
export function settingRows({ runs, settings }: RunComparison): Rows {
  return {
    columns: ['setting', ...runs.map(({ name }) => ({ name, maxWidth: 40 }))],
    rows: settings.map(({ path, values }) => [path, ...values.map(settingValue)]),
  };
}

/** Metrics by runs, those that were evaluated. */
export function runMetricRows({ runs }: RunComparison): Rows {
  const evaluated = runs.filter(({ evaluation }) => evaluation);
  const metrics = Object.keys(evaluated[0]?.evaluation?.metrics ?? {});
  return {
    columns: ['metric', ...evaluated.map(({ name }) => ({ name, align: 'right' as const }))],
    rows: metrics.map((metric) => [
      metricLabel(metric),
      ...evaluated.map(({ evaluation }) => formatMetric(evaluation?.metrics[metric] as MetricValue | undefined)),
    ]),
  };
}

/** The metric that runs are read by; null where none was evaluated. */
export function runMetric(runs: readonly RunSummary[]): string | null {
  return headlineMetric(Object.keys(runs.find(({ evaluation }) => evaluation)?.evaluation?.metrics ?? {}));
}

/** "finished", "stopped at step 3 of 14" */
export function describeState({ state, step, totalSteps }: RunSummary): string {
  if (state === 'stopped' || state === 'diverged') {
    return `${state} at step ${formatCount(step)} of ${totalSteps === 0 ? '?' : formatCount(totalSteps)}`;
  }
  return state === 'finished' ? `finished, ${formatQuantity(totalSteps, 'steps')}` : state;
}

/** "sample: learningRate = 3e-4, epochs = 2" @param shared what is said elsewhere */
function describeDiffers({ differs }: RunSummary, shared: readonly string[]): string {
  if (!differs) return '–';
  const changes = changesOf(differs).filter((change) => !shared.includes(change));
  return `${differs.preset}${changes.length > 0 ? `: ${changes.join(', ')}` : ''}`;
}

function changesOf({ settings }: NonNullable<RunSummary['differs']>): string[] {
  return Object.entries(settings).map(([path, value]) => `${path} = ${settingValue(value)}`);
}

/** What several runs of the same preset all changed in the same way. */
function sharedSettings(runs: readonly RunSummary[]): string[] {
  const known = runs.flatMap(({ differs }) => (differs ? [differs] : []));
  if (known.length < 2 || new Set(known.map(({ preset }) => preset)).size > 1) return [];
  return changesOf(known[0]!).filter((change) => known.every((one) => changesOf(one).includes(change)));
}

export function settingValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value === '' ? '""' : value;
  return JSON.stringify(value);
}

function shownMetrics(runs: readonly RunSummary[]): string[] {
  const headline = runMetric(runs);
  return headline === null ? [] : [headline];
}

function evaluatedOn({ evaluation }: RunSummary): string {
  if (!evaluation) return '';
  const step = evaluation.unfinishedStep === undefined ? '' : `, at step ${formatCount(evaluation.unfinishedStep)}`;
  const kept = evaluation.strength === 0 ? ', base kept' : '';
  return `${formatQuantity(evaluation.queries, `${evaluation.split} queries`)}${step}${kept}`;
}
