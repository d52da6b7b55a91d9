/** What a finished encoder is worth: its folder, read as any model, beside BM25 and the hybrid of both on papers kept out. */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { SourceRecord } from '../datasets/record.js';
import { configuredTopics, topicLookup } from '../datasets/topics.js';
import { createEncoder } from '../encoder/encoder.js';
import { matmulTransposed } from '../engine/matmul.js';
import type { Engine } from '../engine/types.js';
import { type EvaluateOptions, evaluate } from '../evaluation/evaluate.js';
import type { Report } from '../evaluation/report.js';
import { loadBaseModel } from '../models/base-model.js';
import { createSystems } from '../retrieval/systems/create-systems.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';

/** Systems ("untuned" is the encoder), comparisons and topics as in a report. */
export interface PretrainingQuality extends Pick<Report, 'systems' | 'comparisons'> {
  papers: number;
  topics: NonNullable<Report['topics']>;
}

/**
 * Titles of the papers against their abstracts.
 *
 * @param papers.test what is reported on  @param papers.validation by what the hybrid weighs its parts
 */
export async function measureEncoder(
  folder: string,
  papers: { test: readonly SourceRecord[]; validation: readonly SourceRecord[] },
  engine: Engine,
  config: Config,
  reporting: Reporting,
): Promise<PretrainingQuality> {
  const base = await loadBaseModel(folder, engine, reporting);
  const encoder = await createEncoder(base, { pooling: 'mean', tokenBudget: config.batches.tokenBudget });
  const measured: Config = {
    ...config,
    // whole texts, as BM25 reads them: the 99th percentile of abstracts is below this
    tokens: { ...config.tokens, maxTitleTokens: 128, maxAbstractTokens: 768 },
    evaluation: {
      ...config.evaluation,
      systems: ['untuned', 'bm25', 'hybrid'],
      metrics: ['success@1', 'mrr@10', 'recall@10'],
      index: 'flat',
    },
  };
  const { systems, skipped, close } = await createSystems({
    ...reporting,
    config: measured,
    matmul: matmulTransposed(engine),
    untuned: async () => encoderModel('untuned', encoder, measured),
    tuned: null,
  });
  const lookup = topicLookup(configuredTopics(config.datasets.categories));
  const topicOf = ({ categories }: SourceRecord): string => lookup(categories[0] ?? '')?.name ?? 'other';
  try {
    const { report } = await evaluate({
      ...reporting,
      config: measured,
      ...titlesOverAbstracts(papers.test, topicOf),
      validation: titlesOverAbstracts(papers.validation, topicOf),
      systems,
      skipped,
    });
    const { systems: measuredSystems, comparisons, topics = [] } = report;
    return { papers: papers.test.length, systems: measuredSystems, comparisons, topics };
  } finally {
    await close();
    await encoder.dispose();
    base.dispose();
  }
}

function titlesOverAbstracts(
  papers: readonly SourceRecord[],
  topicOf: (paper: SourceRecord) => string,
): Pick<EvaluateOptions, 'corpus' | 'queries' | 'qrels'> {
  const identity = (paper: SourceRecord) => ({ id: paper.id, topic: topicOf(paper) });
  return {
    corpus: papers.map((paper) => ({ ...identity(paper), text: paper.abstract, title: paper.title })),
    queries: papers.map((paper) => ({ ...identity(paper), text: paper.title })),
    qrels: new Map(papers.map(({ id }) => [id, new Map([[id, 1]])])),
  };
}
