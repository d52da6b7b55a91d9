/**
 * Metrics by name, as configuration, command line and report write them: "recall@10", "rprecision". To add one, write
 * a {@link MetricDefinition} in a file of this folder and list it below; from elsewhere, hand it to {@link registerMetric}.
 *
 * The conventions are those of trec_eval (github.com/usnistgov/trec_eval), against which the metrics are tested,
 * directly and through pytrec_eval and ir_measures. Equal scores rank by document id descending (see TieBreak). Where
 * nothing is relevant the value is 0, but for ragas' metrics. With one relevant document per query, precision@k is at
 * most 1/k and recall@k is success@k. docs/metrics.md has the conventions in full.
 */
import { didYouMean } from '../../core/did-you-mean.js';
import { UserError } from '../../core/errors.js';
import { averagePrecision } from './average-precision.js';
import type { Metric, MetricDefinition } from './metric.js';
import { mrr } from './mrr.js';
import { ndcg, ndcgExponential } from './ndcg.js';
import { precision } from './precision.js';
import { rPrecision } from './r-precision.js';
import { ragasPrecisionAtK, ragasRecallAtK } from './ragas.js';
import { recall } from './recall.js';
import { success } from './success.js';

const BUILT_IN: readonly MetricDefinition[] = [
  recall,
  precision,
  success,
  mrr,
  ndcg,
  ndcgExponential,
  averagePrecision,
  rPrecision,
  ragasRecallAtK,
  ragasPrecisionAtK,
];

const definitions = new Map(BUILT_IN.map((definition) => [definition.name, definition]));

/**
 * Makes a metric known to configuration, evaluation and report of this process. Registering a name again replaces the
 * earlier one, so that a notebook cell can be run twice.
 *
 * @throws UserError for a name of another form, or that of a metric which comes with the library
 */
export function registerMetric(definition: MetricDefinition): void {
  const { name } = definition;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UserError(`metric "${name}": expected a name of lower case letters, digits and hyphens, without "@k"`);
  }
  if (BUILT_IN.some((known) => known.name === name)) {
    throw new UserError(`metric "${name}" comes with the library: give yours another name`);
  }
  definitions.set(name, definition);
}

/** All metrics there are, in the order of their registration. */
export function metricDefinitions(): MetricDefinition[] {
  return [...definitions.values()];
}

/** How a metric is written: "recall@k", "rprecision". */
export function metricUsage({ name, cutoff }: Pick<MetricDefinition, 'name' | 'cutoff'>): string {
  return cutoff ? `${name}@k` : name;
}

/** One line per metric, for help texts. */
export function metricHelp(): string {
  const all = metricDefinitions();
  const width = Math.max(...all.map((definition) => metricUsage(definition).length));
  return all.map((one) => `${metricUsage(one).padEnd(width)}  ${one.definition}`).join('\n');
}

/** "ndcg@10" as papers write it: "nDCG@10". A name that is not known here stays as it is. */
export function metricLabel(name: string): string {
  const [family = '', k] = name.split('@');
  return `${definitions.get(family)?.label ?? family}${k === undefined ? '' : `@${k}`}`;
}

/**
 * The metric of a name such as "recall@10".
 *
 * @throws UserError naming the metrics there are, and the nearest of them
 */
export function parseMetric(text: string): Metric {
  const name = text.trim().toLowerCase();
  const [, family = '', digits] = /^([^@]*)(?:@([1-9][0-9]{0,8}))?$/.exec(name) ?? [];
  const definition = definitions.get(family);
  if (!definition || definition.cutoff !== (digits !== undefined)) throw unknownMetric(text, name);
  const k = digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
  return {
    name,
    k: digits === undefined ? null : k,
    score(ranked, judged) {
      const ids = ranked.slice(0, k).map(({ id }) => id);
      return definition.score({ ids, grades: ids.map((id) => judged.get(id) ?? 0), judged }, k);
    },
  };
}

/** @throws UserError for an unknown name, or if there is none */
export function parseMetrics(names: readonly string[]): Metric[] {
  if (names.length === 0) throw new UserError('no metric was asked for: expected names such as recall@10, mrr@10');
  return [...new Map(names.map(parseMetric).map((metric) => [metric.name, metric])).values()];
}

function unknownMetric(text: string, name: string): UserError {
  const usages = metricDefinitions().map(metricUsage);
  const families = [...definitions.keys()];
  // "recall" and "recall@0" are near "recall@k"; "recal@10" is near "recall"
  const near = definitions.get(name.split('@')[0] as string);
  const hint = near ? `; did you mean "${metricUsage(near)}"?` : didYouMean(name.split('@')[0] as string, families);
  return new UserError(
    `unknown metric "${text}": expected one of ${usages.join(', ')}, with k a whole number of at least 1${hint}`,
  );
}
