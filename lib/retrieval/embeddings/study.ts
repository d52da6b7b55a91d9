/**
 * What is looked at while a system's embeddings are at hand, so that nobody has to keep them: their geometry, what
 * shorter vectors would find, and how the index does against exact search.
 */
import type { Reporting } from '../../core/events.js';
import { type IndexQuality, measureIndex } from '../index/index-quality.js';
import type { Matmul, VectorIndex } from '../index/vector-index.js';
import type { Qrels, Run } from '../ranking.js';
import { type EmbeddingQuality, embeddingQuality } from './quality.js';
import { type QuantizationPlan, type QuantizedRun, searchQuantized } from './quantized.js';
import { searchTruncated, truncatedLengths } from './truncated.js';

/** What the study needs to know beside the embeddings. */
export interface StudyOptions {
  qrels: Qrels;
  /** Lengths to cut embeddings to; null: a half, a quarter, an eighth. */
  dimensions: readonly number[] | null;
  seed: number;
  /** Precisions to search documents in; absent: full precision alone. */
  quantization?: QuantizationPlan;
}

export interface EmbeddingStudy {
  quality: EmbeddingQuality;
  /** Runs of shortened vectors, shortest first. */
  truncated: { dimensions: number; run: Run }[];
  index: IndexQuality;
  /** Searches in fewer bits, that in full precision first; empty where none was asked for. */
  quantized: QuantizedRun[];
}

export interface StudiedEmbeddings {
  /** Unit rows [n, d], those of the index. */
  documents: Float32Array;
  /** Unit rows [q, d]. */
  queries: Float32Array;
  queryIds: readonly string[];
  index: VectorIndex;
  depth: number;
  matmul?: Matmul | undefined;
}

export async function studyEmbeddings(
  plan: StudyOptions,
  embedded: StudiedEmbeddings,
  reporting: Reporting,
): Promise<EmbeddingStudy> {
  const { documents, queries, queryIds, index, depth, matmul } = embedded;
  const { ids, dimensions } = index;
  const { seed } = plan;
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const relevant = queryIds.flatMap((id, query) =>
    [...(plan.qrels.get(id) ?? [])].flatMap(([of, grade]) => {
      const document = grade >= 1 ? rowOf.get(of) : undefined;
      return document === undefined ? [] : [{ query, document }];
    }),
  );
  const truncated: EmbeddingStudy['truncated'] = [];
  const search = { ids, documents, queryIds, queries, dimensions, depth, matmul };
  for (const length of truncatedLengths(dimensions, plan.dimensions)) {
    truncated.push({ dimensions: length, run: await searchTruncated(search, length, reporting) });
  }
  return {
    quantized: plan.quantization ? await searchQuantized(search, plan.quantization, reporting) : [],
    quality: embeddingQuality({ documents, queries, dimensions, relevant }, seed),
    truncated,
    index: await measureIndex(index, { vectors: documents, queries, seed, matmul, ...reporting }),
  };
}
