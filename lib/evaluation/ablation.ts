/**
 * The effect table of an ablation: one factor at a time against the baseline, over the same seeds and the same queries.
 */
import { mean } from '../core/mean.js';
import type { MetricValue } from './report.js';
import { crossedBootstrap } from './statistics/crossed-bootstrap.js';

/** What one training found: values of each query by metric. */
export interface RunScores {
  queryIds: string[];
  values: Record<string, Float64Array>;
}

/** A configuration that was trained with several seeds. */
export interface AblationVariant {
  /** "encoder.pooling=last"; "baseline". */
  label: string;
  /** In the order of the seeds. */
  runs: RunScores[];
  /** Wall-clock seconds of all its runs. */
  seconds: number;
}

/** What changing a factor does to one metric. */
export interface MetricEffect {
  /** Mean over seeds and queries. */
  value: number;
  /** The same minus that of the baseline, with an interval over seeds and queries. */
  difference: MetricValue;
  /** Difference of each seed. */
  bySeed: number[];
}

export interface AblationEffect {
  label: string;
  seconds: number;
  metrics: Record<string, MetricEffect>;
}

/** What each variant of the baseline is worth, over seeds and queries. */
export interface AblationReport {
  schemaVersion: 1;
  seeds: number[];
  /** Split whose titles were asked. */
  split: 'test' | 'validation';
  /** Queries that all runs have in common. */
  queries: number;
  /** Means over seeds and queries, with an interval. */
  baseline: { metrics: Record<string, MetricValue>; seconds: number };
  effects: AblationEffect[];
  /** Factors whose runs failed, with the reason. */
  failed: { label: string; reason: string }[];
}

/**
 * Compares variants with the baseline. Queries that some run lacks, or for which a metric is undefined in some run, are left
 * out for all.
 */
export function ablationReport(
  baseline: AblationVariant,
  variants: readonly AblationVariant[],
  failed: AblationReport['failed'],
  { seeds, split, seed, samples }: { seeds: number[]; split: AblationReport['split']; seed: number; samples: number },
): AblationReport {
  const all = [baseline, ...variants].flatMap(({ runs }) => runs);
  const common = (all[0]?.queryIds ?? []).filter((id) => all.every(({ queryIds }) => queryIds.includes(id)));
  const metrics = Object.keys(all[0]?.values ?? {}).filter((name) => all.every(({ values }) => name in values));
  const places = new Map(all.map((run) => [run, new Map(run.queryIds.map((id, i) => [id, i]))]));
  const valuesOf = (run: RunScores, metric: string): number[] =>
    common.map((id) => run.values[metric]?.[places.get(run)?.get(id) as number] ?? Number.NaN);

  const means: Record<string, MetricValue> = {};
  const effects = variants.map(({ label, seconds }): AblationEffect => ({ label, seconds, metrics: {} }));
  for (const metric of metrics) {
    const columns = new Map(all.map((run) => [run, valuesOf(run, metric)]));
    const defined = common.flatMap((_, i) => (all.every((run) => !Number.isNaN(columns.get(run)?.[i])) ? [i] : []));
    const rows = ({ runs }: AblationVariant): Float64Array[] =>
      runs.map((run) => Float64Array.from(defined, (i) => columns.get(run)?.[i] as number));
    const base = rows(baseline);
    means[metric] = crossedBootstrap(base, { seed, samples });
    variants.forEach((variant, v) => {
      const own = rows(variant);
      const differences = own.map((row, s) => row.map((value, i) => value - (base[s]?.[i] as number)));
      (effects[v] as AblationEffect).metrics[metric] = {
        value: mean(own.map((row) => mean([...row]))),
        difference: crossedBootstrap(differences, { seed, samples }),
        bySeed: differences.map((row) => mean([...row])),
      };
    });
  }
  return {
    schemaVersion: 1,
    seeds,
    split,
    queries: common.length,
    baseline: { metrics: means, seconds: baseline.seconds },
    effects,
    failed,
  };
}
