/**
 * The report of an evaluation, as `report.json` holds it and as `display/` draws it.
 * The first part (systems, comparisons, skipped) is the stable contract; the rest serves the pictures.
 */

import type { RoleComposition } from '../batches/composition.js';
import type { Config } from '../config/config.js';
import type { EmbeddingQuality } from '../retrieval/embeddings/quality.js';
import type { IndexQuality } from '../retrieval/index/index-quality.js';
import type { FusionUse } from '../retrieval/systems/fusion.js';
import type { SkippedSystem, SystemKind } from '../retrieval/systems/retrieval-system.js';

import type { LengthStatistics } from '../tokens/length-statistics.js';
import type { StrengthChoice } from '../training/adapter-strength.js';
import type { SkippedStep, TrainingHistory } from '../training/trainer.js';

import type { JoinCounts } from './joins.js';

// the types of the parts belong to those who make them
export type { RoleComposition } from '../batches/composition.js';
export type { FusionUse } from '../retrieval/systems/fusion.js';
export type { SkippedSystem, SystemKind } from '../retrieval/systems/retrieval-system.js';
export type { TokenLengthSummary } from '../tokens/length-statistics.js';
export type { StrengthChoice } from '../training/adapter-strength.js';
export type { TrainingStep, ValidationPoint } from '../training/trainer.js';
export type { JoinCounts } from './joins.js';

/** A mean over queries with its 95 % bootstrap interval. */
export interface MetricValue {
  value: number;
  low: number;
  high: number;
  /** Queries for which the metric is undefined and which the mean leaves out; absent where there is none. */
  undefinedQueries?: number;
}

export interface SystemReport {
  /** The kind where one system of it is enough, else with its model: "openai:text-embedding-3-small". */
  name: string;
  kind: SystemKind;
  /** Length of the embeddings; null for systems without (bm25, hybrid). */
  dimensions: number | null;
  metrics: Record<string, MetricValue>;
  timing: {
    embedSeconds: number;
    indexSeconds: number;
    searchSeconds: number;
    /** Wall-clock time of a query of the index when many are asked at once; absent for systems without an index. */
    millisecondsAQuery?: number;
    /** The same of exact search, measured beside it; absent where the index is exact. */
    exactMillisecondsAQuery?: number;
  };
  /** How a hybrid fused its parts; absent for other systems. */
  fusion?: FusionUse;
  /** Texts that its tokenizer makes nothing of: not found, and finding nothing; absent where there is none. */
  withoutTokens?: { documents: number; queries: number };
  /** The index and the share of the exact nearest documents that it finds; absent for systems without. */
  index?: Pick<IndexQuality, 'kind' | 'backend' | 'recall' | 'k'>;
}

/** Paired difference a - b of one metric over the same queries. */
export interface Comparison {
  a: string;
  b: string;
  metric: string;
  difference: number;
  low: number;
  high: number;
  /** Two-sided paired randomization test, after Holm's correction over the pairs of systems in this metric. */
  p: number;
}

/** Mean recall of one system at rising k. */
export interface RecallCurve {
  system: string;
  k: number[];
  recall: number[];
}

/** Queries by their own topic (rows) and the topic of the first document found (columns). */
export interface TopicConfusion {
  system: string;
  rows: string[];
  columns: string[];
  counts: number[][];
}

/** One query to read: where its own abstract was found, and what was found first. */
export interface RetrievalExample {
  queryId: string;
  query: string;
  topic: string;
  /** Rank of the relevant document, from 1; null when it is not among the retrieved. */
  rank: number | null;
  found: { id: string; title: string; topic: string; score: number }[];
}

/** Metrics of one system on the queries of one topic. */
export interface TopicMetrics {
  topic: string;
  system: string;
  queries: number;
  metrics: Record<string, MetricValue>;
}

/** Queries by the share of their words that their answers have: those that share least, and so on. */
export type OverlapThird = 'low' | 'middle' | 'high';

/** Metrics of one system on the queries of one third. */
export interface OverlapMetrics {
  third: OverlapThird;
  /** Smallest and largest overlap of its queries, 0 to 1. */
  from: number;
  to: number;
  system: string;
  queries: number;
  metrics: Record<string, MetricValue>;
}

/** One document wanted, or a topic that several answer. */
export type QueryKind = 'known-item' | 'topical';

/** Metrics of one system on the queries of one kind. */
export interface QueryKindMetrics {
  kind: QueryKind;
  system: string;
  queries: number;
  metrics: Record<string, MetricValue>;
}

