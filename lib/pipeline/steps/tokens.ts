/**
 * Step 2: token ids of every paper, limits applied, and what the lengths say.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import type { PairDocument } from '../../datasets/pairs/pair.js';
import type { SplitPaper } from '../../datasets/paper.js';
import { StoredPaper } from '../../datasets/stored-paper.js';
import { readSentenceConfig } from '../../models/sentence/sentence-config.js';
import { limitTokens, preparedText, sentenceUse } from '../../models/sentence/sentence-use.js';
import type { LengthHistogram, TokenLengthSummary } from '../../tokens/length-statistics.js';
import { type PaperTokens, tokensInFile } from '../../tokens/paper-tokens.js';
import { promptsOfSets } from '../../tokens/set-prompts.js';
import { statisticsOfLengths, type TokenizedPaper, type TokenStatistics } from '../../tokens/token-statistics.js';
import { loadTokenizer, type Tokenizer } from '../../tokens/tokenizer.js';
import type { KnownDocument } from '../../training/pair-negatives.js';
import { papersFingerprint } from '../papers-fingerprint.js';
import type { Step } from '../step.js';
import { modelFolder } from './model.js';
import { storedTextTokens, storedTokens } from './stored-tokens.js';
import { tokenFileOfPapers } from './token-file-of-papers.js';

/** Token ids of all papers, and their lengths. */
export interface TokenizedDataset {
  /** By paper id. */
  tokens: PaperTokens;
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
    const maxTitleTokens = limitTokens(config.tokens.maxTitleTokens, use);
    const maxAbstractTokens = limitTokens(config.tokens.maxAbstractTokens, use);
    const truncated = ({ title, abstract }: TokenizedPaper): TokenizedPaper => ({
      title: tokenizer.truncate(title, maxTitleTokens),
      abstract: tokenizer.truncate(abstract, maxAbstractTokens),
    });
    const cache = join(config.cache, 'tokens');
    const store = { ...reporting, prompt: '', lowerCase, cache };
    const promptedOf = ({ title, abstract, topic }: SplitPaper): { title: string; abstract: string } => ({
      title: promptOf('query', topic) + title,
      abstract: promptOf('document', topic) + abstract,
    });
    const { lengths, tokens } =
      papers[0] instanceof StoredPaper
        ? await inFile(folder, papers, promptedOf, truncated, { ...reporting, lowerCase, cache })
        : inMemory(papers, await storedTokens(folder, papers.map(promptedOf), store), truncated);
    const texts = others.map(({ text, topic }) => promptOf('document', topic) + text);
    const wholeOthers = others.length === 0 ? [] : await storedTextTokens(folder, texts, store);
    const topics = papers.map((paper) => paper.topic);
    const { tokenBudget, pairs } = config.batches;
    const statistics = statisticsOfLengths(topics, lengths, {
      maxAbstractTokens,
      tokenBudget,
      pairs,
      seed: config.seed,
    });
    const documents = new Map(
      others.map(({ id, text }, i) => [
        id,
        { ids: tokenizer.truncate(wholeOthers[i] as Int32Array, maxAbstractTokens), text },
      ]),
    );
    return { tokens, documents, statistics, tokenizer };
  },
};

interface LengthsAndTokens {
  /** Before any limit. */
  lengths: { titles: number[]; abstracts: number[] };
  tokens: PaperTokens;
}

type Truncated = (tokens: TokenizedPaper) => TokenizedPaper;

function inMemory(
  papers: readonly SplitPaper[],
  whole: readonly TokenizedPaper[],
  truncated: Truncated,
): LengthsAndTokens {
  const titles = whole.map(({ title }) => title.length);
  const abstracts = whole.map(({ abstract }) => abstract.length);
  const tokens = new Map(papers.map(({ id }, i) => [id, truncated(whole[i] as TokenizedPaper)]));
  return { lengths: { titles, abstracts }, tokens };
}

/** Of papers whose texts are not in memory either. */
async function inFile(
  folder: string,
  papers: readonly SplitPaper[],
  promptedOf: (paper: SplitPaper) => { title: string; abstract: string },
  truncated: Truncated,
  { lowerCase, cache, ...reporting }: Reporting & { lowerCase: boolean; cache: string },
): Promise<LengthsAndTokens> {
  // prompts go by topic, so that those of one paper of each topic tell them all
  const prompts = new Map(papers.map((paper) => [paper.topic, paper]));
  const prompted = [...prompts.values()].map((paper) => promptedOf(paper));
  const file = await tokenFileOfPapers(folder, papers.length, {
    ...reporting,
    cache,
    key: JSON.stringify([papersFingerprint(papers), lowerCase, prompted]),
    textsOf(place) {
      const { title, abstract } = promptedOf(papers[place] as SplitPaper);
      return { title: preparedText(title, '', lowerCase), abstract: preparedText(abstract, '', lowerCase) };
    },
  });
  const lengths = { titles: [...file.titleLengths], abstracts: [...file.abstractLengths] };
  return { lengths, tokens: tokensInFile(papers, file, truncated) };
}

/** Names documents by what this step reads of them. */
export function documentsFingerprint(documents: readonly PairDocument[]): string {
  const hash = createHash('sha256');
  for (const { id, text, topic } of documents) hash.update(`${id}\0${text}\0${topic}\n`);
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
