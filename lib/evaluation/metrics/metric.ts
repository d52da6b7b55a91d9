/**
 * Metrics by name, as configuration, command line and report write them.
 *
 *   name              definition                                            agrees with
 *   recall@k          relevant among the first k / relevant                 trec_eval recall_k, ir_measures R@k, ranx
 *   precision@k       relevant among the first k / k                        trec_eval P_k, ir_measures P@k, ranx
 *   success@k         any relevant among the first k (hit@k)                trec_eval success_k
 *   mrr@k             1 / rank of the first relevant, 0 beyond k            trec_eval recip_rank cut at k, ranx
 *   ndcg@k            linear gain                                           trec_eval ndcg_cut_k, ranx ndcg
 *   ndcg-exp@k        gain 2^grade - 1                                      ranx ndcg_burges
 *   map@k             average precision, cut at k                           trec_eval map_cut_k, ranx map@k
 *   rprecision        precision at the number of relevant documents         trec_eval Rprec, ranx r-precision
 *   ragas-recall@k    ID-based recall of the first k; NaN without relevant  ragas IDBasedContextRecall
 *   ragas-precision@k ID-based precision of the first k; NaN if none found  ragas IDBasedContextPrecision
 *
 * Equal scores rank by document id descending, as in trec_eval; ranx keeps the order of the run (see TieBreak).
 * precision@k and ragas-precision@k agree wherever at least k documents were found; with one relevant document a
 * query both are at most 1/k, and recall@k is success@k.
 */
import { UserError } from '../../core/errors.js';
import type { RankedDocument } from '../../retrieval/ranking.js';
import { ragasPrecision, ragasRecall } from './ragas.js';
import {
  averagePrecisionAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRankAt,
  rPrecision,
  successAt,
} from './rank-metrics.js';

export interface Metric {
  /** As in the report: "recall@10". */
  name: string;
  /** How many documents a query it looks at; null where that depends on the judgements. */
  k: number | null;
  /**
   * Value of one query; NaN where the metric is undefined for it.
   *
   * @param ranked documents found, best first, each once
   * @param grades of the judged documents
   */
  score(ranked: readonly RankedDocument[], grades: ReadonlyMap<string, number>): number;
}

type GradeMetric = (k: number, ranked: number[], judged: number[]) => number;
type IdMetric = (retrieved: string[], reference: string[]) => number;

const GRADE_METRICS: Record<string, GradeMetric> = {
  recall: recallAt,
  precision: precisionAt,
  success: successAt,
  mrr: reciprocalRankAt,
  ndcg: ndcgAt,
  'ndcg-exp': (k, ranked, judged) => ndcgAt(k, ranked, judged, 'exponential'),
  map: averagePrecisionAt,
};
const ID_METRICS: Record<string, IdMetric> = { 'ragas-recall': ragasRecall, 'ragas-precision': ragasPrecision };

/** The names before the "@". */
export const METRIC_FAMILIES: readonly string[] = [...Object.keys(GRADE_METRICS), ...Object.keys(ID_METRICS)];

/**
 * The metric of a name such as "recall@10".
 *
 * @throws UserError naming the metrics there are
 */
export function parseMetric(text: string): Metric {
  const name = text.trim().toLowerCase();
  if (name === 'rprecision') {
    return { name, k: null, score: (ranked, grades) => rPrecision(gradesOf(ranked, grades), [...grades.values()]) };
  }
  const [, family, digits] = /^([a-z-]+)@([1-9][0-9]{0,8})$/.exec(name) ?? [];
  const k = Number(digits);
  const gradeMetric = GRADE_METRICS[family ?? ''];
  if (gradeMetric) {
    const score: Metric['score'] = (ranked, grades) =>
      gradeMetric(k, gradesOf(ranked.slice(0, k), grades), [...grades.values()]);
    return { name, k, score };
  }
  const idMetric = ID_METRICS[family ?? ''];
  if (idMetric) {
    const score: Metric['score'] = (ranked, grades) => {
      const reference = [...grades].filter(([, grade]) => grade >= 1).map(([id]) => id);
      return idMetric(
        ranked.slice(0, k).map(({ id }) => id),
        reference,
      );
    };
    return { name, k, score };
  }
  const known = [...METRIC_FAMILIES.map((each) => `${each}@k`), 'rprecision'].join(', ');
  throw new UserError(`unknown metric "${text}": expected one of ${known}, with k a whole number of at least 1`);
}

/** @throws UserError for an unknown name, or if there is none */
export function parseMetrics(names: readonly string[]): Metric[] {
  if (names.length === 0) throw new UserError('no metric was asked for: expected names such as recall@10, mrr@10');
  return [...new Map(names.map(parseMetric).map((metric) => [metric.name, metric])).values()];
}

function gradesOf(ranked: readonly RankedDocument[], grades: ReadonlyMap<string, number>): number[] {
  return ranked.map(({ id }) => grades.get(id) ?? 0);
}
