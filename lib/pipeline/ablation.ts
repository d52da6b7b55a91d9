/**
 * An ablation: the baseline and each variant of it in one factor, trained and evaluated with several seeds. Everything
 * is kept in a folder, so that the same call goes on where a stopped one ended, and another factor or seed runs only what
 * is new:
 *
 *   runs/<variant>/seed-<n>/   a run folder each
 *   ablation.json              the effect table, written anew after each variant
 *   ablation.md, ablation.svg  the same to read
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { Interrupted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { type AblationReport, type AblationVariant, ablationReport, type RunScores } from '../evaluation/ablation.js';
import type { Report } from '../evaluation/report.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readModelConfig } from '../models/model-config.js';
import { type AblationArm, type AblationFactor, ablationArms, defaultFactors } from './ablation-factors.js';
import { readQueryScores } from './query-scores.js';
import { runExperiment } from './run-experiment.js';
import type { Session } from './session.js';
import { modelFolder } from './steps/model.js';

/** What an ablation varies, and how often it trains. */
export interface AblationOptions extends Reporting {
  /** Absent: `defaultFactors`. */
  factors?: AblationFactor[];
  /** Seeds of each variant: the configuration's and the ones after it. */
  seeds: number;
  /** Side whose titles are asked; hyperparameters that are chosen on the test side no longer have an honest test. */
  split: Config['evaluation']['split'];
  out: string;
  /** Files that the effect table is also written as, beside ablation.json. */
  renderReport?: (report: AblationReport) => { name: string; text: string }[];
}

/**
 * Runs what the folder does not have yet. A variant that fails (a diverged training) is listed with its reason.
 *
 * @throws UserError for a factor that does not exist, before anything runs; Interrupted with all finished runs kept
 */
export async function runAblation(session: Session, base: Config, options: AblationOptions): Promise<AblationReport> {
  const { seeds: count, split, out, renderReport = () => [], ...reporting } = options;
  const seeds = Array.from({ length: count }, (_, i) => base.seed + i);
  const baseline: Config = { ...base, evaluation: { ...base.evaluation, systems: ['tuned'], split } };
  const factors =
    options.factors ?? defaultFactors((await readModelConfig(await modelFolder(base, reporting))).hiddenSize);
  const arms = ablationArms(baseline, factors);
  const total = arms.length * seeds.length;

  const finished: AblationVariant[] = [];
  const failed: AblationReport['failed'] = [];
  let done = 0;
  const write = (): Promise<AblationReport> =>
    writeAblation(out, reportOf(finished, failed, seeds, baseline), renderReport);
  for (const arm of arms) {
    const variant: AblationVariant = { label: arm.label, runs: [], seconds: 0 };
    try {
      for (const seed of seeds) {
        const task = `ablation, ${arm.label}, seed ${seed}`;
        reporting.onMessage?.({ level: 'info', text: `run ${done + 1} of ${total}: ${arm.label}, seed ${seed}` });
        const { scores, seconds } = await runOnce(session, arm, seed, out, reporting, task);
        variant.runs.push(scores);
        variant.seconds += seconds;
        done++;
      }
      finished.push(variant);
    } catch (error) {
      if (error instanceof Interrupted) {
        throw new Interrupted(`stopped after ${done} of ${total} runs; the same command goes on from there`);
      }
      if (arm.label === 'baseline') throw error;
      done += seeds.length - variant.runs.length;
      failed.push({ label: arm.label, reason: (error as Error).message });
      reporting.onMessage?.({ level: 'warning', text: `${arm.label} is left out: ${(error as Error).message}` });
    }
    await write();
  }
  return write();
}

/** One training with its evaluation, unless the folder has it. */
async function runOnce(
  session: Session,
  arm: AblationArm,
  seed: number,
  out: string,
  reporting: Reporting,
  task: string,
): Promise<{ scores: RunScores; seconds: number }> {
  const config: Config = { ...arm.config, seed };
  const folder = join(out, 'runs', armFolder(arm), `seed-${seed}`);
  const known = await finishedSeconds(folder, config);
  let seconds = known;
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
    await writeFileAtomic(join(folder, 'seconds.json'), JSON.stringify(seconds));
  }
  return { scores: await readQueryScores(folder), seconds };
}

/** Null unless the folder has a report of this very configuration. */
async function finishedSeconds(folder: string, config: Config): Promise<number | null> {
  try {
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
    if (JSON.stringify(report.config) !== JSON.stringify(config)) return null;
    return JSON.parse(await readFile(join(folder, 'seconds.json'), 'utf8')) as number;
  } catch {
    return null;
  }
}

/** Readable, and another one for every other training, so that a folder is never resumed with other settings. */
function armFolder({ label, config }: AblationArm): string {
  const { evaluation: _, cache: __, threads: ___, seed: ____, ...trained } = config;
  const hash = createHash('sha256').update(JSON.stringify(trained)).digest('hex').slice(0, 8);
  return `${label.replace(/[^a-zA-Z0-9.=-]+/g, '-').slice(0, 60)}-${hash}`;
}

function reportOf(
  [baseline, ...variants]: AblationVariant[],
  failed: AblationReport['failed'],
  seeds: number[],
  { seed, evaluation }: Config,
): AblationReport {
  if (!baseline) throw new UserError('the baseline has no run');
  const { split, bootstrapSamples: samples } = evaluation;
  return ablationReport(baseline, variants, failed, { seeds, seed, split, samples });
}

async function writeAblation(
  out: string,
  report: AblationReport,
  renderReport: NonNullable<AblationOptions['renderReport']>,
): Promise<AblationReport> {
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'ablation.json'), `${JSON.stringify(report, null, 1)}\n`);
  for (const { name, text } of renderReport(report)) await writeFileAtomic(join(out, name), text);
  return report;
}
