/** Several sets of judged queries side by side: each system, and what tuning changed. */
import type { Report, SetReport } from '../evaluation/report.js';
import { headlineMetric, metricNames } from './figures/metrics.js';
import { findComparison, verdict } from './findings.js';
import { formatCount, formatDifferenceInterval, formatShare, metricLabel } from './format.js';

/** As BEIR reports; the headline metric where somebody asked for others. */
const JUDGED_METRIC = 'ndcg@10';

/** The metric that sets are compared by; null where there is none. */
export function setMetric({ systems }: Pick<Report, 'systems'>): string | null {
  const names = metricNames(systems);
  return names.includes(JUDGED_METRIC) ? JUDGED_METRIC : headlineMetric(names);
}

export interface SetRows {
  metric: string;
  columns: string[];
  /** A line for each set; below it, where it has both, one for each kind of query. */
  rows: string[][];
}

/** @returns null for a report of one set */
export function setRows(report: Report): SetRows | null {
  const { sets = [] } = report;
  const metric = setMetric(report);
  if (sets.length === 0 || metric === null) return null;
  const systems = [...new Set(sets.flatMap((set) => set.systems.map(({ name }) => name)))];
  const change = (set: SetReport): string => {
    const difference = changeOf(set, metric);
    return difference ? formatDifferenceInterval(difference) : '–';
  };
  const rows = sets.flatMap((set) => {
    const value = (system: string): string =>
      formatShare(set.systems.find(({ name }) => name === system)?.metrics[metric]?.value);
    const whole = [set.name, formatCount(set.corpus.queries), ...systems.map(value), change(set)];
    const kinds = new Set(set.queryKinds?.map(({ kind }) => kind));
    if (kinds.size < 2) return [whole];
    const parts = [...kinds].map((kind) => {
      const of = set.queryKinds!.filter((one) => one.kind === kind);
      const values = systems.map((name) =>
        formatShare(of.find(({ system }) => system === name)?.metrics[metric]?.value),
      );
      return [`${set.name}, ${kind}`, formatCount(of[0]?.queries), ...values, ''];
    });
    return [whole, ...parts];
  });
  return { metric, columns: ['set', 'queries', ...systems, 'tuned − untuned [95 % interval]'], rows };
}

/** What tuning does to queries that it was not trained for, in a sentence; none where it cannot be told. */
export function generality(report: Report): string[] {
  const { sets = [] } = report;
  const metric = setMetric(report);
  if (metric === null) return [];
  const changes = sets.flatMap((set) => {
    const difference = changeOf(set, metric);
    return difference ? [{ name: set.name, says: verdict(difference) }] : [];
  });
  if (changes.length === 0) return [];
  const named = (wanted: string): string[] => changes.filter(({ says }) => says === wanted).map(({ name }) => name);
  const parts = [
    ['higher on', named('above')],
    ['lower on', named('below')],
    ['not told apart on', named('undecided')],
    ['the same on', named('tie')],
  ] as const;
  const told = parts.flatMap(([words, names]) => (names.length > 0 ? [`${words} ${names.join(', ')}`] : []));
  return [`After tuning ${metricLabel(metric)} is ${told.join('; ')}.`];
}

/** tuned minus untuned; null where one of them did not take part. */
function changeOf(set: SetReport, metric: string): ReturnType<typeof findComparison> {
  const of = (kind: string): string => set.systems.find((system) => system.kind === kind)?.name ?? '';
  return findComparison(set, of('tuned'), of('untuned'), metric);
}
