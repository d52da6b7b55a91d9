/**
 * What batches turned out to be: the share of each role against its target, and what their padding costs.
 */
import { ROLES, type Role } from '../config/config.js';
import { microBatches, type PaddingWaste, paddingWaste } from '../tokens/micro-batches.js';
import type { BatchSchedule, RoleShares } from './schedule.js';

/** One role over a set of batches. */
export interface RoleComposition {
  role: Role;
  /** Pairs of this role. */
  pairs: number;
  /** Share aimed at, renormalised over the roles that occur. */
  target: number;
  /** Share of all pairs. */
  actual: number;
}

/**
 * Shares of the roles that occur, in the order of the roles.
 *
 * @param items papers that the batches index
 * @param batches those of an epoch, or only those that training got to
 */
export function composition(
  items: readonly { role: Role }[],
  batches: readonly (readonly number[])[],
  shares: RoleShares,
): RoleComposition[] {
  const present = ROLES.filter((role) => items.some((item) => item.role === role));
  const targets = present.reduce((sum, role) => sum + shares[role], 0);
  const counts = new Map<Role, number>();
  for (const batch of batches) {
    for (const index of batch) {
      const { role } = items[index] as { role: Role };
      counts.set(role, (counts.get(role) ?? 0) + 1);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return present.map((role) => {
    const pairs = counts.get(role) ?? 0;
    return {
      role,
      pairs,
      target: targets > 0 ? shares[role] / targets : 1 / present.length,
      actual: total > 0 ? pairs / total : 0,
    };
  });
}

/** One data set over the batches of an epoch. */
export interface SetComposition extends Omit<RoleComposition, 'role'> {
  set: string;
}

/** The report of one epoch's plan. */
export interface BatchReport {
  batches: number;
  /** Pairs of the smallest and the largest batch. */
  smallest: number;
  largest: number;
  /** Batches, the first of the plan, that have every role at its target. */
  batchesOnTarget: number;
  /** Over the whole epoch, where each paper counts once and the data decides. */
  epoch: RoleComposition[];
  /** Over the batches on target. */
  onTarget: RoleComposition[];
  /** Pairs of each role in each batch, in the order of the plan; of one's own pairs by data set. */
  pairsByBatch: Record<string, number[]>;
  /** Where several data sets are mixed. */
  sets?: SetComposition[];
  /** Titles and abstracts pooled, each batch split into micro-batches of like lengths. */
  padding: PaddingWaste;
}

/**
 * Describes a plan.
 *
 * @param items papers with their token lengths, limits applied; `set` is the data set of a pair
 * @param tokenBudget tokens of a micro-batch, padding included
 */
export function describeSchedule(
  items: readonly { role: Role; set?: string; titleLength: number; abstractLength: number }[],
  plan: BatchSchedule,
  options: { shares: RoleShares; tokenBudget: number },
): BatchReport {
  const { shares, tokenBudget } = options;
  const { batches, batchesOnTarget } = plan;
  const total: PaddingWaste = { groups: 0, tokens: 0, paddedTokens: 0, waste: 0 };
  for (const batch of batches) {
    const lengths = pooledLengths(items, batch);
    const { groups, tokens, paddedTokens } = paddingWaste(lengths, microBatches(lengths, tokenBudget));
    total.groups += groups;
    total.tokens += tokens;
    total.paddedTokens += paddedTokens;
  }
  total.waste = total.paddedTokens === 0 ? 0 : 1 - total.tokens / total.paddedTokens;

  const epoch = composition(items, batches, shares);
  const partOf = ({ role, set }: (typeof items)[number]): string => set ?? role;
  const parts = items.some(({ set }) => set !== undefined)
    ? [...new Set(items.map(partOf))]
    : epoch.map(({ role }) => role);
  const sizes = batches.map((batch) => batch.length);
  return {
    batches: batches.length,
    smallest: sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY),
    largest: sizes.reduce((most, size) => Math.max(most, size), 0),
    batchesOnTarget,
    epoch,
    onTarget: composition(items, batches.slice(0, batchesOnTarget), shares),
    pairsByBatch: Object.fromEntries(
      parts.map((part) => [
        part,
        batches.map((batch) => batch.filter((index) => partOf(items[index]!) === part).length),
      ]),
    ),
    padding: total,
  };
}

/** Token lengths of a batch: its titles, then its abstracts. */
function pooledLengths(
  items: readonly { titleLength: number; abstractLength: number }[],
  batch: readonly number[],
): number[] {
  const papers = batch.map((index) => items[index] as { titleLength: number; abstractLength: number });
  return [...papers.map((paper) => paper.titleLength), ...papers.map((paper) => paper.abstractLength)];
}
