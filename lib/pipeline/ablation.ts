/**
 * An ablation: the baseline and each variant of it in one factor, trained and evaluated with several seeds. Everything
 * is kept in a folder, so that the same call continues where a stopped one ended, and another factor or seed runs only what
 * is new:
 *
 *   runs/<variant>/seed-<n>/   a run folder each
 *   ablation.json              the effect table, written anew after each variant
 *   ablation.md, ablation.svg  the same to read
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { type AblationReport, ablationReport } from '../evaluation/ablation.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readModelConfig } from '../models/model-config.js';
import { type AblationArm, type AblationFactor, ablationArms, defaultFactors } from './ablation-factors.js';
import { lockRunFolder } from './run-lock.js';
import type { Session } from './session.js';
import { modelFolder } from './steps/model.js';
import { prepareTrialsFolder, runTrials, seedsFrom, type Trial, type TrialOutcomes } from './trials.js';

/** What an ablation is made of beside the configuration. */
export interface AblationChoices {
  /** Absent: `defaultFactors`. */
  factors?: AblationFactor[];
  /** Seeds of each variant: the configuration's and the ones after it. */
  seeds: number;
  /** Split whose titles are asked; hyperparameters that are chosen on the test split no longer have an honest test. */
  split: Config['evaluation']['split'];
}

export interface AblationPages {
  /** Files that the effect table is also written as, beside ablation.json. */
  renderReport?: (report: AblationReport) => { name: string; text: string }[];
}

/** What an ablation varies, how often it trains, and where it goes. */
export interface AblationOptions extends AblationChoices, AblationPages, Reporting {
  out: string;
}

/** The variants of an ablation, and how they are compared. */
export interface PlannedAblation {
  /** The baseline first. */
  arms: AblationArm[];
  factors: readonly AblationFactor[];
  seeds: number[];
  baseline: Config;
}

/**
 * Runs what the folder does not have yet. A variant that fails (a diverged training) is listed with its reason.
 *
 * @throws UserError for a factor that does not exist, before anything runs; Interrupted with all finished runs kept
 */
export async function runAblation(session: Session, base: Config, options: AblationOptions): Promise<AblationReport> {
  const reporting = reportingOf(options);
  const out = resolve(options.out);
  const plan = await planAblation(base, options, reporting);
  const write = (outcomes: TrialOutcomes): Promise<AblationReport> => writeAblation(out, plan, outcomes, options);
  await prepareTrialsFolder(out);
  const release = await lockRunFolder(out);
  try {
    const outcomes = await runTrials(session, ablationTrials(out, plan), {
      ...reporting,
      seeds: plan.seeds,
      task: 'ablation',
      onTrial: async (sofar) => void (await write(sofar)),
    });
    return await write(outcomes);
  } finally {
    await release();
  }
}

/** What the choices come to; all variants are checked before the first is run. */
export async function planAblation(
  base: Config,
  { factors: chosen, seeds: count, split }: AblationChoices,
  reporting: Reporting,
): Promise<PlannedAblation> {
  const baseline: Config = { ...base, evaluation: { ...base.evaluation, systems: ['tuned'], split } };
  const factors = chosen ?? defaultFactors((await readModelConfig(await modelFolder(base, reporting))).hiddenSize);
  return { arms: ablationArms(baseline, factors), factors, seeds: seedsFrom(base.seed, count), baseline };
}

/** The variants, each with its folders. */
export function ablationTrials(out: string, { arms }: PlannedAblation): Trial[] {
  return arms.map((arm) => ({
    ...arm,
    folderOf: async (_, seed) => join(out, 'runs', armFolder(arm), `seed-${seed}`),
    isEssential: arm.label === 'baseline',
  }));
}

/** Readable, and another one for every other training, so that a folder is never resumed with other settings. */
function armFolder({ label, config }: AblationArm): string {
  const { evaluation: _, cache: __, threads: ___, seed: ____, ...trained } = config;
  const hash = createHash('sha256').update(JSON.stringify(trained)).digest('hex').slice(0, 8);
  return `${label.replace(/[^a-zA-Z0-9.=-]+/g, '-').slice(0, 60)}-${hash}`;
}

/** Writes what is known so far. */
export async function writeAblation(
  out: string,
  { seeds, baseline: { seed, evaluation } }: PlannedAblation,
  { finished: [baseline, ...variants], failed }: TrialOutcomes,
  { renderReport = () => [] }: AblationPages,
): Promise<AblationReport> {
  if (!baseline) throw new UserError('the baseline has no run');
  const { split, bootstrapSamples: samples } = evaluation;
  const report = ablationReport(baseline, variants, failed, { seeds, seed, split, samples });
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'ablation.json'), `${JSON.stringify(report, null, 1)}\n`);
  for (const { name, text } of renderReport(report)) await writeFileAtomic(join(out, name), text);
  return report;
}
