/**
 * The experiment as notebook cells step through it: one line a step, each with progress, a stop button that keeps the
 * work, and its result where the next step or the next notebook finds it.
 */
import { basename, join } from 'node:path';
import { type Config, type ConfigInput, type FieldName, fieldOf, PRESETS, resolveConfig } from '../config/config.js';
import { useNotebookRemedies } from '../core/remedies.js';
import type { Dataset } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { showValuesOfCells } from '../display/notebook/last-expression.js';
import { inNotebook } from '../display/notebook/output.js';
import { withProgress } from '../display/notebook/progress.js';
import { liveSweepTable } from '../display/sweep-table.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Report } from '../evaluation/report.js';
import type { LossFactory } from '../losses/loss.js';
import { type FindLearningRateOptions, findLearningRate } from '../pipeline/find-learning-rate.js';
import { readRunConfigSync } from '../pipeline/run-folder.js';
import { compareRuns, type RunComparison } from '../pipeline/runs/compare-runs.js';
import { runFolderOf } from '../pipeline/runs/find-runs.js';
import { listRuns, type RunSummary } from '../pipeline/runs/list-runs.js';
import type { SearchResult } from '../pipeline/search.js';
import type { Session } from '../pipeline/session.js';
import type { EpochSchedule } from '../pipeline/steps/batches.js';
import type { TokenizedDataset } from '../pipeline/steps/tokens.js';
import { runSweep } from '../pipeline/sweep.js';
import type { SweepReport } from '../pipeline/sweep-report.js';
import type { RangeTest } from '../training/learning-rate-range.js';
import { chosenRun } from './chosen-run.js';
import { configure } from './configure.js';
import { evaluateLive } from './evaluate-live.js';
import { fromProject, inProject, placeOf } from './project-paths.js';
import { openSession } from './session.js';
import type { Section, SettingsOfCell } from './settings.js';
import { showPreset } from './show-settings.js';
import {
  seenComparison,
  seenRange,
  seenSweep,
  seenTraining,
  shownBatches,
  shownDataset,
  shownEncoder,
  shownReport,
  shownRuns,
  shownSearch,
  shownTokens,
} from './shown-results.js';
import { type NotebookRun, trainLive } from './train-live.js';

/** How a notebook departs from its preset. */
export interface ExperimentOptions {
  /** Changes to the preset that hold in this notebook, such as another seed. */
  settings?: ConfigInput;
  /** A field of arXiv in one word, such as "astro-ph": sets `datasets.categories`, but for roles that `settings` has. */
  field?: FieldName;
  /** Where runs and settings go; default: checkpoints/notebooks. */
  folder?: string;
  /** Name or folder of a run to go back to: its settings take the place of the preset's. */
  run?: string;
}

/** Which training is looked at. */
export interface RunChoice {
  /** Name or folder of a run, finished or not; absent: the finished run of the configuration. */
  run?: string;
}

/** What searches, and where. */
export interface SearchChoice extends RunChoice {
  /** tuned, untuned, bm25 or hybrid; absent: the best of them in the report of the run. */
  system?: string;
  /** The evaluated side (default), or all papers. */
  corpus?: 'evaluated' | 'all';
}

/** What a cell brings of its own. */
export interface OwnTraining {
  /** How the run is called; absent: by what differs from the preset, such as "lr-3e-4-epochs-2". */
  name?: string;
  /** What is minimized, such as {@link lossFromFunction}; absent: InfoNCE as the settings describe it. */
  loss?: LossFactory;
}

/** What a sweep tries. */
export interface SweepChoice {
  /** Values by setting: `{ 'training.learningRate': [1e-3, 3e-4], 'encoder.lora.rank': [8, 16] }`. */
  vary: Record<string, readonly unknown[]>;
  /** Trainings of each combination; default 1. */
  seeds?: number;
  /** Only so many of the combinations, drawn at random. */
  random?: number;
}

/** The steps of one experiment. Every result is kept, and made anew only where a setting that it depends on changed. */
export interface NotebookExperiment {
  /** The configuration before any cell changed it. */
  readonly preset: Config;
  /** The field of arXiv that its categories are those of; null where they are no field's, which sets nothing either. */
  readonly field: FieldName | null;
  /**
   * Sets the hyperparameters of one step, shows all of them, and hands them on to the notebooks after this one. Those of
   * earlier steps are as their notebooks left them.
   * @throws UserError naming the setting, its value, and what was expected
   */
  configure<S extends Section>(section: S, settings: SettingsOfCell<S>): Config;
  /** Step 1: the papers, and what cleaning did. */
  papers(config: Config): Promise<Dataset>;
  /** Step 2: token ids of every paper, and what their lengths say. */
  tokens(config: Config): Promise<TokenizedDataset>;
  /** Step 3: the batches of an epoch, from 0. */
  batches(config: Config, epoch?: number): Promise<EpochSchedule>;
  /** Step 4: the base model with an adapter that is not trained yet. */
  encoder(config: Config): Promise<Encoder>;
  /** Cosine similarities [titles, abstracts] of papers, before ("untuned") or after ("tuned") training. */
  similarity(
    config: Config,
    papers: readonly SplitPaper[],
    system: 'untuned' | 'tuned',
    choice?: RunChoice,
  ): Promise<number[][]>;
  /** A learning rate for the training, by a short one whose rate rises, with its plot. Nothing is written. */
  findLearningRate(config: Config, options?: FindLearningRateOptions): Promise<RangeTest>;
  /** Step 5: trains with live plots; resumes where it was; the stop button ends it with the partial run. */
  train(config: Config, options?: OwnTraining): Promise<NotebookRun>;
  /** Step 6: all systems of the configuration, on the test split. Never trains: see {@link RunChoice}. */
  evaluate(config: Config, choice?: RunChoice): Promise<Report>;
  /** The papers of the test split nearest to a query, by the best system of the run's report, unless chosen otherwise. */
  search(config: Config, query: string, k?: number, choice?: SearchChoice): Promise<SearchResult[]>;
  /**
   * Trains with every combination of the values of some settings, below a table that grows; each is a run of this
   * experiment. The titles of the validation split are asked, so that the test split stays honest.
   */
  sweep(config: Config, options: SweepChoice): Promise<SweepReport>;
  /** The runs of this experiment, the latest first; `showRuns` makes a table of them. */
  runs(): Promise<RunSummary[]>;
  /**
   * Shows runs side by side: settings that differ, paired differences over the same queries, curves.
   * @param names of runs, or folders
   */
  compareRuns(...names: string[]): Promise<RunComparison>;
}

