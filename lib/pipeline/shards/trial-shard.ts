/**
 * One shard of a sweep or an ablation: every n-th of its trainings, each in a run folder of its own among those of the
 * others, and a manifest that names them. Shards share a folder, and no process waits for another.
 */
import { rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { Interrupted, isWorthRetry } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { isInShard, type Shard, shardName } from '../../core/shard.js';
import { earlierShard } from '../../files/shards/earlier-shard.js';
import { type ShardJob, type ShardKind, writeManifest } from '../../files/shards/manifest.js';
import { prepareFolder } from '../../files/writing.js';
import { lockRunFolder } from '../run-lock.js';
import type { Session } from '../session.js';
import { runOnce, SECONDS_FILE, type Trial, withSeed } from '../trials.js';

/** Milliseconds: longer than the lock of a killed process takes to become void. */
const LONGEST_WAIT = 6000;

/** What a manifest says of trainings. */
export const trialResultSchema = z.object({
  /** All that the report is made from beside the runs, as sweep or ablation read it. */
  plan: z.unknown(),
  runs: z.array(z.object({ label: z.string(), seed: z.number(), folder: z.string(), seconds: z.number() })),
  failed: z.array(z.object({ label: z.string(), seed: z.number(), reason: z.string() })),
});

/** What a shard of trainings has done. */
export interface TrialShard {
  /** Of all shards. */
  folder: string;
  shard: Shard;
  /** Trainings of this shard, and of all. */
  runs: number;
  allRuns: number;
  /** Those that failed, with the reason, such as a training that diverged. */
  failed: { label: string; seed: number; reason: string }[];
  /** Whether it was done before. */
  skipped: boolean;
}

export interface TrialShardOptions extends Reporting {
  kind: ShardKind;
  folder: string;
  shard: Shard;
  /** All that decides the results. */
  job: ShardJob;
  plan: unknown;
  trials: readonly Trial[];
  seeds: readonly number[];
}

/** @throws Interrupted, and what may pass, with all finished runs kept; UserError for a shard of another job */
export async function runTrialShard(session: Session, options: TrialShardOptions): Promise<TrialShard> {
  const { kind, folder, shard, job, plan, trials, seeds, ...reporting } = options;
  const all = trials.flatMap((trial) => seeds.map((seed) => ({ trial, seed })));
  const own = all.filter((_, unit) => isInShard(unit, shard));
  const about = { folder, shard, runs: own.length, allRuns: all.length };
  await prepareFolder(folder);
  const release = await lockRunFolder(folder, { what: shardName(shard), wait: LONGEST_WAIT });
  try {
    const earlier = await earlierShard(folder, shard, {
      ...reporting,
      kind,
      job,
      // a run that is trained is only evaluated again
      discard: async (files) => {
        for (const file of files) await rm(join(folder, dirname(dirname(file)), SECONDS_FILE), { force: true });
      },
    });
    if (earlier) return { ...about, failed: trialResultSchema.parse(earlier.result).failed, skipped: true };
    const runs: z.infer<typeof trialResultSchema>['runs'] = [];
    const failed: TrialShard['failed'] = [];
    for (const [i, { trial, seed }] of own.entries()) {
      const { label } = trial;
      const text = `run ${i + 1} of ${own.length} of ${shardName(shard)}: ${label}, seed ${seed}`;
      reporting.onMessage?.({ level: 'info', text });
      try {
        const config = withSeed(trial.config, seed, seeds[0] as number);
        const run = await runOnce(session, { ...trial, config }, `${kind}, ${label}, seed ${seed}`, reporting);
        runs.push({ label, seed, folder: relative(folder, run.folder), seconds: run.seconds });
      } catch (error) {
        if (error instanceof Interrupted) {
          throw new Interrupted(
            `stopped after ${i} of ${quantity(own.length, 'runs')}; the same call resumes from there`,
          );
        }
        if (isWorthRetry(error)) throw error;
        failed.push({ label, seed, reason: (error as Error).message });
        reporting.onMessage?.({ level: 'warning', text: `${label} is left out: ${(error as Error).message}` });
      }
    }
    const files = runs.map((run) => join(run.folder, 'runs', 'queries.csv'));
    const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
    await writeManifest(folder, { kind, shard, job, files, result: { plan, runs, failed }, seconds });
    return { ...about, failed, skipped: false };
  } finally {
    await release();
  }
}

/** "shard 3 of 12: 1 of 12 runs", for people. */
export function trialShardText({ folder, shard, runs, allRuns, failed, skipped }: TrialShard): string {
  const failures = failed.map(({ label, reason }) => `\n${label} failed: ${reason}`).join('');
  return `shard ${shard.index} of ${shard.count}: ${runs} of ${quantity(allRuns, 'runs')} in ${folder}${skipped ? ', done before' : ''}${failures}`;
}
