/** What a result of a step looks like where it is the last expression of a cell. */
import type { Dataset } from '../datasets/dataset.js';
import { topicTable } from '../datasets/tables.js';
import { batchRolesFigure } from '../display/figures/batch-roles.js';
import { learningRateRangeFigure } from '../display/figures/learning-rate-range.js';
import { trainingFigure } from '../display/figures/training.js';
import { alreadyShown, shownAs } from '../display/notebook/last-expression.js';
import { show } from '../display/notebook/show-figure.js';
import { showMetrics } from '../display/notebook/show-report.js';
import { showRunComparison, showRuns } from '../display/notebook/show-runs.js';
import { showRecords } from '../display/notebook/show-table.js';
import { liveSweepTable } from '../display/sweep-table.js';
import { encoderParts } from '../encoder/describe-encoder.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Report } from '../evaluation/report.js';
import type { RunComparison } from '../pipeline/runs/compare-runs.js';
import type { RunSummary } from '../pipeline/runs/list-runs.js';
import type { SearchResult } from '../pipeline/search.js';
import type { EpochSchedule } from '../pipeline/steps/batches.js';
import type { TokenizedDataset } from '../pipeline/steps/tokens.js';
import type { SweepReport } from '../pipeline/sweep-report.js';
import type { RangeTest } from '../training/learning-rate-range.js';
import type { NotebookRun } from './train-live.js';

/** Rows of a table that has one for each topic or part. */
const ALL_ROWS = 100;
const LENGTHS = ['topic', 'count', 'min', 'median', 'p90', 'p95', 'p99', 'max'];

// what nobody has seen yet

export const shownDataset = (result: Dataset): Dataset =>
  shownAs(result, ({ papers }) =>
    showRecords(topicTable(papers), { limit: ALL_ROWS, caption: 'By topic and side of the split' }),
  );

export const shownTokens = (result: TokenizedDataset): TokenizedDataset =>
  shownAs(result, ({ statistics }) =>
    showRecords(statistics.abstracts.summaries, {
      columns: LENGTHS,
      limit: ALL_ROWS,
      caption: 'Tokens of the abstracts',
    }),
  );

export const shownBatches = (result: EpochSchedule): EpochSchedule =>
  shownAs(result, ({ report }) => show(batchRolesFigure(report.pairsByBatch, report.batchesOnTarget)));

export const shownEncoder = (result: Encoder): Encoder =>
  shownAs(result, (encoder) =>
    showRecords(encoderParts(encoder), { limit: ALL_ROWS, caption: 'From the tokens to the embedding' }),
  );

export const shownReport = (result: Report): Report => shownAs(result, showMetrics);

export const shownSearch = (result: SearchResult[], query: string): SearchResult[] =>
  shownAs(result, (found) =>
    showRecords(found, { columns: ['score', 'id', 'topic', 'title'], limit: found.length, caption: query }),
  );

export const shownRuns = (result: RunSummary[]): RunSummary[] => shownAs(result, showRuns);

export const shownRange = (result: RangeTest): RangeTest => shownAs(result, showRange);

export const shownSweep = (result: SweepReport): SweepReport => shownAs(result, showSweep);

export const shownComparison = (result: RunComparison): RunComparison => shownAs(result, showRunComparison);

// what stands below the cell already

export const seenTraining = (result: NotebookRun, maxGradientNorm: number): NotebookRun =>
  alreadyShown(result, ({ history, totalSteps }) => show(trainingFigure(history, maxGradientNorm, { totalSteps })));

export function seenRange(result: RangeTest): RangeTest {
  showRange(result);
  return alreadyShown(result, showRange);
}

export const seenSweep = (result: SweepReport): SweepReport => alreadyShown(result, showSweep);

export function seenComparison(result: RunComparison): RunComparison {
  showRunComparison(result);
  return alreadyShown(result, showRunComparison);
}

function showRange(found: RangeTest): void {
  show(learningRateRangeFigure(found));
}

function showSweep(report: SweepReport): void {
  liveSweepTable().update(report);
}
