/** Token ids to embeddings, in micro-batches that are halved where the device has not enough memory. */
import { throwIfAborted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { pipelined } from '../core/pipelined.js';
import { microBatches } from '../tokens/micro-batches.js';
import type { EncodingPlan } from './encoding-plan.js';
import { type EncoderOnEngine, retryOnOutOfMemory } from './retry-on-out-of-memory.js';

export interface EmbedOptions extends Reporting {
  /** Tokens of a micro-batch; by default that of the encoder. */
  tokenBudget?: number;
  /** A text longer than the budget passes alone instead of being refused. */
  longAlone?: boolean;
  task?: string;
  /** Whether a text is there already: micro-batches of such texts alone are left out, and the others stay as they are. */
  isDone?(text: number): boolean;
  /** Is given each micro-batch when it is done: which texts, their embeddings [texts, D], and what they took. */
  onBatch?(batch: EmbeddedMicroBatch): void | Promise<void>;
}

export interface EmbeddedMicroBatch {
  texts: number[];
  rows: Float32Array;
  tokens: number;
  /** Tokens with padding. */
  paddedTokens: number;
}

/** What of an encoder this needs. */
interface EmbeddingEncoder extends EncoderOnEngine {
  readonly dimensions: number;
  readonly encoding: EncodingPlan;
}

/** Batches under way at once while encoding: one computes, the next is being padded. */
const PIPELINE_DEPTH = 2;

/**
 * @returns [texts, D] in the order of the texts, pooled, not normalized; zeros for those that were left out
 * @throws UserError for a text without tokens  @throws WorkError for an embedding that is not finite
 */
export async function embedTokenIds(
  encoder: EmbeddingEncoder,
  texts: Int32Array[],
  options: EmbedOptions & { tokenBudget: number },
): Promise<Float32Array> {
  const { onProgress, onMessage, signal, task = 'encoding', longAlone = false } = options;
  const { encoding, dimensions: width } = encoder;
  const out = new Float32Array(texts.length * width);
  const lengths = texts.map((ids) => ids.length);
  const empty = lengths.indexOf(0);
  if (empty >= 0) throw new UserError(`text ${empty} has no tokens: expected at least one; drop empty texts`);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const sizes = texts.map((text) => encoding.rowsOf(text));
  const pending = new Set(lengths.keys());
  let done = 0;

  const compute = async (group: number[]) => {
    throwIfAborted(signal, 'texts of this call are encoded again next time');
    return encoding.encode(group.map((i) => texts[i] as Int32Array));
  };
  const use = async (rows: Float32Array, group: number[]) => {
    group.forEach((text, row) => {
      const values = rows.subarray(row * width, (row + 1) * width);
      checkFinite(values, text);
      out.set(values, text * width);
      pending.delete(text);
    });
    const tokens = sumOf(lengths, group);
    const padded = group.length * group.reduce((most, i) => Math.max(most, sizes[i] as number), 0);
    // of the rows that the encoder works on, padding has the share that it is said to have of the tokens
    const paddedTokens = Math.round((tokens * padded) / sumOf(sizes, group));
    await options.onBatch?.({ texts: group, rows, tokens, paddedTokens });
    done += tokens;
    onProgress?.({ task, done, total, unit: 'tokens' });
  };
  const encodePending = async (budget: number): Promise<void> => {
    const indices = [...pending];
    const pendingSizes = indices.map((i) => sizes[i] as number);
    const groups = groupTexts(pendingSizes, budget, longAlone).map((group) => group.map((i) => indices[i] as number));
    const isLeftOut = (group: number[]): boolean => options.isDone !== undefined && group.every(options.isDone);
    for (const text of groups.filter(isLeftOut).flat()) pending.delete(text);
    const rest = groups.filter((group) => !isLeftOut(group));
    await pipelined(rest, PIPELINE_DEPTH, compute, use);
  };
  await encoding.prepare?.(texts);
  await retryOnOutOfMemory(encoder, sizes, options.tokenBudget, encodePending, onMessage);
  return out;
}

function sumOf(values: readonly number[], members: readonly number[]): number {
  return members.reduce((sum, i) => sum + (values[i] as number), 0);
}

function checkFinite(values: Float32Array, text: number): void {
  if (values.every(Number.isFinite)) return;
  throw new WorkError(
    `the embedding of text ${text} is not finite: training diverged (lower training.learningRate), or the weights are damaged`,
  );
}

/**
 * Texts that pass together, the longest first; with `longAlone` those beyond the budget pass alone, else they are refused.
 *
 * @param groupCost as of {@link microBatches}
 */
export function groupTexts(lengths: number[], tokenBudget: number, longAlone: boolean, groupCost?: number): number[][] {
  const long = longAlone ? lengths.flatMap((length, text) => (length > tokenBudget ? [text] : [])) : [];
  if (long.length === 0) return microBatches(lengths, tokenBudget, groupCost);
  const others = lengths.flatMap((length, text) => (length > tokenBudget ? [] : [text]));
  const groups = microBatches(
    others.map((text) => lengths[text] as number),
    tokenBudget,
    groupCost,
  );
  return [...long.map((text) => [text]), ...groups.map((group) => group.map((i) => others[i] as number))];
}
