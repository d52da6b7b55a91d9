/**
 * Step 2: token ids of every paper, limits applied, and what the lengths say.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import type { SplitPaper } from '../../datasets/paper.js';
import { readSentenceConfig } from '../../models/sentence/sentence-config.js';
import { limitTokens, sentenceUse } from '../../models/sentence/sentence-use.js';
import type { LengthHistogram, TokenLengthSummary } from '../../tokens/length-statistics.js';
import { type TokenizedPaper, type TokenStatistics, tokenStatistics } from '../../tokens/token-statistics.js';
import { loadTokenizer, type Tokenizer } from '../../tokens/tokenizer.js';
import type { Step } from '../step.js';
import { modelFolder } from './model.js';
import { storedTokens } from './stored-tokens.js';

/** Token ids of all papers, and their lengths. */
export interface TokenizedDataset {
  /** By paper id. */
  tokens: Map<string, TokenizedPaper>;
  statistics: TokenStatistics;
  tokenizer: Tokenizer;
}

export const tokensStep: Step<[SplitPaper[], Reporting?], TokenizedDataset> = {
  name: 'tokens',
  reads: [
    'encoder.model',
    'encoder.revision',
    'encoder.pooling',
    'encoder.queryPrompt',
    'encoder.documentPrompt',
    'encoder.maxTokens',
    'encoder.similarity',
    'tokens',
    // the statistics compare batching strategies under this budget
    'batches.pairs',
    'batches.tokenBudget',
    'seed',
  ],
  ignores: ['cache'],
  async run(config, papers, reporting = {}) {
    const folder = await modelFolder(config, reporting);
    const tokenizer = await loadTokenizer(folder);
    const use = sentenceUse(config.encoder, await readSentenceConfig(folder));
    const { prompts, lowerCase } = use;
    const whole = await storedTokens(folder, papers, {
      ...reporting,
      prompt: prompts.query,
      documentPrompt: prompts.document,
      lowerCase,
      cache: join(config.cache, 'tokens'),
    });
    const maxTitleTokens = limitTokens(config.tokens.maxTitleTokens, use);
    const maxAbstractTokens = limitTokens(config.tokens.maxAbstractTokens, use);
    const topics = papers.map((paper) => paper.topic);
    const { tokenBudget, pairs } = config.batches;
    const statistics = tokenStatistics(topics, whole, { maxAbstractTokens, tokenBudget, pairs, seed: config.seed });
    const tokens = new Map(
      papers.map(({ id }, i) => {
        const { title, abstract } = whole[i] as TokenizedPaper;
        return [
          id,
          {
            title: tokenizer.truncate(title, maxTitleTokens),
            abstract: tokenizer.truncate(abstract, maxAbstractTokens),
          },
        ];
      }),
    );
    return { tokens, statistics, tokenizer };
  },
};

/** Names papers by what the steps after the first read of them. */
export function papersFingerprint(papers: readonly SplitPaper[]): string {
  const hash = createHash('sha256');
  for (const { id, title, abstract, topic, role, split } of papers) {
    hash.update(`${id}\0${title}\0${abstract}\0${topic}\0${role}\0${split}\n`);
  }
  return hash.digest('hex').slice(0, 24);
}

/** What the report shows of step 2: lengths of the abstracts by topic, beside the limit in use. */
export interface TokenReport {
  summaries: TokenLengthSummary[];
  histogram: LengthHistogram;
  maxAbstractTokens: number;
}

export function tokenReport({ tokens }: Pick<Config, 'tokens'>, { statistics }: TokenizedDataset): TokenReport {
  const { summaries, histogram } = statistics.abstracts;
  return { summaries, histogram, maxAbstractTokens: tokens.maxAbstractTokens };
}
