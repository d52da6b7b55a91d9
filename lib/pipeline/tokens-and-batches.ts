/**
 * Steps 2 and 3 on a dataset: token ids with their statistics, and the batches of an epoch.
 */
import { join } from 'node:path';
import { type BatchReport, composition, describePlan, type RoleComposition } from '../batches/composition.js';
import { scheduleBatches } from '../batches/schedule.js';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { type Dataset, trainingPapers } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { type TokenizedPaper, type TokenStatistics, tokenStatistics } from '../tokens/token-statistics.js';
import { loadTokenizer, type Tokenizer } from '../tokens/tokenizer.js';
import { modelFolder } from './encoders.js';
import { storedTokens } from './stored-tokens.js';

/** Step 2: token ids of every paper, limits applied, and what the lengths say. */
export interface TokenizedDataset {
  /** By paper id. */
  tokens: Map<string, TokenizedPaper>;
  statistics: TokenStatistics;
  tokenizer: Tokenizer;
}

export async function tokenizeDataset(
  config: Config,
  papers: SplitPaper[],
  reporting: Reporting = {},
): Promise<TokenizedDataset> {
  const folder = await modelFolder(config, reporting);
  const tokenizer = await loadTokenizer(folder);
  const whole = await storedTokens(folder, papers, {
    ...reporting,
    prompt: config.encoder.queryPrompt,
    cache: join(config.cache, 'tokens'),
  });
  const { maxTitleTokens, maxAbstractTokens } = config.tokens;
  const statistics = tokenStatistics(
    papers.map((paper) => paper.topic),
    whole,
    { maxAbstractTokens, tokenBudget: config.batches.tokenBudget, pairs: config.batches.pairs, seed: config.seed },
  );
  const tokens = new Map(
    papers.map((paper, i) => {
      const { title, abstract } = whole[i] as TokenizedPaper;
      return [
        paper.id,
        { title: tokenizer.truncate(title, maxTitleTokens), abstract: tokenizer.truncate(abstract, maxAbstractTokens) },
      ];
    }),
  );
  return { tokens, statistics, tokenizer };
}

/** Step 3: the batches of an epoch, by paper, and what they are made of. */
export interface EpochSchedule {
  papers: SplitPaper[];
  /** Indices into `papers`. */
  batches: number[][];
  report: BatchReport;
}

export function scheduleEpoch(
  config: Config,
  dataset: Dataset,
  { tokens }: TokenizedDataset,
  epoch = 0,
): EpochSchedule {
  const papers = trainingPapers(dataset.papers, config);
  const { pairs, shares, tokenBudget } = config.batches;
  const plan = scheduleBatches(papers, { pairs, shares, seed: config.seed, epoch });
  const items = papers.map((paper) => {
    const { title, abstract } = tokens.get(paper.id) as TokenizedPaper;
    return { role: paper.role, titleLength: title.length, abstractLength: abstract.length };
  });
  return { papers, batches: plan.batches, report: describePlan(items, plan, { shares, tokenBudget }) };
}

/** Shares of the roles over the batches of a training, beside their targets. */
export function trainedComposition(
  config: Config,
  papers: SplitPaper[],
  batches: number[][],
): Pick<RoleComposition, 'role' | 'target' | 'actual'>[] {
  return composition(papers, batches, config.batches.shares).map(({ role, target, actual }) => ({
    role,
    target,
    actual,
  }));
}