/**
 * Opens the experiment and shows which preset, or which run, is in force.
 *
 * @param start "sample", or "qwen2.5-0.5b" for the reference experiment; or the options, such as `{ run: 'lr-3e-4' }`
 * @throws UserError for an unknown preset or run
 */
export function openExperiment(
  start: string | ExperimentOptions = 'sample',
  more: ExperimentOptions = {},
): NotebookExperiment {
  const options = typeof start === 'string' ? more : start;
  const folder = fromProject(options.folder ?? 'checkpoints/notebooks');
  const settingsFile = join(folder, 'settings.json');
  const { preset, config: begun } = startOf(typeof start === 'string' ? start : 'sample', folder, options.run);
  const base = inProject(resolveConfig({ base: begun, input: settingsOfOptions(options) }));
  const session: Session = openSession({ runs: folder });
  // the queries of a validation belong to the training: another evaluation is not of another training
  const training = (config: Config): Config => ({ ...config, evaluation: base.evaluation });
  const runFor = (config: Config, choice: RunChoice = {}): Promise<string> =>
    chosenRun(folder, choice.run, () => session.runFolder(training(config)));
  if (inNotebook()) {
    showValuesOfCells();
    useNotebookRemedies();
  }
  showPreset(preset, options.run === undefined ? Object.keys(PRESETS) : [], base, placeOf(folder));

  return {
    preset: base,
    field: fieldOf(base.datasets.categories),
    configure: (section, settings) => configure(section, settings, { base, preset, settingsFile }),
    papers: async (config) => shownDataset(await withProgress((reporting) => session.dataset(config, reporting))),
    tokens: async (config) => shownTokens(await withProgress((reporting) => session.tokens(config, reporting))),
    batches: async (config, epoch = 0) =>
      shownBatches(await withProgress((reporting) => session.batches(config, epoch, reporting))),
    encoder: async (config) => shownEncoder(await withProgress((reporting) => session.encoder(config, reporting))),
    similarity: (config, papers, system, choice) =>
      withProgress(async (reporting) => {
        const run = system === 'tuned' ? await runFor(config, choice) : undefined;
        return session.similarity(config, papers, { ...reporting, ...(run === undefined ? {} : { run }) });
      }),
    train: async (config, options = {}) => {
      const run = await trainLive(session, training(config), placeOf, options);
      return seenTraining(run, config.training.maxGradientNorm);
    },
    evaluate: async (config, choice) => shownReport(await evaluateLive(session, config, () => runFor(config, choice))),
    async search(config, query, k = 10, choice) {
      const found = await withProgress(async (reporting) =>
        session.search(config, query, k, { ...reporting, ...choice, run: await runFor(config, choice) }),
      );
      return shownSearch(found, query);
    },
    async findLearningRate(config, options = {}) {
      return seenRange(
        await withProgress((reporting) => findLearningRate(session, config, { ...reporting, ...options })),
      );
    },
    async sweep(config, { vary, ...options }) {
      const table = liveSweepTable();
      const factors = Object.entries(vary).map(([path, values]) => ({ path, values: [...values] }));
      const report = await withProgress((reporting) =>
        runSweep(session, training(config), {
          ...reporting,
          ...options,
          factors,
          out: folder,
          onReport: (sofar) => table.update(sofar),
        }),
      );
      return seenSweep(report);
    },
    runs: async () => shownRuns(await listRuns(folder)),
    async compareRuns(...names) {
      return seenComparison(await compareRuns(names.map((name) => runFolderOf(folder, name))));
    },
  };
}

function settingsOfOptions({ settings = {}, field }: ExperimentOptions): ConfigInput {
  return field === undefined ? settings : { ...settings, datasets: { field, ...settings.datasets } };
}

/** The settings to start from, and the name under which changes to them are handed on. */
function startOf(preset: string, folder: string, run: string | undefined): { preset: string; config: Config } {
  if (run === undefined) return { preset, config: resolveConfig({ preset }) };
  const chosen = runFolderOf(folder, run);
  return { preset: `run ${basename(chosen)}`, config: readRunConfigSync(chosen) };
}
