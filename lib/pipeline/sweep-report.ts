/** What a sweep found: its points from the best to the worst, each compared with the best over the same seeds and queries. */
import { type AblationVariant, ablationReport } from '../evaluation/ablation.js';
import type { MetricValue, Report } from '../evaluation/report.js';
import { headlineOf } from './headline.js';
import type { SweepPoint } from './sweep-points.js';
import type { TrialOutcomes } from './trials.js';

/** The points of a sweep, the best first. */
export interface SweepReport {
  schemaVersion: 1;
  seeds: number[];
  /** Split whose titles were asked. */
  split: Report['config']['evaluation']['split'];
  /** Queries that all finished runs have in common. */
  queries: number;
  /** By which the points are ordered; null before the first is finished. */
  metric: string | null;
  /** The varied settings. */
  paths: string[];
  /** Points that were asked for, finished or not. */
  planned: number;
  points: SweepReportPoint[];
  failed: { settings: Record<string, unknown>; reason: string }[];
}

export interface SweepReportPoint {
  settings: Record<string, unknown>;
  /** Run folders, one for each seed. */
  runs: string[];
  /** Means over seeds and queries, with an interval over both. */
  metrics: Record<string, MetricValue>;
  /** The same minus those of the best point, paired; absent for the best. */
  differences?: Record<string, MetricValue>;
  /** Wall-clock seconds of all its runs. */
  seconds: number;
}

export interface SweepPlan {
  points: readonly SweepPoint[];
  seeds: number[];
  split: SweepReport['split'];
  /** Of the intervals. */
  seed: number;
  samples: number;
  /** Run folders of a point, by its label. */
  foldersOf(label: string): string[];
}

export function sweepReport({ finished, failed }: TrialOutcomes, plan: SweepPlan): SweepReport {
  const { points, seeds, split, seed, samples } = plan;
  const settingsOf = (label: string): Record<string, unknown> =>
    points.find((point) => point.label === label)?.settings ?? {};
  const options = { seeds, split, seed, samples };
  const metric = headlineOf(Object.keys(finished[0]?.runs[0]?.values ?? {}));
  const alone = new Map(finished.map((one) => [one, ablationReport(one, [], [], options).baseline.metrics]));
  const scoreOf = (one: AblationVariant): number => alone.get(one)?.[metric ?? '']?.value ?? Number.NEGATIVE_INFINITY;
  const [best, ...others] = [...finished].sort((a, b) => scoreOf(b) - scoreOf(a));
  const compared = best ? ablationReport(best, others, [], options) : null;
  return {
    schemaVersion: 1,
    seeds,
    split,
    queries: compared?.queries ?? 0,
    metric,
    paths: Object.keys(points[0]?.settings ?? {}),
    planned: points.length,
    points: [...(best ? [best] : []), ...others].map((one, i) => ({
      settings: settingsOf(one.label),
      runs: plan.foldersOf(one.label),
      metrics: alone.get(one) ?? {},
      ...(i === 0 ? {} : { differences: differencesOf(compared?.effects[i - 1]?.metrics ?? {}) }),
      seconds: one.seconds,
    })),
    failed: failed.map(({ label, reason }) => ({ settings: settingsOf(label), reason })),
  };
}

function differencesOf(metrics: Record<string, { difference: MetricValue }>): Record<string, MetricValue> {
  return Object.fromEntries(Object.entries(metrics).map(([name, { difference }]) => [name, difference]));
}
