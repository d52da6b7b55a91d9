/** What the results of a sweep or an ablation are decided by. */
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import { fingerprintOf } from '../../core/fingerprint.js';
import type { ShardJob } from '../../files/shards/manifest.js';
import type { AblationFactor } from '../ablation-factors.js';
import type { Session } from '../session.js';

export interface TrialsPlan {
  factors: readonly AblationFactor[];
  /** Of each trial. */
  seeds: number;
  split: Config['evaluation']['split'];
  random?: number | null;
}

/** By name: what the base is trained on and with, what is varied, how it is evaluated. */
export async function trialsJob(
  session: Session,
  base: Config,
  { factors, seeds, split, random = null }: TrialsPlan,
  reporting: Reporting,
): Promise<ShardJob> {
  const { fingerprint, inputs } = await session.identity(base, reporting);
  return {
    settings: fingerprint,
    data: inputs.dataset,
    model: inputs.model,
    engine: inputs.engine,
    evaluation: fingerprintOf(base.evaluation),
    vary: factors.map(({ path, values }) => `${path}=${JSON.stringify(values)}`).join(' '),
    seed: base.seed,
    seeds,
    split,
    random,
  };
}
