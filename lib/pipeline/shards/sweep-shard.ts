/** A sweep whose trainings are shared among shards, and its report when all are there. */
import { join, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { reportingOf } from '../../core/events.js';
import type { Shard } from '../../core/shard.js';
import type { ShardedJob } from '../../files/shards/shard-state.js';
import { withAbsolutePaths } from '../absolute-paths.js';
import { runMadeOf, takenNames } from '../runs/find-runs.js';
import type { Session } from '../session.js';
import {
  checkSomeFinished,
  planSweep,
  pointName,
  type SweepChoices,
  type SweepOptions,
  type SweepPages,
  writeSweep,
} from '../sweep.js';
import type { SweepReport } from '../sweep-report.js';
import type { Trial } from '../trials.js';
import { shardedTrials } from './trial-outcomes.js';
import { runTrialShard, type TrialShard } from './trial-shard.js';
import { trialsJob } from './trials-job.js';

/** What the manifests keep of a sweep. */
interface SweepRecipe {
  base: Config;
  choices: SweepChoices;
}

/** Every n-th training of a sweep, in the folder of the others; {@link mergeSweep} makes the report. */
export async function runSweepShard(
  session: Session,
  given: Config,
  options: Omit<SweepOptions, 'onReport' | 'renderReport'> & { shard: Shard },
): Promise<TrialShard> {
  const reporting = reportingOf(options);
  const { shard, factors, seeds: count = 1, random, split = 'validation' } = options;
  const base = withAbsolutePaths(given);
  const out = resolve(options.out);
  const { points, seeds } = planSweep(base, options);
  const nameOf = (point: (typeof points)[number], seed: number) => pointName(point, count > 1 ? seed : null);
  const names = points.flatMap((point) => seeds.map((seed) => nameOf(point, seed)));
  const trials = points.map(
    (point): Trial => ({
      ...point,
      // by the plan and by what the run is made of alone: others choose names at the same time
      async folderOf(config, seed) {
        const identity = await session.identity(config, reporting);
        const known = runMadeOf(out, identity);
        if (known) return known.folder;
        const name = nameOf(point, seed);
        const isTaken = names.filter((one) => one === name).length > 1 || takenNames(out).includes(name);
        return join(out, isTaken ? `${name}-${identity.fingerprint.slice(0, 8)}` : name);
      },
    }),
  );
  const plan: SweepRecipe = { base, choices: { factors, seeds: count, random, split } };
  const job = await trialsJob(session, base, { factors, seeds: count, random, split }, reporting);
  return runTrialShard(session, { ...reporting, kind: 'sweep', folder: out, shard, job, plan, trials, seeds });
}

/** The report of a sweep whose shards are all there. @param job as `completeJob` gives it */
export async function mergeSweep(folder: string, job: ShardedJob, pages: SweepPages): Promise<SweepReport> {
  const { plan, outcomesOf, foldersOf } = shardedTrials(folder, job);
  const { base, choices } = plan as SweepRecipe;
  const planned = planSweep(base, choices);
  const outcomes = await outcomesOf(
    planned.points.map(({ label }) => label),
    planned.seeds,
  );
  checkSomeFinished(outcomes);
  return writeSweep(folder, { ...planned, foldersOf }, outcomes, pages);
}
