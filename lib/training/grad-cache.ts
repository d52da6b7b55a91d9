/**
 * GradCache (Gao et al., 2021, "Scaling deep contrastive learning batch size under memory limited setup",
 * arXiv:2101.06983): the exact gradient of a contrastive loss over a batch of any size, in the memory of one micro-batch.
 *
 *   1. embed all texts of the batch, micro-batch by micro-batch, keeping only the embeddings
 *   2. the loss over all of them, and its gradient with respect to each embedding
 *   3. each micro-batch again, forward and backward, from the gradients of its embeddings
 *
 * Over several ranks each takes some of the micro-batches (rank-parts.ts). The embeddings are gathered between 1 and 2, so
 * that all have the loss of the whole batch; the gradients of 3 are of the rank's own texts, and their sum over ranks is
 * that of the batch.
 *
 * Plain gradient accumulation would not do: a query's negatives are the documents it meets in the softmax, and averaging
 * gradients over batches adds none. With the layerwise plan, step 1 keeps the inputs of the layers as long as
 * `activationBudget` lasts, and step 3 then costs no more than a backward pass with recomputation; what is left of the budget
 * saves recomputation too.
 */

import { throwIfAborted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { pipelined } from '../core/pipelined.js';
import { quantity } from '../core/quantity.js';
import { type Communicator, ONE_PROCESS } from '../distributed/communicator.js';
import type { PaddedBatch } from '../encoder/batch-inputs.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Gradients, SavedActivations } from '../encoder/execution-plan.js';
import { gradientOfRows } from '../encoder/full-parameters.js';
import { dropoutMasks } from '../encoder/lora.js';
import { cachedBudget, retryOnOutOfMemory } from '../encoder/retry-on-out-of-memory.js';
import type { TensorData } from '../engine/types.js';
import type { Loss, LossBatch, LossResult } from '../losses/loss.js';
import { tokenTableName } from '../models/parameters.js';
import { microBatches } from '../tokens/micro-batches.js';
import { allotMemory } from './activation-shares.js';
import { DivergedError } from './divergence.js';
import { gatherRows, masksOfPart, paddedTokensOf, partsOfRanks, type RankPart } from './rank-parts.js';

export interface GradCacheOptions {
  /** Tokens of a micro-batch, padding included. */
  tokenBudget: number;
  /** Bytes of activations kept from the first to the second pass. */
  activationBudget: number;
  /**
   * Rows of the embedding table that are trained, rising (full-parameters.ts): every token of the batch is among them.
   * The gradient of the table is of these rows. Absent where the table is not trained.
   */
  embeddingRows?: Int32Array;
  /** Dropout of the adapters, seeded by what names this batch. */
  dropout: { probability: number; seed: number; labels: (string | number)[] };
  /** What the loss may want to know of the batch. */
  lossBatch?: LossBatch;
  /** Who shares the batch; all of them call with the same one. Absent: nobody. */
  communicator?: Communicator;
  signal?: AbortSignal;
  onMessage?: Reporting['onMessage'];
}

export interface GradCacheResult {
  loss: number;
  /** See {@link LossResult}. */
  chance?: number;
  /** Over several ranks those of this rank's texts, empty where it has none. */
  gradients: Gradients;
  /** Tokens of the batch that are not padding, each counted once. */
  tokens: number;
  /** Tokens with padding. */
  paddedTokens: number;
  /** The same by rank. */
  rankTokens: number[];
  /** Milliseconds of the three parts; what ranks do together is in the communicator's time. */
  timing: { embed: number; loss: number; backward: number };
}

/**
 * Loss and gradients of one batch of query-document pairs, given as token ids.
 *
 * @throws DivergedError where the loss is not finite
 */
export async function gradCache(
  encoder: Encoder,
  loss: Loss,
  queries: Int32Array[],
  documents: Int32Array[],
  options: GradCacheOptions,
): Promise<GradCacheResult> {
  const lengths = [...queries, ...documents].map((ids) => ids.length);
  // the whole batch again where memory ran out: both passes must see the same micro-batches
  const compute = (tokenBudget: number): Promise<GradCacheResult> =>
    gradientsOfBatch(encoder, loss, queries, documents, { ...options, tokenBudget });
  // ranks must agree on the micro-batches, and none can try again alone
  if (options.communicator && options.communicator.size > 1) {
    return compute(cachedBudget(encoder, options.tokenBudget, lengths));
  }
  return retryOnOutOfMemory(encoder, lengths, options.tokenBudget, compute, options.onMessage);
}

async function gradientsOfBatch(
  encoder: Encoder,
  loss: Loss,
  queries: Int32Array[],
  documents: Int32Array[],
  options: GradCacheOptions,
): Promise<GradCacheResult> {
  const { communicator = ONE_PROCESS } = options;
  const texts = [...queries, ...documents];
  const width = encoder.dimensions;
  const lengths = texts.map((ids) => ids.length);
  const shares = partsOfRanks(microBatches(lengths, options.tokenBudget), lengths, communicator.size);
  const parts = (shares[communicator.rank] as RankPart[]).map((part) => makePart(encoder, part, texts, options));
  const own = new Float32Array(parts.reduce((sum, { rows }) => sum + rows.length, 0) * width);
  // one micro-batch computes while the next is prepared; the layerwise plan has too much in flight for two
  const depth = encoder.plan.name === 'layerwise' ? 1 : 2;
  const saved = new Map<Part, SavedActivations>();
  const start = performance.now();
  let filled = 0;
  try {
    allotMemory(encoder, parts, lengths, options.activationBudget);
    await pipelined(
      parts,
      depth,
      (part) => {
        throwIfAborted(options.signal, 'the step under way is discarded');
        const { batch, masks } = part.prepare();
        return encoder.forward(batch, masks, part.activationBudget);
      },
      (result, part) => {
        own.set(result.embeddings.data as Float32Array, filled);
        filled += part.rows.length * width;
        if (result.saved) saved.set(part, result.saved);
      },
    );
    const embedded = performance.now();
    const embeddings = await gatherRows(communicator, shares, own, width);
    const gathered = performance.now();
    const rankTokens = paddedTokensOf(shares, lengths);
    const split = queries.length * width;
    const result = await loss.compute(embeddings.subarray(0, split), embeddings.subarray(split), options.lossBatch);
    checkResult(result, split, embeddings.length - split);
    const gradient = new Float32Array(embeddings.length);
    gradient.set(result.queryGradient, 0);
    gradient.set(result.documentGradient, split);
    const differentiated = performance.now();

    const gradients: Gradients = new Map();
    await pipelined(
      parts,
      depth,
      async (part) => {
        throwIfAborted(options.signal, 'the step under way is discarded');
        const activations = saved.get(part);
        saved.delete(part);
        return backwardOf(encoder, part, pickRows(gradient, part.rows, width), activations, options);
      },
      (partGradients) => accumulate(gradients, partGradients),
    );
    return {
      loss: result.loss,
      chance: result.chance,
      gradients,
      tokens: lengths.reduce((total, length) => total + length, 0),
      paddedTokens: rankTokens.reduce((total, padded) => total + padded, 0),
      rankTokens,
      timing: {
        embed: embedded - start,
        loss: differentiated - gathered,
        backward: performance.now() - differentiated,
      },
    };
  } finally {
    for (const { tensors } of saved.values()) encoder.base.engine.release(tensors);
  }
}

/** Gradients of one part, those of the embedding table by its trained rows. */
async function backwardOf(
  encoder: Encoder,
  part: Part,
  gradient: Float32Array,
  activations: SavedActivations | undefined,
  { embeddingRows }: GradCacheOptions,
): Promise<Gradients> {
  const { batch, masks } = part.prepare();
  const computed = await encoder.backward(batch, gradient, masks, activations);
  const hidden = computed.get('hidden');
  if (!hidden || !embeddingRows) return computed;
  computed.delete('hidden');
  const table = tokenTableName(encoder.base.config);
  return computed.set(table, gradientOfRows(embeddingRows, batch.tokenIds, hidden));
}

function checkResult({ loss, queryGradient, documentGradient }: LossResult, queries: number, documents: number): void {
  if (!Number.isFinite(loss)) throw new DivergedError(`the loss is ${loss}`);
  if (queryGradient.length !== queries || documentGradient.length !== documents) {
    throw new UserError(
      `the loss gave gradients of ${queryGradient.length} and ${quantity(documentGradient.length, 'values')}: expected ${queries} and ${documents}, as the queries and documents it was given`,
    );
  }
}

interface Part {
  /** Positions of its texts among all texts of the batch. */
  rows: number[];
  /** Bytes that it may keep from the first to the second pass. */
  activationBudget: number;
  /** Inputs and dropout masks, the same for both passes; made for each, so that the masks of all parts never fill the memory. */
  prepare(): { batch: PaddedBatch; masks: Record<string, TensorData> };
}

function makePart(encoder: Encoder, part: RankPart, texts: Int32Array[], { dropout }: GradCacheOptions): Part {
  const { probability, seed, labels } = dropout;
  const { rows, slots, group, groupLength } = part;
  // masks are drawn text by text: those behind the last text of this rank are not needed
  const maskRows = ((slots.at(-1) as number) + 1) * groupLength;
  return {
    rows,
    activationBudget: 0,
    prepare() {
      const batch = encoder.pad(rows.map((i) => texts[i] as Int32Array));
      const masks = dropoutMasks(encoder.dropout, probability, maskRows, seed, [...labels, group]);
      return { batch, masks: masksOfPart(masks, part, batch.sequence) };
    },
  };
}

/** total += part; a part seen first becomes the total, and changes with it. Sums in 32 bits, in the order of the calls. */
export function accumulate(total: Gradients, part: Gradients): void {
  for (const [name, values] of part) {
    const sum = total.get(name);
    if (!sum) total.set(name, values);
    else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
  }
}

/** @param from [N, width]  @returns those rows of it */
export function pickRows(from: Float32Array, rows: number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(from.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}
