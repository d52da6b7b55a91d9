/** The shards of a job, of whatever kind, to its result. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { reportingOf } from '../../core/events.js';
import { type MergedFile, type MergeEncodingOptions, mergeEncoding } from '../../encoder/shards/merge-shards.js';
import type { AblationReport } from '../../evaluation/ablation.js';
import type { Report } from '../../evaluation/report.js';
import { completeJob } from '../../files/shards/shard-state.js';
import type { AblationPages } from '../ablation.js';
import type { SweepPages } from '../sweep.js';
import type { SweepReport } from '../sweep-report.js';
import { mergeAblation } from './ablation-shard.js';
import { type EvaluateInSession, mergeEvaluation } from './evaluation-shard.js';
import { mergeSweep } from './sweep-shard.js';

/** Where the embeddings go, and what reports are written as beside JSON. */
export interface MergeOptions extends MergeEncodingOptions {
  pages?: { sweep: SweepPages; ablation: AblationPages };
  /** Makes the report of an evaluation. */
  evaluate: EvaluateInSession;
}

/** The result of a job, by its kind. */
export type Merged =
  | { kind: 'encode'; file: MergedFile }
  | { kind: 'sweep'; report: SweepReport }
  | { kind: 'ablate'; report: AblationReport }
  | { kind: 'evaluate'; report: Report; folder: string };

/**
 * Puts the shards of a job together: of an encoding to the bytes of one process, of others to one report.
 *
 * @throws UserError that names every shard that is missing, damaged or of another job; nothing is written then
 */
export async function mergeShards(given: string, options: MergeOptions): Promise<Merged> {
  const folder = resolve(given);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new UserError(`${given} is no folder: expected that of the shards, which --shard i/n wrote`);
  }
  const job = await completeJob(folder);
  const { kind } = job;
  if (kind === 'encode') return { kind, file: await mergeEncoding(folder, job, options) };
  if (options.output !== undefined) {
    throw new UserError(
      `--output ${options.output}: the shards of ${kind} are merged in their own folder; leave it out`,
    );
  }
  if (kind === 'evaluate') {
    const report = await mergeEvaluation(folder, job, options.evaluate, reportingOf(options));
    return { kind, report, folder: dirname(folder) };
  }
  return kind === 'sweep'
    ? { kind, report: await mergeSweep(folder, job, options.pages?.sweep ?? {}) }
    : { kind, report: await mergeAblation(folder, job, options.pages?.ablation ?? {}) };
}
