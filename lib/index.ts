/**
 * The public surface: what notebooks, the command line and other projects import. Nothing else is promised to stay.
 * `docs/architecture.md` says how the parts hang together; `test/public-surface` holds this list.
 */

export {
  type Config,
  type ConfigInput,
  FIELD_NAMES,
  FIELDS,
  type Field,
  type FieldName,
  fieldOf,
  PRESETS,
  presetFor,
  type Role,
  resolveConfig,
} from './config/config.js';
// configuration
export { readConfigFile } from './config/config-file.js';
export { didYouMean } from './core/did-you-mean.js';
// errors and what long work reports
export { Interrupted, isWorthRetry, PassingError, UserError, WorkError } from './core/errors.js';
export type { MessageEvent, ProgressEvent, Reporting } from './core/events.js';
export { printable, printableJson } from './core/printable.js';
export { EMBEDDING_PRECISIONS, type EmbeddingPrecision, embeddingPrecision } from './core/quantization.js';
// shards of work
export { numberList, parseShard, type Shard } from './core/shard.js';
// 1 datasets
export { fetchArxiv } from './datasets/arxiv/fetch.js';
export type { FetchOptions, FetchResult } from './datasets/arxiv/options.js';
export { type CleaningCounts, cleaningTable, type PairCleaningCounts } from './datasets/cleaning/counts.js';
export { type Dataset, loadDataset } from './datasets/dataset.js';
export type { Collection, PairDocument } from './datasets/pairs/pair.js';
export type { PairFacts, Paper, Split, SplitPaper } from './datasets/paper.js';
export type { SourceRecord } from './datasets/record.js';
export { registerSource, sourceHelp } from './datasets/sources/registry.js';
export type { DataSource, ReadContext } from './datasets/sources/source.js';
export { topicTable } from './datasets/tables.js';
// figures and tables
export type { Figure } from './display/figure.js';
export { attentionMaskFigure, poolingFigure } from './display/figures/attention.js';
export { batchCompositionFigure } from './display/figures/batch-composition.js';
export { batchRolesFigure } from './display/figures/batch-roles.js';
export { confusionFigure } from './display/figures/confusion.js';
export { differencesFigure } from './display/figures/differences.js';
export { learningRateRangeFigure } from './display/figures/learning-rate-range.js';
export { lengthDistributionFigure } from './display/figures/length-distribution.js';
export { metricsFigure } from './display/figures/metrics.js';
export { papersByRoleFigure, papersByTopicFigure, papersByYearFigure } from './display/figures/papers.js';
export { recallCurvesFigure } from './display/figures/recall-curves.js';
export { similarityFigure } from './display/figures/similarity.js';
export { tokenLengthFigure } from './display/figures/token-lengths.js';
export {
  formatBytes,
  formatCount,
  formatDifference,
  formatMetric,
  formatPercent,
  formatQuantity,
  formatShare,
  metricLabel,
} from './display/format.js';
export { renderRunComparison, runComparisonFigure } from './display/html/run-comparison.js';
export type { PlotlyDescription } from './display/notebook/plotly-description.js';
export { show } from './display/notebook/show-figure.js';
export { showPaper } from './display/notebook/show-paper.js';
export { showComparisons, showExamples, showMetrics } from './display/notebook/show-report.js';
export { showRunComparison, showRuns } from './display/notebook/show-runs.js';
export { type RecordTableOptions, showRecords, showTable } from './display/notebook/show-table.js';
export { showTokens } from './display/notebook/show-tokens.js';
export { inTopicOrder, topicRoles } from './display/palette.js';
export { renderSvg } from './display/svg/render.js';
export { sweepTable } from './display/sweep-table.js';
export { effectTable } from './display/terminal/effect-table.js';
export { estimateTables } from './display/terminal/estimate-table.js';
export { profileSummary, profileTable, rankSummary } from './display/terminal/profile-table.js';
export {
  batchCompositionTable,
  reportSummary,
  setCompositionTable,
  tokenLengthTable,
} from './display/terminal/report-tables.js';
export { terminalReporting } from './display/terminal/reporting.js';
export { runComparisonText, runTable, runText } from './display/terminal/run-tables.js';
export { textTable } from './display/terminal/text-table.js';
// several processes
export type { CommunicationTime, Communicator } from './distributed/communicator.js';
export { joinMpi, type OpenCommunicator } from './distributed/mpi.js';
// what this machine can do
export { type Check, runDoctor } from './doctor/index.js';
// 4 encoder
export { encoderParts, encoderSummary, explainTokens } from './encoder/describe-encoder.js';
export type { EncodedFile } from './encoder/encode-file.js';
export type { Encoder } from './encoder/encoder.js';
export { type EncodedShard, shardFolder, shardText } from './encoder/shards/encode-shard.js';
export type { MergedFile } from './encoder/shards/merge-shards.js';
// 6 evaluation
export type { AblationReport } from './evaluation/ablation.js';
export { checkEvaluation } from './evaluation/check-evaluation.js';
export type { RunEvaluation } from './evaluation/evaluate-run.js';
export { type ReportCsvPart, toCsv } from './evaluation/formats/report-csv.js';
export { evaluateRunFile } from './evaluation/formats/trec.js';
export type { JudgedRanking, MetricDefinition } from './evaluation/metrics/metric.js';
export { metricHelp, registerMetric } from './evaluation/metrics/registry.js';
export type { Report, SetReport } from './evaluation/report.js';
export { describeRunJoins, type RunJoins } from './evaluation/run-joins.js';
// the experiment
export {
  type ExperimentOptions,
  type NotebookExperiment,
  openExperiment,
  type RunChoice,
} from './experiment/open-experiment.js';
export {
  compareRuns,
  encodeFile,
  encodeShard,
  estimateWork,
  evaluateRun,
  evaluateShard,
  exportModel,
  findLearningRate,
  listRuns,
  mergeShards,
  mineNegatives,
  pushModel,
  runAblation,
  runAblationShard,
  runExperiment,
  runSweep,
  runSweepShard,
  search,
  trainRun,
  trainRunOverRanks,
} from './experiment/run.js';
export { openSession } from './experiment/session.js';
export { allSettings, type Setting, type SettingsOfCell, typedSetting } from './experiment/settings.js';
export type { NotebookRun } from './experiment/train-live.js';
// models that leave the house
export type { CardOptions } from './export/card/content.js';
export type { ExportedModel, ExportOptions } from './export/export-model.js';
export { type PulledModel, type PullOptions, pullModel } from './export/pull.js';
export type { PushedModel, PushOptions } from './export/push.js';
export { exportHelp, precisionHelp } from './export/registry.js';
export { writeFileAtomic } from './files/atomic-file.js';
export { embeddingVectors, readEmbeddings, type StoredEmbeddings } from './files/embeddings.js';
export type { ShardKind } from './files/shards/manifest.js';
export { diskError, prepareFolder } from './files/writing.js';
export { SAMPLE_ENCODERS } from './hub/resolve-model.js';
// 5 losses
export { angleLoss, cosentLoss, type ScoredPairsSettings } from './losses/cosent.js';
export { type DistillScoresSettings, distillScoresLoss } from './losses/distill-scores.js';
export { type DistillVectorsSettings, distillVectorsLoss } from './losses/distill-vectors.js';
export { type GistSettings, gistLoss } from './losses/gist.js';
export { infoNceLoss } from './losses/info-nce.js';
export type { Loss, LossBatch, LossFactory, LossResult } from './losses/loss.js';
export { type LossFunction, lossFromFunction } from './losses/loss-from-function.js';
export { type MarginMseSettings, marginMseLoss } from './losses/margin-mse.js';
export { matryoshkaLoss } from './losses/matryoshka.js';
export type { TeacherBatch, TeacherVectors } from './losses/teacher.js';
// an architecture of one's own
export type { Architecture, BatchInput, ModelConfig } from './models/architecture.js';
export { linear } from './models/layers/linear.js';
export { poolingHelp } from './models/pooling.js';
export { registerArchitecture } from './models/registry.js';
export type { AblationOptions } from './pipeline/ablation.js';
export { type AblationFactor, parseFactor } from './pipeline/ablation-factors.js';
export type { EncodeFileOptions } from './pipeline/encode.js';
export type { EncoderSettings } from './pipeline/encoder-source.js';
export type { EstimateOptions, WorkEstimate } from './pipeline/estimate/estimate.js';
export type { Estimate, MachineRates, Workload } from './pipeline/estimate/plan.js';
export { type EvaluateOptions, UnkeptReport } from './pipeline/evaluate.js';
export type { EarlierTraining } from './pipeline/existing-run.js';
export type { FindLearningRateOptions } from './pipeline/find-learning-rate.js';
export type { JudgedSet } from './pipeline/judged-sets.js';
export {
  type EncodeOptions,
  type LoadEncoderOptions,
  type LoadedEncoder,
  loadEncoder,
} from './pipeline/load-encoder.js';
export type { MineNegativesOptions, MiningResult } from './pipeline/mine.js';
export type { RunExperimentOptions } from './pipeline/run-experiment.js';
export { readRunConfig } from './pipeline/run-folder.js';
export { removeRun, renameRun } from './pipeline/runs/change-runs.js';
export type { RunComparison } from './pipeline/runs/compare-runs.js';
export { runFolderOf } from './pipeline/runs/find-runs.js';
export type { RunSummary } from './pipeline/runs/list-runs.js';
export { runFolderName } from './pipeline/runs/run-name.js';
export type { SearchOptions, SearchResult } from './pipeline/search.js';
export type { IndexedDocument, SearchIndex, SearchSystem } from './pipeline/search-index.js';
export type { Session } from './pipeline/session.js';
export { type EvaluationShard, evaluationShards, evaluationShardText } from './pipeline/shards/evaluation-shard.js';
export type { Merged } from './pipeline/shards/merge.js';
export { type TrialShard, trialShardText } from './pipeline/shards/trial-shard.js';
export type { EpochSchedule } from './pipeline/steps/batches.js';
export type { TokenizedDataset } from './pipeline/steps/tokens.js';
export {
  buildStoredIndex,
  pushEmbeddings,
  type SearchStoredIndexOptions,
  type StoreAddress,
  searchStore,
  searchStoredIndex,
} from './pipeline/stored-index.js';
export type { SweepOptions } from './pipeline/sweep.js';
export type { SweepReport } from './pipeline/sweep-report.js';
export type { ConfirmCost } from './pipeline/systems.js';
export type { TrainedRun, TrainOptions } from './pipeline/train.js';
// pre-training
export { type PretrainOptions, type PretrainResult, pretrain } from './pretraining/pretrain.js';
export type { MiningSummary } from './retrieval/hard-negatives/mine.js';
export type { RankedDocument, Run } from './retrieval/ranking.js';
export type { BuildStoredIndexOptions } from './retrieval/stored/build-stored-index.js';
export {
  STORED_INDEX_KINDS,
  type StoredIndexDescription,
  type StoredIndexKind,
} from './retrieval/stored/description.js';
export { openStoredIndex, type StoredIndex } from './retrieval/stored/open-stored-index.js';
export type { PushedEmbeddings } from './retrieval/stores/vector-database.js';
export type { EmbeddingModel } from './retrieval/systems/embedding-model.js';
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
// beyond one machine
export type { JobRecord, SlurmOptions } from './scale/job-record.js';
export { PLACES, type Place, type ResumedJob, resumeJob, shardList } from './scale/resume.js';
export { type JobStatus, jobStatus } from './scale/status.js';
export { type SubmittedJob, submitJob } from './scale/submit.js';
// a server
export type { ServerLimits } from './server/limits.js';
export { type RunningServer, type ServeOptions, serveEncoder } from './server/serve.js';
export type { StrengthChoice } from './training/adapter-strength.js';
export type { RangeTest } from './training/learning-rate-range.js';
// 5 training
export type { TrainingProfile } from './training/profile.js';
export type { RankReport } from './training/rank-gradients.js';
export type { TrainingHistory, TrainingStep, ValidationPoint } from './training/trainer.js';
