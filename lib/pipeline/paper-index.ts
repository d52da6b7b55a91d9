/** The papers of a run, ready to be searched by its encoder, by BM25 and by both; what `search --corpus all` finds. */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { SplitPaper } from '../datasets/paper.js';
import { matmulTransposed } from '../engine/matmul.js';
import { limitTokens, sentenceUse } from '../models/sentence/sentence-use.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import { validationTask } from './evaluation-task.js';
import { HYBRID_DEPTH, type SearchResult } from './search.js';
import { openSearchIndex, type SearchSystem } from './search-index.js';
import type { StepResults } from './step-results.js';
import type { TextEncoder } from './text-encoder.js';

export interface PaperIndex {
  readonly papers: readonly SplitPaper[];
  search(query: string, k: number, system?: SearchSystem, reporting?: Reporting): Promise<SearchResult[]>;
  close(): Promise<void>;
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
  const { papers } = await results.dataset(config, reporting);
  const validation = validationTask(config, papers);
  const model = cachedModel(encoderModel(name, encoder, config), { folder: join(config.cache, 'embeddings') });
  const use = sentenceUse(config.encoder, encoder.base.sentence);
  const ofQuery = { prompt: use.prompts.query, maxLength: limitTokens(config.tokens.maxTitleTokens, use) };
  const embedIds = embedQuery ?? ((ids) => encoder.embed(ids, { longAlone: true }));
  const products = matmulTransposed(encoder.base.engine);
  const { k1, b } = config.evaluation.bm25;
  const index = await openSearchIndex(
    papers.map(({ id, abstract }) => ({ id, text: abstract })),
    {
      ...reporting,
      dimensions: encoder.dimensions,
      kind: config.evaluation.index,
      bm25: { k1: k1 ?? undefined, b: b ?? undefined },
      matmul: (left, right, width) => products(left, right, width),
      ...(validation && { validation: { ...validation, depth: HYBRID_DEPTH } }),
      async embed(texts, kind, during) {
        // single queries come at any time, and are not worth a place in the cache
        if (kind === 'document' || texts.length > 1) return model.embed([...texts], kind, during);
        const ids = await textEncoder.tokenize(texts, {
          ...ofQuery,
          inThisThread: true,
          ...(during.signal && { signal: during.signal }),
        });
        return ids[0]?.length === 0 ? new Float32Array(encoder.dimensions) : embedIds(ids, during);
      },
    },
  );
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  return {
    papers,
    async search(query, k, system = 'encoder', during = {}) {
      const found = await index.search(query, k, { system, ...during });
      return found.map(({ id, score }) => {
        const { title, topic, abstract } = byId.get(id) as SplitPaper;
        return { id, title, topic, abstract, score, system: system === 'encoder' ? name : system };
      });
    },
    close: index.close,
  };
}