/** One of several sets of judged queries in a report, each over its own corpus. */
export interface SetReport
  extends Pick<Report, 'corpus' | 'joins' | 'systems' | 'comparisons' | 'skipped' | 'queryKinds' | 'lexicalOverlap'> {
  name: string;
  /** What a reader must know of its queries. */
  note?: string;
}

/** Geometry of one system's embeddings. */
export interface EmbeddingReport extends EmbeddingQuality {
  system: string;
}

/** Metrics of one system with embeddings truncated to their first dimensions; the last point is the whole embedding. */
export interface DimensionCurve {
  system: string;
  dimensions: number[];
  metrics: Record<string, MetricValue[]>;
}

/** One system's documents in one precision: what they take, and what is lost. */
export interface QuantizationReport {
  system: string;
  precision: 'float32' | 'int8' | 'binary';
  /** Candidates a query that were scored again with the query in full precision; 0: codes alone rank. */
  candidates: number;
  /** Of all documents, with what codes need to be read. */
  bytes: number;
  bytesPerVector: number;
  searchSeconds: number;
  metrics: Record<string, MetricValue>;
  /** Mean over the queries of this less full precision, with its interval. */
  differences: Record<string, MetricValue>;
}

/** The run whose encoder the report calls "tuned". */
export interface ReportedRun {
  name: string;
  /** Anything but "finished" is a result on the way. */
  state: 'not started' | 'stopped' | 'finished' | 'diverged';
  /** Steps that were taken, of those wanted. */
  step: number;
  totalSteps: number;
  /** Step of the weights in use; null where nothing was trained, or nobody wrote it down. */
  usedStep: number | null;
  /** How much of what was learned is kept, chosen on validation: 0 is none. Absent before the end of the training. */
  strength?: StrengthChoice;
  /** Names everything that made the encoder; null for runs of versions that kept no record. */
  fingerprint: string | null;
}

/** How the training went; the last two are absent in reports of earlier versions. */
export interface TrainingReport extends TrainingHistory {
  /** Steps whose loss or gradient was not finite, which changed nothing. */
  skipped?: SkippedStep[];
  /** Steps of the schedule; more than were taken where `training.patience` ended it. */
  plannedSteps?: number;
}

/** What `report.json` holds: systems, their metrics with intervals, comparisons, and what made them. */
export interface Report {
  schemaVersion: 1;
  config: Config;
  /** Absent where no run takes part. */
  run?: ReportedRun;
  corpus: {
    documents: number;
    queries: number;
    /** Documents by topic; of pairs by data set. */
    categories: Record<string, number>;
    /** Queries and documents of pairs; absent where they are titles and abstracts, or of a judged collection. */
    kind?: 'pairs';
  };
  /** What of corpus, queries and judgements does not fit together; absent in reports of earlier versions. */
  joins?: JoinCounts;
  systems: SystemReport[];
  comparisons: Comparison[];
  skipped: SkippedSystem[];
  environment: Record<string, string | number>;
  recallCurves: RecallCurve[];
  confusion: TopicConfusion[];
  examples: { system: string; hits: RetrievalExample[]; misses: RetrievalExample[] }[];
  /** One entry a topic of the queries and system; absent in reports that do not break down. */
  topics?: TopicMetrics[];
  /** The same by the share of a query's words that its answer has, see lexical-overlap.ts; absent in older reports. */
  lexicalOverlap?: OverlapMetrics[];
  /** The same by how many documents answer a query, see query-kinds.ts; absent in older reports. */
  queryKinds?: QueryKindMetrics[];
  /** Every set, where more than one was evaluated; the rest of the report is about the first. */
  sets?: SetReport[];
  /** Absent where no system has embeddings. */
  embeddings?: EmbeddingReport[];
  /** Absent where nothing was cut. */
  dimensionCurves?: DimensionCurve[];
  /** Where evaluation.quantization asks for it. */
  quantization?: QuantizationReport[];
  /** Token lengths of the abstracts. Absent where no encoder was involved. */
  tokens?: Pick<LengthStatistics, 'summaries' | 'histogram'> & { maxAbstractTokens: number };
  /** Absent where nothing was trained. */
  training?: TrainingReport;
  /** Share of each role over the batches of training, beside the target. */
  batches?: Pick<RoleComposition, 'role' | 'target' | 'actual'>[];
}
