/**
 * The public surface: what notebooks and the command line import, step by step. Nothing else is promised to stay.
 */

// 3 batches
export type { BatchReport } from './batches/composition.js';
export { type BatchPlan, planBatches } from './batches/plan.js';
export {
  type Config,
  type ConfigInput,
  configSchema,
  LINEAR_MODULES,
  PRESETS,
  ROLES,
  type Role,
  resolveConfig,
} from './config.js';
// 1 datasets
export { type FetchOptions, type FetchResult, fetchArxiv } from './datasets/arxiv/fetch.js';
export { type CleaningCounts, cleaningTable } from './datasets/cleaning/counts.js';
export { type Dataset, loadDataset, trainingPapers } from './datasets/dataset.js';
export type { Paper, Split, SplitPaper } from './datasets/paper.js';
export { papersTable, topicTable, yearTable } from './datasets/tables.js';
// display
export type { Figure } from './display/figure.js';
export { tokenLengthFigure } from './display/figures/token-lengths.js';
export { writeReport } from './display/html/write-report.js';
export { topicRoles } from './display/palette.js';
export { renderSvg } from './display/svg/render.js';
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
// 4 encoder
export { type AdapterConfig, type AdapterTensors, readAdapter, writeAdapter } from './encoder/adapter-files.js';
export { embedTexts, normalizeRows } from './encoder/embed-texts.js';
export type { Encoder } from './encoder/encoder.js';
export type { Engine } from './engine/types.js';
export { Interrupted, UserError, WorkError } from './errors.js';
// 6 evaluation
export type { RunEvaluation } from './evaluation/evaluate-run.js';
export { evaluateRunFile } from './evaluation/formats/trec.js';
export type * from './evaluation/report.js';
export type { MessageEvent, ProgressEvent, Reporting } from './events.js';
export * from './experiment/encoders.js';
export * from './experiment/evaluation.js';
export * from './experiment/tokens-and-batches.js';
export * from './experiment.js';
export { resolveModelFolder } from './model-folder.js';
export { readRunConfig } from './run-folder.js';
// 2 tokens
export type { TokenizedPaper, TokenStatistics } from './tokens/token-statistics.js';
export { loadTokenizer, type Tokenizer, type TokenPiece } from './tokens/tokenizer.js';
export type { TrainingProfile } from './training/profile.js';
// 5 training
export { type TrainPapersOptions, type TrainPapersResult, trainPapers } from './training/train-papers.js';
export type { TrainingHistory, TrainingStep, ValidationPoint } from './training/trainer.js';
