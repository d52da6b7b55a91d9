/**
 * Several configurations, each trained and evaluated with several seeds: what ablations and sweeps have in common. What a
 * folder has already is not run again, so the same call resumes where a stopped one ended.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { Interrupted, isWorthRetry, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import type { AblationVariant, RunScores } from '../evaluation/ablation.js';
import type { Report } from '../evaluation/report.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { isThere } from '../files/is-there.js';
import { readJsonValue } from '../files/json-file.js';
import { prepareFolder } from '../files/writing.js';
import { readQueryScores } from './query-scores.js';
import { runExperiment } from './run-experiment.js';
import type { Session } from './session.js';

/** In a run folder whose evaluation is finished: how long it all took. Without it the run is evaluated again. */
export const SECONDS_FILE = 'seconds.json';

/** A configuration to try. */
export interface Trial {
  label: string;
  config: Config;
  /** The run folder of one of its seeds. */
  folderOf(config: Config, seed: number): Promise<string>;
  /** Whether its failure is that of the whole; absent: it is noted, and the others run. */
  isEssential?: boolean;
}

export interface TrialsOptions extends Reporting {
  seeds: readonly number[];
  /** What is done, for progress: "sweep". */
  task: string;
  /** Called after each trial, finished or failed. */
  onTrial(outcome: TrialOutcomes): Promise<void>;
}

export interface TrialOutcomes {
  finished: AblationVariant[];
  /** With the reason, such as a training that diverged. */
  failed: { label: string; reason: string }[];
}

/**
 * Another seed of everything but the choice of papers, which stays that of the first seed: runs of different seeds are then
 * asked the same queries.
 */
export function withSeed(config: Config, seed: number, first: number): Config {
  if (seed === first || !drawsPapers(config)) return { ...config, seed };
  return { ...config, seed, datasets: { ...config.datasets, seed: config.datasets.seed ?? first } };
}

function drawsPapers({ datasets }: Config): boolean {
  return datasets.maxPerCategory !== null || datasets.balance === 'balanced';
}

/** Trainings of one configuration; intervals hardly narrow beyond a few dozen. */
const MOST_SEEDS = 1000;

/** The seeds of each trial: the configuration's and the ones after it. @throws UserError for more than anyone trains */
export function seedsFrom(first: number, count: number): number[] {
  if (count > MOST_SEEDS) throw new UserError(`${quantity(count, 'seeds')}: expected at most ${MOST_SEEDS}`);
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Makes the folder of several runs. @throws UserError where it is a run itself, or cannot be written */
export async function prepareTrialsFolder(out: string): Promise<void> {
  if (await isThere(join(out, 'run.json'))) {
    throw new UserError(`${out} is a run itself: name another folder with --out`);
  }
  await prepareFolder(out);
}

/** @throws Interrupted, and what may pass, with all finished runs kept */
export async function runTrials(
  session: Session,
  trials: readonly Trial[],
  { seeds, task, onTrial, ...reporting }: TrialsOptions,
): Promise<TrialOutcomes> {
  const outcomes: TrialOutcomes = { finished: [], failed: [] };
  const total = trials.length * seeds.length;
  let done = 0;
  if (seeds.length > 1 && trials.some(({ config }) => config.datasets.seed === null && drawsPapers(config))) {
    const text = `the papers are those that seed ${seeds[0]} draws, for every seed (datasets.seed names another draw)`;
    reporting.onMessage?.({ level: 'info', text });
  }
  for (const trial of trials) {
    const { label } = trial;
    const variant: AblationVariant = { label, runs: [], seconds: 0 };
    try {
      for (const seed of seeds) {
        reporting.onMessage?.({ level: 'info', text: `run ${done + 1} of ${total}: ${label}, seed ${seed}` });
        const config = withSeed(trial.config, seed, seeds[0] as number);
        const { scores, seconds } = await runOnce(
          session,
          { ...trial, config },
          `${task}, ${label}, seed ${seed}`,
          reporting,
        );
        variant.runs.push(scores);
        variant.seconds += seconds;
        done++;
      }
      outcomes.finished.push(variant);
    } catch (error) {
      if (error instanceof Interrupted) {
        throw new Interrupted(`stopped after ${done} of ${quantity(total, 'runs')}; the same call resumes from there`);
      }
      // the failure of a disk or of another process is not the trial's
      if (trial.isEssential || isWorthRetry(error)) throw error;
      done += seeds.length - variant.runs.length;
      outcomes.failed.push({ label, reason: (error as Error).message });
      reporting.onMessage?.({ level: 'warning', text: `${label} is left out: ${(error as Error).message}` });
    }
    await onTrial(outcomes);
  }
  return outcomes;
}

/** One training with its evaluation. */
export interface TrialRun {
  folder: string;
  scores: RunScores;
  seconds: number;
}

/** Trains and evaluates, unless the folder has it. */
export async function runOnce(session: Session, trial: Trial, task: string, reporting: Reporting): Promise<TrialRun> {
  const { config } = trial;
  const folder = await trial.folderOf(config, config.seed);
  let seconds = await finishedSeconds(folder, config);
  if (seconds === null) {
    const start = performance.now();
    await runExperiment(session, config, folder, {
      ...reporting,
      resume: 'if-present',
      ...(reporting.onProgress && {
        onProgress: (event) => reporting.onProgress?.({ ...event, task: `${task}: ${event.task}` }),
      }),
    });
    seconds = (performance.now() - start) / 1000;
    await writeFileAtomic(join(folder, SECONDS_FILE), JSON.stringify(seconds));
  }
  return { folder, scores: await readQueryScores(folder), seconds };
}

/** Null unless the folder has a report of this very configuration. */
async function finishedSeconds(folder: string, config: Config): Promise<number | null> {
  try {
    const report = (await readJsonValue(join(folder, 'report.json'), '')) as Report;
    const asked = (await readJsonValue(join(folder, 'config.json'), '')) as Config;
    // of the encoder the report says what held, which the settings may leave to the folder of the model
    const evaluated = { ...report.config, encoder: asked.encoder };
    if (JSON.stringify(evaluated) !== JSON.stringify(config)) return null;
    const seconds = await readJsonValue(join(folder, SECONDS_FILE), '');
    return typeof seconds === 'number' && seconds >= 0 ? seconds : null;
  } catch {
    return null;
  }
}
