/** Step 6: systems, metrics, index and statistics. */
import { z } from 'zod';
import { count, share } from './numbers.js';

export const evaluationSchema = z.strictObject({
  systems: z
    .array(z.string().min(1))
    .min(1)
    .default(['untuned', 'tuned', 'bm25', 'hybrid', 'openai'])
    .describe('what is compared, by name: the help of `evaluate` lists the systems there are'),
  split: z
    .enum(['test', 'validation'])
    .default('test')
    .describe('side that is searched and asked about; choose hyperparameters on validation, report on test'),
  queries: z
    .enum(['main', 'all'])
    .default('main')
    .describe('whose titles are the queries: of the main topic, or all; the corpus always holds every test abstract'),
  questions: z
    .string()
    .min(1)
    .nullable()
    .default('auto')
    .describe(
      'questions about the papers, asked beside their titles: JSON lines with paper (its id) and question; auto: those of the sample corpus, which are synthetic, and none of others; null: none',
    ),
  metrics: z
    .array(
      // which metrics there are, evaluation/metrics/registry.ts knows; here is what a name looks like
      z.string().regex(/^\s*[a-z][a-z0-9-]*(@[1-9][0-9]{0,8})?\s*$/i, 'expected a metric such as recall@10'),
    )
    .min(1)
    .default([
      'success@1',
      'mrr@10',
      'ndcg@10',
      'recall@1',
      'recall@5',
      'recall@10',
      'recall@50',
      'precision@1',
      'precision@10',
    ])
    .describe('names as in the report: the help of `metrics` lists them, docs/metrics.md defines them'),
  bootstrapSamples: z.number().int().min(100).default(2000).describe('resamples for the 95 % intervals'),
  index: z.enum(['flat', 'hnsw', 'ivf', 'pq']).default('flat').describe('flat is exact'),
  dimensions: z
    .array(count())
    .nullable()
    .default(null)
    .describe(
      'embeddings are also evaluated truncated to these many first dimensions; null: to a half, a quarter and an eighth; []: not at all',
    ),
  quantization: z
    .array(z.enum(['float32', 'int8', 'binary']))
    .default([])
    .describe('embeddings of documents are also evaluated in these precisions, calibrated on the corpus'),
  rescoringMultiplier: count()
    .max(1000)
    .default(4)
    .describe('candidates that are scored again in full precision, as a multiple of the results wanted; 1: none'),
  bm25: z
    .strictObject({
      k1: z.number().min(0).max(100).nullable().default(null).describe('saturation of the term frequency'),
      b: share().nullable().default(null).describe('how much long documents are held back'),
    })
    .prefault({})
    .describe(
      "null: 1.2 and 0.75, the stronger ones on titles; on BEIR folders 0.9 and 0.4, those of Anserini's baselines",
    ),
  fusionTitles: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'where every title of a corpus is asked: so many are kept out of the report, and hybrids choose their fusion by them; 0: they take a weighted sum with .5',
    ),
  openaiBaseUrl: z
    .url()
    .nullable()
    .default(null)
    .describe('another service with the same API; null: OPENAI_BASE_URL, or OpenAI'),
  openaiModel: z.string().min(1).default('text-embedding-3-small'),
  openaiDimensions: count().nullable().default(null).describe('null: all that the model has'),
  openaiBatchTexts: count().max(2048).default(2048).describe('texts per request; halved where the service refuses'),
  openaiCostLimit: z.number().min(0).default(1).describe('US dollars; an estimate above it asks before it spends'),
});
