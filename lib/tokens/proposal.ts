/**
 * From the lengths of the texts to the limits of the next step: how many tokens of a text to keep, and how many tokens
 * a micro-batch may have. Each proposal comes with its reason.
 */
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { CANDIDATE_LIMITS, lengthQuantile, truncatedShare } from './length-statistics.js';
import { microBatches, paddingWaste } from './micro-batches.js';

export interface Proposal {
  /** Tokens, the value for the configuration. */
  value: number;
  /** One sentence. */
  reason: string;
}

export interface LimitProposals {
  maxTitleTokens: Proposal;
  maxAbstractTokens: Proposal;
  tokenBudget: Proposal;
}

/** Shares above which a limit cuts too much, and below which a larger budget is not worth its memory. */
const TRUNCATED_AT_MOST = 0.01;
const WORTH_MORE_MEMORY = 0.02;
/** Batches drawn to try budgets on, and the cost of starting a micro-batch in tokens (see microBatches). */
const TRIAL_BATCHES = 8;
const GROUP_COST = 128;

/**
 * Proposes the limits for a set of papers.
 *
 * @param titleLengths tokens of each title, before any limit
 * @param abstractLengths tokens of each abstract, in the same order
 * @param options.pairs pairs of a training batch
 */
export function proposeLimits(
  titleLengths: readonly number[],
  abstractLengths: readonly number[],
  options: { pairs: number; seed: number },
): LimitProposals {
  const maxTitleTokens = proposeLength('titles', titleLengths);
  const maxAbstractTokens = proposeLength('abstracts', abstractLengths);
  const tokenBudget = proposeBudget(
    titleLengths.map((length) => Math.min(length, maxTitleTokens.value)),
    abstractLengths.map((length) => Math.min(length, maxAbstractTokens.value)),
    options,
  );
  return { maxTitleTokens, maxAbstractTokens, tokenBudget };
}

/** The smallest candidate that cuts at most 1 % of the texts: with like lengths grouped, only long texts pay for it. */
function proposeLength(name: string, lengths: readonly number[]): Proposal {
  const sorted = [...lengths].sort((a, b) => a - b);
  const longest = sorted.at(-1) ?? 1;
  const value = CANDIDATE_LIMITS.find((limit) => truncatedShare(sorted, limit) <= TRUNCATED_AT_MOST) ?? longest;
  const p99 = sorted.length > 0 ? lengthQuantile(sorted, 0.99) : 0;
  const cut = percent(truncatedShare(sorted, value));
  return {
    value,
    reason: `cuts ${cut} of the ${name}: their p99 is ${quantity(p99, 'tokens')}, their longest ${longest}`,
  };
}

/**
 * The smallest power of two at which random batches cost within 2 % of what they cost without a bound. Cost is padded
 * tokens plus what starting the micro-batches takes; a larger budget would only take memory.
 */
function proposeBudget(
  titles: readonly number[],
  abstracts: readonly number[],
  { pairs, seed }: { pairs: number; seed: number },
): Proposal {
  const order = new Random(seed, 'token budget').shuffle(titles.map((_, i) => i));
  const batches: number[][] = [];
  for (let start = 0; start < order.length && batches.length < TRIAL_BATCHES; start += pairs) {
    const batch = order.slice(start, start + pairs);
    batches.push([...batch.map((i) => titles[i] as number), ...batch.map((i) => abstracts[i] as number)]);
  }
  const trial = (budget: number): { cost: number; waste: number; groups: number } => {
    let [tokens, padded, groups] = [0, 0, 0];
    for (const lengths of batches) {
      const result = paddingWaste(lengths, microBatches(lengths, budget, GROUP_COST));
      tokens += result.tokens;
      padded += result.paddedTokens;
      groups += result.groups;
    }
    const perBatch = groups / Math.max(1, batches.length);
    return { cost: padded + GROUP_COST * groups, waste: padded === 0 ? 0 : 1 - tokens / padded, groups: perBatch };
  };
  const longest = titles.concat(abstracts).reduce((most, length) => Math.max(most, length), 1);
  const unbounded = trial(Number.MAX_SAFE_INTEGER).cost;
  let value = 2 ** Math.ceil(Math.log2(longest));
  while (trial(value).cost > (1 + WORTH_MORE_MEMORY) * unbounded) value *= 2;
  const { waste, groups } = trial(value);
  return {
    value,
    reason:
      `a batch of ${quantity(pairs, 'pairs')} takes ${quantity(Math.round(groups), 'micro-batches')} with ${percent(waste)} padding; ` +
      `a larger budget would save less than ${percent(WORTH_MORE_MEMORY)} of the work`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
