/** Several sets of judged queries side by side: each system, and what tuning changed. */
import type { Report, SetReport } from '../evaluation/report.js';
import { headlineMetric, metricNames } from './figures/metrics.js';
import { findComparison, verdict } from './findings.js';
import { formatCount, formatDifferenceInterval, formatPercent, formatShare, metricLabel } from './format.js';

/** As BEIR reports sets of topical queries. */
const JUDGED_METRIC = 'ndcg@10';

/** The metric that sets are compared by: of known items alone the headline metric; null where there is none. */
export function setMetric({ systems, sets = [] }: Pick<Report, 'systems' | 'sets'>): string | null {
  const names = metricNames(systems);
  const isTopical = sets.some(({ queryKinds = [] }) => queryKinds.some(({ kind }) => kind === 'topical'));
  return isTopical && names.includes(JUDGED_METRIC) ? JUDGED_METRIC : headlineMetric(names);
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
    ['neither clearly higher nor lower on', named('undecided')],
    ['the same on', named('tie')],
  ] as const;
  const told = parts.flatMap(([words, names]) => (names.length > 0 ? [`${words} ${listed(names)}`] : []));
  return [
    `After tuning, ${metricLabel(metric)} is ${told.join('; ')}.`,
    ...sets.flatMap((set) => withoutWords(set, metric)),
  ];
}

/** "titles, questions and papers" */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Where words do not help: the third of the questions that shares fewest with its answers. */
function withoutWords({ name, note, lexicalOverlap = [] }: SetReport, metric: string): string[] {
  const low = note === undefined ? [] : lexicalOverlap.filter(({ third }) => third === 'low');
  const [first] = low;
  if (!first) return [];
  const values = low.map(({ system, metrics }) => `${system} ${formatShare(metrics[metric]?.value)}`);
  const share = `${formatPercent(first.from)} to ${formatPercent(first.to)}`;
  return [
    `Of the ${name}, the ${formatCount(first.queries)} that share fewest words with their answers (${share}): ${metricLabel(metric)} ${values.join(', ')}.`,
    note!,
  ];
}

/** tuned minus untuned; null where one of them did not take part. */
function changeOf(set: SetReport, metric: string): ReturnType<typeof findComparison> {
  const of = (kind: string): string => set.systems.find((system) => system.kind === kind)?.name ?? '';
  return findComparison(set, of('tuned'), of('untuned'), metric);
}
