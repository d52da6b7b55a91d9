/**
 * Step 2 in one call: papers to token ids, and from their lengths the statistics and the limits for the next step.
 */
import type { Reporting } from '../core/events.js';
import { type LengthStatistics, lengthStatistics } from './length-statistics.js';
import { compareStrategies, type StrategyWaste } from './padding-strategies.js';
import { type LimitProposals, proposeLimits } from './proposal.js';
import { tokenizeTexts } from './tokenize.js';

/** Token ids of one paper, special tokens included, before any limit. */
export interface TokenizedPaper {
  title: Int32Array;
  abstract: Int32Array;
}

/**
 * Tokenizes titles and abstracts whole, so that lengths can be judged before limits are set; `Tokenizer.truncate` then
 * applies a limit without tokenizing again.
 *
 * @param folder with tokenizer.json
 * @param options.prompt text put before every title
 */
export async function tokenizePapers(
  folder: string,
  papers: readonly { title: string; abstract: string }[],
  options: { prompt?: string; workers?: number } & Reporting = {},
): Promise<TokenizedPaper[]> {
  const { prompt = '', ...rest } = options;
  // one call for both, so that threads load the tokenizer once
  const texts = [...papers.map((paper) => prompt + paper.title), ...papers.map((paper) => paper.abstract)];
  const ids = await tokenizeTexts(folder, texts, undefined, { ...rest, task: 'tokenizing' });
  return papers.map((_, i) => ({ title: ids[i] as Int32Array, abstract: ids[papers.length + i] as Int32Array }));
}

/** What step 2 tells about a corpus. */
export interface TokenStatistics {
  titles: LengthStatistics;
  abstracts: LengthStatistics;
  /** Padding of the abstracts under each batching strategy, at the limits in use. */
  padding: StrategyWaste[];
  proposal: LimitProposals;
}

export interface TokenStatisticsOptions {
  /** The limits in use. */
  maxAbstractTokens: number;
  tokenBudget: number;
  /** Pairs of a training batch. */
  pairs: number;
  seed: number;
}

/**
 * Statistics of the token lengths of papers.
 *
 * @param topics topic of each paper
 * @param papers token ids of each paper, before any limit
 */
export function tokenStatistics(
  topics: readonly string[],
  papers: readonly TokenizedPaper[],
  options: TokenStatisticsOptions,
): TokenStatistics {
  const titles = papers.map((paper) => paper.title.length);
  const abstracts = papers.map((paper) => paper.abstract.length);
  return statisticsOfLengths(topics, { titles, abstracts }, options);
}

/** {@link tokenStatistics} from the lengths alone. */
export function statisticsOfLengths(
  topics: readonly string[],
  { titles, abstracts }: { titles: readonly number[]; abstracts: readonly number[] },
  options: TokenStatisticsOptions,
): TokenStatistics {
  return {
    titles: lengthStatistics(titles, topics),
    abstracts: lengthStatistics(abstracts, topics),
    padding: compareStrategies(abstracts, { ...options, maxLength: options.maxAbstractTokens }),
    proposal: proposeLimits(titles, abstracts, options),
  };
}
