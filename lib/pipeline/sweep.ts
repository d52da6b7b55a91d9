/**
 * A sweep: every combination of the values of some settings, trained and evaluated with several seeds. An ablation changes
 * one setting at a time; a sweep takes their product. Each point is a run folder of its own in the folder of the sweep,
 * found again by what it is made of, so that the same call resumes and a larger one runs only what is new:
 *
 *   lr-1e-3-rank-8-seed-42/   a run folder for each point and seed
 *   sweep.json                the table, written anew after each point
 */
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import type { AblationFactor } from './ablation-factors.js';
import { lockRunFolder } from './run-lock.js';
import { runMadeOf, takenNames } from './runs/find-runs.js';
import { folderName, freeName, nameOfSetting } from './runs/run-name.js';
import { byImportance } from './runs/setting-names.js';
import type { Session } from './session.js';
import { type SweepPoint, sweepPoints } from './sweep-points.js';
import { type SweepReport, sweepReport } from './sweep-report.js';
import { runTrials, seedsFrom, type Trial, type TrialOutcomes } from './trials.js';

/** What a sweep varies, and how often it trains. */
export interface SweepOptions extends Reporting {
  /** Settings and the values of each. */
  factors: readonly AblationFactor[];
  /** Seeds of each point: the configuration's and the ones after it; 1 unless told otherwise. */
  seeds?: number;
  /** Points drawn at random from all combinations; absent: all. */
  random?: number;
  /** Split whose titles are asked; settings that are chosen on the test split no longer have an honest test. */
  split?: Config['evaluation']['split'];
  /** Folder of the run folders. */
  out: string;
  /** Called after each point with what is known so far. */
  onReport?(report: SweepReport): void;
  /** Files that the table is also written as, beside sweep.json. */
  renderReport?: (report: SweepReport) => { name: string; text: string }[];
}

/**
 * Runs what the folder does not have yet. A point that fails (a diverged training) is listed with its reason.
 *
 * @throws UserError for a setting or value that does not exist, before anything runs; WorkError where every point failed;
 *   Interrupted with all finished runs kept
 */
export async function runSweep(session: Session, base: Config, options: SweepOptions): Promise<SweepReport> {
  const { factors, seeds: count = 1, random, split = 'validation', onReport, renderReport, ...rest } = options;
  const { out: given, ...reporting } = rest;
  for (const [name, value] of Object.entries({ seeds: count, random: random ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UserError(`${name} ${value}: expected a whole number of at least 1`);
    }
  }
  const out = resolve(given);
  const seeds = seedsFrom(base.seed, count);
  const evaluated: Config = { ...base, evaluation: { ...base.evaluation, systems: ['tuned'], split } };
  const points = sweepPoints(evaluated, factors, random);
  for (const { config } of points) checkEvaluation(config);
  const folders = new Map<string, string[]>();
  const plan = {
    points,
    seeds,
    split,
    seed: base.seed,
    samples: base.evaluation.bootstrapSamples,
    foldersOf: (label: string) => folders.get(label) ?? [],
  };
  const write = async (outcomes: TrialOutcomes): Promise<SweepReport> => {
    const report = sweepReport(outcomes, plan);
    await writeFileAtomic(join(out, 'sweep.json'), `${JSON.stringify(report, null, 1)}\n`);
    for (const { name, text } of renderReport?.(report) ?? []) await writeFileAtomic(join(out, name), text);
    onReport?.(report);
    return report;
  };
  const trials = points.map(
    (point): Trial => ({
      ...point,
      async folderOf(config, seed) {
        const folder = await pointFolder(session, out, point, config, count > 1 ? seed : null, reporting);
        folders.set(point.label, [...(folders.get(point.label) ?? []), folder]);
        return folder;
      },
    }),
  );
  await mkdir(out, { recursive: true });
  const release = await lockRunFolder(out);
  try {
    const outcomes = await runTrials(session, trials, {
      ...reporting,
      seeds,
      task: 'sweep',
      onTrial: async (sofar) => void (await write(sofar)),
    });
    const [failure] = outcomes.failed;
    if (outcomes.finished.length === 0 && failure) throw new WorkError(`every point failed: ${failure.reason}`);
    return await write(outcomes);
  } finally {
    await release();
  }
}

/** The run of a point where there is one, whatever it is called; else a new folder, named by the varied settings. */
async function pointFolder(
  session: Session,
  out: string,
  { settings }: SweepPoint,
  config: Config,
  seed: number | null,
  reporting: Reporting,
): Promise<string> {
  const known = runMadeOf(out, await session.identity(config, reporting));
  if (known) return known.folder;
  const paths = Object.keys(settings).sort(byImportance);
  const parts = paths.map((path) => nameOfSetting(path, settings[path]));
  const name = folderName([...parts, ...(seed === null ? [] : [`seed-${seed}`])].join('-'));
  return join(out, basename(freeName(name, takenNames(out))));
}
