/** What the shards of a sweep or an ablation have found, by their manifests. Nothing is trained. */
import { join } from 'node:path';
import type { AblationVariant } from '../../evaluation/ablation.js';
import type { ShardedJob } from '../../files/shards/shard-state.js';
import { readQueryScores } from '../query-scores.js';
import type { TrialOutcomes } from '../trials.js';
import { trialResultSchema } from './trial-shard.js';

export interface ShardedTrials {
  /** As the shards were told; see `SweepPlan` and `AblationPlan`. */
  plan: unknown;
  outcomesOf(labels: readonly string[], seeds: readonly number[]): Promise<TrialOutcomes>;
  /** Run folders of a trial, in the order of its seeds. */
  foldersOf(label: string): string[];
}

/** @param job complete and verified, as `completeJob` gives it */
export function shardedTrials(folder: string, { manifests }: ShardedJob): ShardedTrials {
  const results = manifests.map(({ result }) => trialResultSchema.parse(result));
  const runs = results.flatMap((result) => result.runs).sort((a, b) => a.seed - b.seed);
  const failed = results.flatMap((result) => result.failed);
  return {
    plan: results[0]?.plan,
    foldersOf: (label) => runs.filter((run) => run.label === label).map((run) => join(folder, run.folder)),
    async outcomesOf(labels, seeds) {
      const outcomes: TrialOutcomes = { finished: [], failed: [] };
      for (const label of labels) {
        const failure = failed.find((one) => one.label === label);
        if (failure) {
          outcomes.failed.push({ label, reason: failure.reason });
          continue;
        }
        const variant: AblationVariant = { label, runs: [], seconds: 0 };
        for (const seed of seeds) {
          const run = runs.find((one) => one.label === label && one.seed === seed);
          if (!run) throw new Error(`no shard has ${label}, seed ${seed}`);
          variant.runs.push(await readQueryScores(join(folder, run.folder)));
          variant.seconds += run.seconds;
        }
        outcomes.finished.push(variant);
      }
      return outcomes;
    },
  };
}
