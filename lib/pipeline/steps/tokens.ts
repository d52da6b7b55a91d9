/**
 * Step 2: token ids of every paper, limits applied, and what the lengths say.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import type { PairDocument } from '../../datasets/pairs/pair.js';
import type { SplitPaper } from '../../datasets/paper.js';
import { readSentenceConfig } from '../../models/sentence/sentence-config.js';
import { limitTokens, sentenceUse } from '../../models/sentence/sentence-use.js';
import type { LengthHistogram, TokenLengthSummary } from '../../tokens/length-statistics.js';
import { promptsOfSets } from '../../tokens/set-prompts.js';
import { type TokenizedPaper, type TokenStatistics, tokenStatistics } from '../../tokens/token-statistics.js';
import { loadTokenizer, type Tokenizer } from '../../tokens/tokenizer.js';
import type { KnownDocument } from '../../training/pair-negatives.js';
import type { Step } from '../step.js';
import { modelFolder } from './model.js';
import { storedTextTokens, storedTokens } from './stored-tokens.js';

/** Token ids of all papers, and their lengths. */
export interface TokenizedDataset {
  /** By paper id. */
  tokens: Map<string, TokenizedPaper>;
  /** Of documents that are of no pair, by document id; empty for papers. */
  documents: Map<string, KnownDocument>;
  statistics: TokenStatistics;
  tokenizer: Tokenizer;
}

export const tokensStep: Step<[SplitPaper[], Reporting?, PairDocument[]?], TokenizedDataset> = {
  name: 'tokens',
  reads: [
    'encoder.model',
    'encoder.revision',
    'encoder.pooling',
    'encoder.queryPrompt',
    'encoder.documentPrompt',
    'encoder.maxTokens',
    'encoder.similarity',
    // whose prompts a data set may set
    'datasets.sets',
    'tokens',
    // the statistics compare batching strategies under this budget
    'batches.pairs',
    'batches.tokenBudget',
    'seed',
  ],
  ignores: ['cache'],
  async run(config, papers, reporting = {}, others = []) {
    const folder = await modelFolder(config, reporting);
    const tokenizer = await loadTokenizer(folder);
    const sentence = await readSentenceConfig(folder);
    const use = sentenceUse(config.encoder, sentence);
    const { lowerCase } = use;
    const promptOf = promptsOfSets(config, use, sentence);
    const store = { ...reporting, prompt: '', lowerCase, cache: join(config.cache, 'tokens') };
    const prompted = papers.map(({ title, abstract, topic }) => ({
      title: promptOf('query', topic) + title,
      abstract: promptOf('document', topic) + abstract,
    }));
    const whole = await storedTokens(folder, prompted, store);
    const texts = others.map(({ text, topic }) => promptOf('document', topic) + text);
    const wholeOthers = others.length === 0 ? [] : await storedTextTokens(folder, texts, store);
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
    const documents = new Map(
      others.map(({ id, text }, i) => [
        id,
        { ids: tokenizer.truncate(wholeOthers[i] as Int32Array, maxAbstractTokens), text },
      ]),
    );
    return { tokens, documents, statistics, tokenizer };
  },
};

/** Names documents by what this step reads of them. */
export function documentsFingerprint(documents: readonly PairDocument[]): string {
  const hash = createHash('sha256');
  for (const { id, text, topic } of documents) hash.update(`${id}\0${text}\0${topic}\n`);
  return hash.digest('hex').slice(0, 24);
}

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
