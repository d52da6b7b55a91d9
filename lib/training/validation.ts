/**
 * Validation during training: MRR@10 of titles against abstracts of the validation split, small enough to repeat every few
 * steps. It chooses the best adapter and its strength, and the fusion of hybrids; the reported numbers come from the test
 * split.
 */

import type { Config } from '../config/config.js';
import { mean } from '../core/mean.js';
import { Random } from '../core/random.js';
import { reciprocalRankOf } from '../core/reciprocal-rank.js';
import { dot, normalizeRowsInPlace } from '../core/rows.js';
import type { SplitPaper } from '../datasets/paper.js';
import { type Communicator, ONE_PROCESS } from '../distributed/communicator.js';
import type { Encoder } from '../encoder/encoder.js';
import { cachedBudget } from '../encoder/retry-on-out-of-memory.js';
import { microBatches } from '../tokens/micro-batches.js';
import { gatherRows, partsOfRanks, type RankPart } from './rank-parts.js';

/** Depth of the reciprocal rank. */
const DEPTH = 10;

export interface ValidationSet {
  /** The corpus; the queries' own papers come first. */
  papers: SplitPaper[];
  /** How many of the papers are queries too. */
  queries: number;
}

/**
 * Validation papers, sampled down to `training.validationPapers`. Queries are the papers that the evaluation asks about
 * (evaluation.queries), and take at most half of the places where they are only of the main topic.
 */
export function validationSet(
  papers: SplitPaper[],
  config: Pick<Config, 'seed' | 'training' | 'evaluation'>,
): ValidationSet {
  const side = new Random(config.seed, 'validation').shuffle(papers.filter((paper) => paper.split === 'validation'));
  const limit = config.training.validationPapers ?? side.length;
  if (config.evaluation.queries === 'all') {
    const kept = side.slice(0, limit);
    return { papers: kept, queries: kept.length };
  }
  const main = side.filter((paper) => paper.role === 'main');
  const others = side.filter((paper) => paper.role !== 'main');
  const queries = main.slice(0, Math.max(limit - others.length, Math.ceil(limit / 2)));
  return { papers: [...queries, ...others.slice(0, limit - queries.length)], queries: queries.length };
}

/** MRR@10: query i must find document i among all documents, or one of `relevant[i]`. */
export async function validationMrr(...task: Parameters<typeof reciprocalRanks>): Promise<number> {
  return mean(await reciprocalRanks(...task));
}

/** What {@link validationMrr} is the mean of: a query's reciprocal rank, 0 beyond the depth. */
export async function reciprocalRanks(
  encoder: Encoder,
  queries: Int32Array[],
  documents: Int32Array[],
  {
    relevant,
    communicator = ONE_PROCESS,
    ...options
  }: {
    tokenBudget: number;
    signal?: AbortSignal;
    /** Of each query, the places of the documents that answer it; absent: that of its own number. */
    relevant?: readonly (readonly number[])[];
    /** Who embeds a part of the texts each. */
    communicator?: Communicator;
  },
): Promise<Float64Array> {
  const width = encoder.dimensions;
  const queryRows = normalizeRowsInPlace(await embedOverRanks(communicator, encoder, queries, options), width);
  const documentRows = normalizeRowsInPlace(await embedOverRanks(communicator, encoder, documents, options), width);
  const ranks = new Float64Array(queries.length);
  for (let i = 0; i < queries.length; i++) {
    const scoreOf = (j: number): number => dot(queryRows, i * width, documentRows, j * width, width);
    // the first of several that is found counts; no other of them stands before it
    const ranked = (relevant?.[i] ?? [i]).map((own) => reciprocalRankOf(DEPTH, own, documents.length, scoreOf));
    ranks[i] = Math.max(...ranked);
  }
  return ranks;
}

/** Embeddings [texts, D] of all texts, on every rank; each rank embeds a part of them. */
async function embedOverRanks(
  communicator: Communicator,
  encoder: Encoder,
  texts: Int32Array[],
  options: { tokenBudget: number; signal?: AbortSignal },
): Promise<Float32Array> {
  if (communicator.size === 1) return encoder.embed(texts, options);
  const lengths = texts.map((ids) => ids.length);
  const tokenBudget = cachedBudget(encoder, options.tokenBudget, lengths);
  const shares = partsOfRanks(microBatches(lengths, tokenBudget), lengths, communicator.size);
  const rows = (shares[communicator.rank] as RankPart[]).flatMap((part) => part.rows);
  const own = rows.map((row) => texts[row] as Int32Array);
  const embedded = own.length === 0 ? new Float32Array() : await encoder.embed(own, options);
  return gatherRows(communicator, shares, embedded, encoder.dimensions);
}
