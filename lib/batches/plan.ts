/**
 * The batches of an epoch as the configuration wants them: of papers by role; of several data sets mixed by their shares, or each
 * of one data set, in turns.
 */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { dataSets } from '../datasets/pairs/sets.js';
import type { SetComposition } from './composition.js';
import { RoleQuotas } from './quotas.js';
import { type BatchItem, type BatchSchedule, scheduleBatches } from './schedule.js';

/** What a plan needs to know of a paper. */
export type PlannedPaper = BatchItem & { topic: string };

/** @throws UserError where there are fewer than two papers, or than two of a data set that has batches of its own */
export function planEpoch(
  papers: readonly PlannedPaper[],
  config: Pick<Config, 'batches' | 'datasets' | 'seed'>,
  epoch: number,
): BatchSchedule {
  const { batches, datasets, seed } = config;
  const options = { pairs: batches.pairs, seed, epoch };
  if (datasets.sets.length < 2) return scheduleBatches(papers, { ...options, shares: batches.shares });
  const shares = sharesOfSets(papers, config);
  if (batches.sets === 'mixed') {
    return scheduleBatches(
      papers.map((paper) => ({ ...paper, group: paper.topic })),
      { ...options, shares },
    );
  }
  const queues = Object.keys(shares).map((name) => {
    const places = [...papers.keys()].filter((i) => papers[i]?.topic === name);
    if (places.length < 2) {
      throw new UserError(
        `the data set "${name}" has ${quantity(places.length, 'pairs')} to train on, too few for batches of its own: expected at least 2; set batches.sets=mixed`,
      );
    }
    const plan = scheduleBatches(
      places.map((i) => papers[i] as PlannedPaper),
      { ...options, shares: batches.shares },
    );
    return plan.batches.map((batch) => batch.map((i) => places[i] as number));
  });
  return inTurns(queues, Object.values(shares));
}

/** What data sets have of an epoch, beside the shares that were asked for; undefined where there is but one. */
export function setComposition(
  papers: readonly PlannedPaper[],
  batches: readonly (readonly number[])[],
  config: Pick<Config, 'batches' | 'datasets'>,
): SetComposition[] | undefined {
  if (config.datasets.sets.length < 2) return undefined;
  const shares = sharesOfSets(papers, config);
  const whole = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const planned = batches.flat().map((i) => papers[i]?.topic);
  return Object.entries(shares).map(([set, share]) => {
    const pairs = planned.filter((topic) => topic === set).length;
    return { set, pairs, target: share / whole, actual: planned.length > 0 ? pairs / planned.length : 0 };
  });
}

/** The share of each data set, in the order of the configuration; sets that have nothing to train on are left out. */
function sharesOfSets(
  papers: readonly PlannedPaper[],
  { batches, datasets }: Pick<Config, 'batches' | 'datasets'>,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { topic } of papers) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const there = dataSets(datasets).filter(({ name }) => counts.has(name));
  const shareOf = ({ name, share }: (typeof there)[number]): number =>
    batches.setOrder === 'round-robin' ? 1 : (share ?? (counts.get(name) as number));
  return Object.fromEntries(there.map((set) => [set.name, shareOf(set)]));
}

/** Batches of several queues in the ratio of their shares, as long as they last; on target until the first runs dry. */
function inTurns(queues: readonly number[][][], shares: readonly number[]): BatchSchedule {
  const waiting = queues.map((batches) => [...batches].reverse());
  const total = queues.reduce((sum, { length }) => sum + length, 0);
  const plan: BatchSchedule = { batches: [], batchesOnTarget: 0 };
  let able = [...waiting.keys()];
  let quotas = new RoleQuotas(able.map((q) => shares[q] as number));
  let isOnTarget = true;
  while (plan.batches.length < total) {
    const turn = quotas.next(1).indexOf(1);
    const batch = waiting[able[turn] as number]?.pop();
    if (batch) {
      plan.batches.push(batch);
      if (isOnTarget) plan.batchesOnTarget++;
      continue;
    }
    isOnTarget = false;
    able = able.filter((q) => (waiting[q] as number[][]).length > 0);
    quotas = new RoleQuotas(able.map((q) => shares[q] as number));
  }
  return plan;
}
