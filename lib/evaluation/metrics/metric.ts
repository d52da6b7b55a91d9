/**
 * What a metric is. A {@link MetricDefinition} is the one entry that owns a metric's name, parsing, formula and help;
 * {@link ./registry.ts} finds it by name. Where `cutoff` is true, the name is written with the depth: "recall@10".
 */
import type { RankedDocument } from '../../retrieval/ranking.js';

/** One query's results beside its judgements, as a metric sees them. */
export interface JudgedRanking {
  /** Ids of the documents found, best first, each once; at most k where the metric has a cutoff. */
  ids: readonly string[];
  /** Grade of each of these; 0 where not judged. */
  grades: readonly number[];
  /** Grades of all judged documents by id. 1 and more is relevant. */
  judged: ReadonlyMap<string, number>;
}

/** A metric of one ranking. To add one: `registerMetric`. */
export interface MetricDefinition {
  /** Lower case letters, digits and hyphens: "recall". */
  name: string;
  /** As papers write it, for tables and figures: "Recall". */
  label: string;
  /** Whether it looks at the first k documents and is written "name@k". */
  cutoff: boolean;
  /** What it is, in one line, for help and docs. */
  definition: string;
  /** Libraries whose values it agrees with, where there are any. */
  agreesWith?: string;
  /**
   * Value of one query, higher is better. NaN where the metric is undefined for it: means leave it out, and say so.
   *
   * @param k the depth; Infinity for a metric without cutoff
   */
  score(ranking: JudgedRanking, k: number): number;
}

/** A metric at its depth. */
export interface Metric {
  /** As in the report: "recall@10". */
  name: string;
  /** How many documents per query it looks at; null where that depends on the judgements. */
  k: number | null;
  /**
   * Value of one query; NaN where the metric is undefined for it.
   *
   * @param ranked documents found, best first, each once
   * @param grades of the judged documents
   */
  score(ranked: readonly RankedDocument[], grades: ReadonlyMap<string, number>): number;
}

/** A document is relevant if its grade is 1 or more. */
export function isRelevant(grade: number): boolean {
  return grade >= 1;
}

/** How many of the grades say relevant. */
export function countRelevant(grades: Iterable<number>): number {
  let count = 0;
  for (const grade of grades) if (isRelevant(grade)) count++;
  return count;
}
