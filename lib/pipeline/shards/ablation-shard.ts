/** An ablation whose trainings are shared among shards, and its report when all are there. */
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { UserError } from '../../core/errors.js';
import { reportingOf } from '../../core/events.js';
import type { Shard } from '../../core/shard.js';
import type { AblationReport } from '../../evaluation/ablation.js';
import type { ShardedJob } from '../../files/shards/shard-state.js';
import {
  type AblationChoices,
  type AblationOptions,
  type AblationPages,
  ablationTrials,
  planAblation,
  writeAblation,
} from '../ablation.js';
import { withAbsolutePaths } from '../absolute-paths.js';
import type { Session } from '../session.js';
import { shardedTrials } from './trial-outcomes.js';
import { runTrialShard, type TrialShard } from './trial-shard.js';
import { trialsJob } from './trials-job.js';

/** What the manifests keep of an ablation. */
interface AblationRecipe {
  base: Config;
  choices: AblationChoices;
}

/** Every n-th training of an ablation, in the folder of the others; {@link mergeAblation} makes the report. */
export async function runAblationShard(
  session: Session,
  given: Config,
  options: Omit<AblationOptions, 'renderReport'> & { shard: Shard },
): Promise<TrialShard> {
  const reporting = reportingOf(options);
  const { shard, split, seeds: count } = options;
  const base = withAbsolutePaths(given);
  const folder = resolve(options.out);
  const planned = await planAblation(base, options, reporting);
  const { factors, seeds } = planned;
  const plan: AblationRecipe = { base, choices: { factors: [...factors], seeds: count, split } };
  const job = await trialsJob(session, base, { factors, seeds: count, split }, reporting);
  const trials = ablationTrials(folder, planned);
  return runTrialShard(session, { ...reporting, kind: 'ablate', folder, shard, job, plan, trials, seeds });
}

/** The report of an ablation whose shards are all there. @param job as `completeJob` gives it */
export async function mergeAblation(folder: string, job: ShardedJob, pages: AblationPages): Promise<AblationReport> {
  const { plan, outcomesOf } = shardedTrials(folder, job);
  const { base, choices } = plan as AblationRecipe;
  const planned = await planAblation(base, choices, {});
  const labels = planned.arms.map(({ label }) => label);
  const outcomes = await outcomesOf(labels, planned.seeds);
  const failure = outcomes.failed.find(({ label }) => label === 'baseline');
  if (failure) throw new UserError(`the baseline failed, and there is nothing to compare with: ${failure.reason}`);
  return writeAblation(folder, planned, outcomes, pages);
}
