/** What the report says of each system: its metrics with intervals, its times, its index and its fusion. */
import type { RetrievalSystem, Retrieved } from '../retrieval/systems/retrieval-system.js';
import { type QueryScores, withUndefined } from './evaluate-run.js';
import type { Metric } from './metrics/metric.js';
import type { MetricValue, SystemReport } from './report.js';
import { type BootstrapOptions, bootstrapMeans, type Interval } from './statistics/bootstrap.js';

/** @param scores by system name; all systems and metrics share their resamples */
export function systemReports(
  retrieved: ReadonlyMap<RetrievalSystem, Retrieved>,
  scores: ReadonlyMap<string, QueryScores>,
  metrics: readonly Metric[],
  options: BootstrapOptions,
): SystemReport[] {
  const series = [...scores.values()].flatMap(({ values }) => metrics.map(({ name }) => values[name] as Float64Array));
  const intervals = bootstrapMeans(series, options);
  return Array.from(
    retrieved,
    ([{ name, kind }, { dimensions, timing, study, fusion, withoutTokens }], s): SystemReport => {
      const values = metrics.map(({ name: metric }, m): [string, MetricValue] => {
        const at = s * metrics.length + m;
        return [metric, withUndefined(intervals[at] as Interval, series[at] as Float64Array)];
      });
      const notes = { ...(fusion && { fusion }), ...(withoutTokens && { withoutTokens }) };
      const system = { name, kind, dimensions, metrics: Object.fromEntries(values), ...notes };
      if (!study) return { ...system, timing };
      const { millisecondsAQuery, exactMillisecondsAQuery, ...index } = study.index;
      const exact = exactMillisecondsAQuery === undefined ? {} : { exactMillisecondsAQuery };
      return { ...system, timing: { ...timing, millisecondsAQuery, ...exact }, index };
    },
  );
}
