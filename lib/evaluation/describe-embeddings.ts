/**
 * What the report says of embeddings: their geometry, and metrics at rising length.
 */

import type { Qrels } from '../retrieval/ranking.js';
import type { RetrievalSystem, Retrieved } from '../retrieval/systems/retrieval-system.js';
import { scoreQueries } from './evaluate-run.js';
import type { Metric } from './metrics/metric.js';
import type { DimensionCurve, EmbeddingReport, MetricValue, SystemReport } from './report.js';
import { type BootstrapOptions, bootstrapMeans } from './statistics/bootstrap.js';

type AllRetrieved = ReadonlyMap<RetrievalSystem, Retrieved>;

export function embeddingReports(retrieved: AllRetrieved): EmbeddingReport[] {
  return Array.from(retrieved).flatMap(([{ name }, { study }]) => (study ? [{ system: name, ...study.quality }] : []));
}

/** Metrics at rising length of the embeddings, the whole one last. */
export function dimensionCurvesOf(
  retrieved: AllRetrieved,
  systems: readonly SystemReport[],
  judged: Qrels,
  metrics: readonly Metric[],
  options: BootstrapOptions,
): DimensionCurve[] {
  return Array.from(retrieved).flatMap(([{ name }, { study, dimensions }], s): DimensionCurve[] => {
    if (!study || study.truncated.length === 0 || dimensions === null) return [];
    const cuts = study.truncated.map(({ run }) => {
      const { values } = scoreQueries(run, judged, metrics);
      return bootstrapMeans(Object.values(values), options);
    });
    const curve = (m: number): MetricValue[] => [
      ...cuts.map((means) => means[m] as MetricValue),
      systems[s]?.metrics[metrics[m]?.name ?? ''] as MetricValue,
    ];
    return [
      {
        system: name,
        dimensions: [...study.truncated.map((cut) => cut.dimensions), dimensions],
        metrics: Object.fromEntries(metrics.map((metric, m) => [metric.name, curve(m)])),
      },
    ];
  });
}
