/**
 * The public surface: what notebooks and the command line import, step by step. Nothing else is promised to stay.
 */

// 3 batches
export type { BatchReport } from './batches/composition.js';
export { type BatchSchedule, scheduleBatches } from './batches/schedule.js';
export {
  type Config,
  type ConfigInput,
  configSchema,
  PRESETS,
  ROLES,
  type Role,
  resolveConfig,
} from './config/config.js';
export { readConfigFile } from './config/config-file.js';
export { Interrupted, UserError, WorkError } from './core/errors.js';
export type { MessageEvent, ProgressEvent, Reporting } from './core/events.js';
export { printable, printableJson } from './core/printable.js';
// 1 datasets
export { fetchArxiv } from './datasets/arxiv/fetch.js';
export type { FetchOptions, FetchResult } from './datasets/arxiv/options.js';
export { type CleaningCounts, cleaningTable } from './datasets/cleaning/counts.js';
export { type Dataset, loadDataset, trainingPapers } from './datasets/dataset.js';
export type { Paper, Split, SplitPaper } from './datasets/paper.js';
export type { SourceRecord } from './datasets/record.js';
export { registerSource, sourceHelp } from './datasets/sources/registry.js';
export type { DataSource, ReadContext } from './datasets/sources/source.js';
export { papersTable, topicTable, yearTable } from './datasets/tables.js';
// display
export type { Figure } from './display/figure.js';
export { attentionMaskFigure, poolingFigure } from './display/figures/attention.js';
export { batchCompositionFigure } from './display/figures/batch-composition.js';
export { batchRolesFigure } from './display/figures/batch-roles.js';
export { confusionFigure } from './display/figures/confusion.js';
export { differencesFigure } from './display/figures/differences.js';
export { lengthDistributionFigure } from './display/figures/length-distribution.js';
export { metricsFigure } from './display/figures/metrics.js';
export { papersByRoleFigure, papersByTopicFigure, papersByYearFigure } from './display/figures/papers.js';
export { recallCurvesFigure } from './display/figures/recall-curves.js';
export { similarityFigure } from './display/figures/similarity.js';
export { tokenLengthFigure } from './display/figures/token-lengths.js';
export {
  formatCount,
  formatMetric,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatShare,
  metricLabel,
} from './display/format.js';
export { writeReport } from './display/html/write-report.js';
export { show } from './display/notebook/show-figure.js';
export { showPaper } from './display/notebook/show-paper.js';
export { showComparisons, showExamples, showMetrics } from './display/notebook/show-report.js';
export { type RecordTableOptions, showRecords, showTable } from './display/notebook/show-table.js';
export { showTokens } from './display/notebook/show-tokens.js';
export { topicRoles } from './display/palette.js';
export { renderSvg } from './display/svg/render.js';
export { effectTable } from './display/terminal/effect-table.js';
export { profileSummary, profileTable } from './display/terminal/profile-table.js';
export {
  batchCompositionTable,
  comparisonTable,
  metricTable,
  reportSummary,
  tokenLengthTable,
} from './display/terminal/report-tables.js';
export { terminalReporting } from './display/terminal/reporting.js';
export { textTable } from './display/terminal/text-table.js';
// what this machine can do
export { type Check, runDoctor } from './doctor/index.js';
// 4 encoder
export { type AdapterConfig, type ParameterMap, readAdapter, writeAdapter } from './encoder/adapter-files.js';
export { encoderParts, encoderSummary, explainTokens } from './encoder/describe-encoder.js';
export { embedTexts } from './encoder/embed-texts.js';
export type { Encoder } from './encoder/encoder.js';
export type { Engine } from './engine/types.js';
// 6 evaluation
export type { AblationReport } from './evaluation/ablation.js';
export { checkEvaluation } from './evaluation/check-evaluation.js';
export type { RunEvaluation } from './evaluation/evaluate-run.js';
export { evaluateRunFile } from './evaluation/formats/trec.js';
export type { JudgedRanking, MetricDefinition } from './evaluation/metrics/metric.js';
export { metricHelp, registerMetric } from './evaluation/metrics/registry.js';
export type * from './evaluation/report.js';
export { writeFileAtomic } from './files/atomic-file.js';
export { resolveModelFolder, SAMPLE_ENCODERS } from './hub/resolve-model.js';
export { infoNceLoss } from './losses/info-nce.js';
export type { Loss, LossBatch, LossFactory, LossResult } from './losses/loss.js';
export { type LossFunction, lossFromFunction } from './losses/loss-from-function.js';
export { matryoshkaLoss } from './losses/matryoshka.js';
export { type ExperimentOptions, type NotebookExperiment, openExperiment } from './notebook/open-experiment.js';
export * from './pipeline/ablation.js';
export * from './pipeline/ablation-factors.js';
export * from './pipeline/encoders.js';
export * from './pipeline/evaluation.js';
export * from './pipeline/hard-negatives.js';
export * from './pipeline/run-experiment.js';
export { readRunConfig } from './pipeline/run-folder.js';
export { openSession, type Session, type TrainedRun } from './pipeline/session.js';
export * from './pipeline/tokens-and-batches.js';
// pre-training
export { type PretrainOptions, type PretrainResult, pretrain } from './pretraining/pretrain.js';
export type { MiningSummary } from './retrieval/hard-negatives/mine.js';
export type { RankedDocument, Run } from './retrieval/ranking.js';
export { bm25System } from './retrieval/systems/bm25.js';
export type { EmbeddingModel } from './retrieval/systems/embedding-model.js';
export { embeddingSystem } from './retrieval/systems/embedding-system.js';
export type {
  CorpusDocument,
  Query,
  RetrievalSystem,
  RetrievalTask,
  Retrieved,
  SkippedSystem,
} from './retrieval/systems/retrieval-system.js';
export type { SystemContext, SystemDefinition } from './retrieval/systems/system-definition.js';
export { registerSystem, systemHelp, systemUsages } from './retrieval/systems/system-registry.js';
// 2 tokens
export type { TokenizedPaper, TokenStatistics } from './tokens/token-statistics.js';
export { loadTokenizer, type Tokenizer, type TokenPiece } from './tokens/tokenizer.js';
export type { TrainingProfile } from './training/profile.js';
// 5 training
export { type TrainPapersOptions, type TrainPapersResult, trainPapers } from './training/train-papers.js';
export type { TrainingHistory, TrainingStep, ValidationPoint } from './training/trainer.js';
