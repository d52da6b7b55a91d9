/**
 * A sweep: every combination of the values of some settings, trained and evaluated with several seeds. An ablation changes
 * one setting at a time; a sweep takes their product. Each point is a run folder of its own in the folder of the sweep,
 * found again by what it is made of, so that the same call resumes and a larger one runs only what is new:
 *
 *   lr-1e-3-rank-8-seed-42/   a run folder for each point and seed
 *   sweep.json                the table, written anew after each point
 *   shard-00003-of-00012.json where the trainings are shared, what a shard has done
 */
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError, WorkError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import type { AblationFactor } from './ablation-factors.js';
import { lockRunFolder } from './run-lock.js';
import { runMadeOf, takenNames } from './runs/find-runs.js';
import { folderName, freeName, nameOfSetting } from './runs/run-name.js';
import { byImportance } from './runs/setting-names.js';
import type { Session } from './session.js';
import { type SweepPoint, sweepPoints } from './sweep-points.js';
import { type SweepPlan, type SweepReport, sweepReport } from './sweep-report.js';
import { prepareTrialsFolder, runTrials, seedsFrom, type Trial, type TrialOutcomes } from './trials.js';

/** What a sweep is made of beside the configuration. */
export interface SweepChoices {
  /** Settings and the values of each. */
  factors: readonly AblationFactor[];
  /** Seeds of each point: the configuration's and the ones after it; 1 unless told otherwise. */
  seeds?: number;
  /** Points drawn at random from all combinations; absent: all. */
  random?: number;
  /** Split whose titles are asked; settings that are chosen on the test split no longer have an honest test. */
  split?: Config['evaluation']['split'];
}

/** What a sweep varies, how often it trains, and where it goes. */
export interface SweepOptions extends SweepChoices, SweepPages, Reporting {
  /** Folder of the run folders. */
  out: string;
  /** Called after each point with what is known so far. */
  onReport?(report: SweepReport): void;
}

export interface SweepPages {
  /** Files that the table is also written as, beside sweep.json. */
  renderReport?: (report: SweepReport) => { name: string; text: string }[];
}

/** The points of a sweep, and how they are compared. */
export type PlannedSweep = Omit<SweepPlan, 'foldersOf'>;

/**
 * Runs what the folder does not have yet. A point that fails (a diverged training) is listed with its reason.
 *
 * @throws UserError for a setting or value that does not exist, before anything runs; WorkError where every point failed;
 *   Interrupted with all finished runs kept
 */
export async function runSweep(session: Session, base: Config, options: SweepOptions): Promise<SweepReport> {
  const reporting = reportingOf(options);
  const out = resolve(options.out);
  const planned = planSweep(base, options);
  const { points, seeds } = planned;
  const folders = new Map<string, string[]>();
  const plan = { ...planned, foldersOf: (label: string) => folders.get(label) ?? [] };
  const write = async (outcomes: TrialOutcomes): Promise<SweepReport> => {
    const report = await writeSweep(out, plan, outcomes, options);
    options.onReport?.(report);
    return report;
  };
  const trials = points.map(
    (point): Trial => ({
      ...point,
      async folderOf(config, seed) {
        const name = pointName(point, seeds.length > 1 ? seed : null);
        const identity = await session.identity(config, reporting);
        const folder = runMadeOf(out, identity)?.folder ?? join(out, basename(freeName(name, takenNames(out))));
        folders.set(point.label, [...(folders.get(point.label) ?? []), folder]);
        return folder;
      },
    }),
  );
  await prepareTrialsFolder(out);
  const release = await lockRunFolder(out);
  try {
    const outcomes = await runTrials(session, trials, {
      ...reporting,
      seeds,
      task: 'sweep',
      onTrial: async (sofar) => void (await write(sofar)),
    });
    checkSomeFinished(outcomes);
    return await write(outcomes);
  } finally {
    await release();
  }
}

/** What the choices come to; all points are checked before the first is run. */
export function planSweep(base: Config, choices: SweepChoices): PlannedSweep {
  const { factors, seeds: count = 1, random, split = 'validation' } = choices;
  for (const [name, value] of Object.entries({ seeds: count, random: random ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UserError(`${name} ${value}: expected a whole number of at least 1`);
    }
  }
  const seeds = seedsFrom(base.seed, count);
  const evaluated: Config = { ...base, evaluation: { ...base.evaluation, systems: ['tuned'], split } };
  const points = sweepPoints(evaluated, factors, random);
  for (const { config } of points) checkEvaluation(config);
  return { points, seeds, split, seed: base.seed, samples: base.evaluation.bootstrapSamples };
}

/** @throws WorkError where there is nothing to report */
export function checkSomeFinished({ finished, failed: [failure] }: TrialOutcomes): void {
  if (finished.length === 0 && failure) throw new WorkError(`every point failed: ${failure.reason}`);
}

/** Name of a run, by the varied settings. @param seed null where there is one alone */
export function pointName({ settings }: SweepPoint, seed: number | null): string {
  const paths = Object.keys(settings).sort(byImportance);
  const parts = paths.map((path) => nameOfSetting(path, settings[path]));
  return folderName([...parts, ...(seed === null ? [] : [`seed-${seed}`])].join('-'));
}

/** Writes what is known so far. */
export async function writeSweep(
  out: string,
  plan: SweepPlan,
  outcomes: TrialOutcomes,
  { renderReport }: SweepPages,
): Promise<SweepReport> {
  const report = sweepReport(outcomes, plan);
  await writeFileAtomic(join(out, 'sweep.json'), `${JSON.stringify(report, null, 1)}\n`);
  for (const { name, text } of renderReport?.(report) ?? []) await writeFileAtomic(join(out, name), text);
  return report;
}
