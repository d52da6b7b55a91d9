/** The papers of a run, ready to be searched by its encoder, by BM25 and by both; what `search --corpus all` finds. */

import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { SplitPaper } from '../datasets/paper.js';
import { matmulTransposed } from '../engine/matmul.js';
import { limitTokens, sentenceUse } from '../models/sentence/sentence-use.js';
import { bm25Options } from '../retrieval/systems/bm25.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import { embedAll, type Prompted } from '../retrieval/systems/embedding-system.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import type { CorpusDocument } from '../retrieval/systems/retrieval-system.js';
import { HYBRID_DEPTH } from '../retrieval/systems/search-by.js';
import { validationTask, wholeCorpus } from './evaluation-task.js';
import { beginningOfText } from './pair-tasks.js';
import { type SearchResult, sharedPrompt } from './search.js';
import { type IndexContents, openSearchIndex, type SearchSystem } from './search-index.js';
import type { StepResults } from './step-results.js';
import type { TextEncoder } from './text-encoder.js';

export interface PaperIndex {
  readonly papers: readonly SplitPaper[];
  /** What is searched: the papers' abstracts, or the documents of pairs. */
  readonly corpus: readonly CorpusDocument[];
  readonly contents: IndexContents;
  /** How a query becomes token ids. */
  readonly query: QueryUse;
  search(query: string, k: number, system?: SearchSystem, reporting?: Reporting): Promise<SearchResult[]>;
  close(): Promise<void>;
}

/** What is put before a query, and how many tokens of it are read. */
export interface QueryUse {
  prompt: string;
  maxLength: number;
}

/** Embeds token ids [n]: rows [n, D], pooled. A server passes its queue. */
export type EmbedIds = (ids: Int32Array[], reporting: Reporting) => Promise<Float32Array>;

/**
 * @param embedQuery by which the tokens of a query become its vector; the encoder unless told otherwise
 */
export async function openPaperIndex(
  results: StepResults,
  config: Config,
  textEncoder: TextEncoder,
  { embedQuery, ...reporting }: Reporting & { embedQuery?: EmbedIds } = {},
): Promise<PaperIndex> {
  const { encoder, isTuned } = textEncoder.opened;
  const name = isTuned ? 'tuned' : 'untuned';
  const dataset = await results.dataset(config, reporting);
  const { papers } = dataset;
  const corpus = wholeCorpus(config, dataset);
  // documents whose data set has a prompt of its own
  const prompts = new Map(corpus.flatMap(({ text, prompt }) => (prompt === undefined ? [] : [[text, prompt]])));
  const promptedText = (text: string): Prompted => {
    const prompt = prompts.get(text);
    return prompt === undefined ? { text } : { text, prompt };
  };
  const validation = validationTask(config, dataset);
  const model = cachedModel(encoderModel(name, encoder, config), { folder: join(config.cache, 'embeddings') });
  const use = sentenceUse(config.encoder, encoder.base.sentence);
  const shared = sharedPrompt(config, reporting);
  const { prompt = use.prompts.query } = shared;
  const ofQuery = { prompt, maxLength: limitTokens(config.tokens.maxTitleTokens, use) };
  const embedIds = embedQuery ?? ((ids) => encoder.embed(ids, { longAlone: true }));
  const products = matmulTransposed(encoder.base.engine);
  const index = await openSearchIndex(
    corpus.map(({ id, text }) => ({ id, text })),
    {
      ...reporting,
      dimensions: encoder.dimensions,
      kind: config.evaluation.index,
      bm25: bm25Options(config),
      matmul: (left, right, width) => products(left, right, width),
      ...(validation && { validation: { ...validation, depth: HYBRID_DEPTH } }),
      async embed(texts, kind, during) {
        // single queries come at any time, and are not worth a place in the cache
        if (kind === 'document' && prompts.size > 0)
          return (await embedAll(model, texts.map(promptedText), kind, during)).vectors;
        if (kind === 'document') return model.embed([...texts], kind, during);
        if (texts.length > 1) return model.embed([...texts], kind, { ...during, ...shared });
        const ids = await textEncoder.tokenize(texts, {
          ...ofQuery,
          inThisThread: true,
          ...(during.signal && { signal: during.signal }),
        });
        return ids[0]?.length === 0 ? new Float32Array(encoder.dimensions) : embedIds(ids, during);
      },
    },
  );
  const byId = new Map(corpus.map((document) => [document.id, document]));
  return {
    papers,
    corpus,
    contents: index.contents,
    query: { prompt, maxLength: Math.min(ofQuery.maxLength, textEncoder.opened.maxLength) },
    async search(query, k, system = 'encoder', during = {}) {
      const found = await index.search(query, k, { system, ...during });
      return found.map(({ id, score }) => {
        const { text: abstract, title = beginningOfText(abstract), topic = '' } = byId.get(id) as CorpusDocument;
        return { id, title, topic, abstract, score, system: system === 'encoder' ? name : system };
      });
    },
    close: index.close,
  };
}
