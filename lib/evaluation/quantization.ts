/**
 * What the report says of quantized embeddings: memory, metrics, and what they lose against full precision, with intervals
 * over the same queries.
 */
import type { Qrels } from '../retrieval/ranking.js';
import type { RetrievalSystem, Retrieved } from '../retrieval/systems/retrieval-system.js';
import { scoreQueries } from './evaluate-run.js';
import type { Metric } from './metrics/metric.js';
import type { QuantizationReport } from './report.js';
import { type BootstrapOptions, bootstrapMeans, type Interval } from './statistics/bootstrap.js';

/** One entry a system, precision, and whether candidates were scored again; full precision first. */
export function quantizationReports(
  retrieved: ReadonlyMap<RetrievalSystem, Retrieved>,
  judged: Qrels,
  metrics: readonly Metric[],
  options: BootstrapOptions,
): QuantizationReport[] {
  return Array.from(retrieved).flatMap(([{ name }, { study }]) => {
    const [full, ...others] = study?.quantized ?? [];
    if (!full) return [];
    const exact = scoreQueries(full.run, judged, metrics).values;
    return [full, ...others].map(({ run, ...cost }): QuantizationReport => {
      const { values } = scoreQueries(run, judged, metrics);
      const lost = metrics.map(({ name: metric }) =>
        (exact[metric] as Float64Array).map((value, i) => (values[metric]?.[i] as number) - value),
      );
      const named = (intervals: Interval[]): Record<string, Interval> =>
        Object.fromEntries(metrics.map((metric, m) => [metric.name, intervals[m] as Interval]));
      return {
        system: name,
        ...cost,
        metrics: named(
          bootstrapMeans(
            metrics.map((metric) => values[metric.name] as Float64Array),
            options,
          ),
        ),
        differences: named(bootstrapMeans(lost, options)),
      };
    });
  });
}
