/**
 * Texts of many requests through one encoder. Whatever waits when the encoder is free goes into the next micro-batches:
 * texts of like length together, so that little is padded, under the encoder's token budget. What is taken at once lasts
 * about half a second: a request that comes later does not wait longer for its turn.
 */

import { pipelined } from '../core/pipelined.js';
import { agreeing, quantity } from '../core/quantity.js';
import { groupTexts } from '../encoder/embed-token-ids.js';
import { Job, type Taken, tokensOf, WaitingTexts } from './waiting-texts.js';

/** Embeds texts: rows [n, D], pooled. `padded` is told how many tokens that took, padding included. */
export type EmbedBatch = (ids: Int32Array[], padded: (tokens: number) => void) => Promise<Float32Array>;

export interface BatchQueueOptions {
  embed: EmbedBatch;
  /** D */
  dimensions: number;
  /** Tokens of a micro-batch; a longer text passes alone. */
  tokenBudget: number;
  /** Tokens that may wait. */
  most: number;
  /** What a micro-batch costs beside its tokens, in tokens; absent: what training takes. */
  groupCost?: number | undefined;
  onBatch?: (batch: { texts: number; tokens: number; paddedTokens: number }) => void;
}

export interface BatchQueue {
  /** Tokens and texts that wait. */
  readonly tokens: number;
  readonly texts: number;
  /**
   * @param ids of the texts, none empty
   * @param signal takes what still waits out of the queue
   * @returns [n, D]
   * @throws QueueFull  @throws the reason of the signal, or what the encoder throws
   */
  embed(ids: Int32Array[], signal?: AbortSignal): Promise<Float32Array>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  /** Seconds until what waits now is done, as fast as it has been going. */
  secondsOfWork(): number;
}

/** There is no room in the queue. */
export class QueueFull extends Error {
  constructor(
    /** Tokens of the request. */
    readonly tokens: number,
    readonly most: number,
  ) {
    super(`${quantity(tokens, 'tokens')} ${agreeing(tokens, 'does', 'do')} not fit a queue of ${most}`);
  }
}

/** Micro-batches under way at once: one computes, the next is being padded. */
const PIPELINE_DEPTH = 2;
/** Seconds of work that are taken from the queue at once. */
const TURN_SECONDS = 0.5;
/** Tokens of a turn before the speed is known, and at least. */
const FEWEST_TOKENS = 512;
/** A turn of a fast encoder, in micro-batches: longer ones would not pad less. */
const MOST_BATCHES = 4;
/** Weight of the latest micro-batch in the speed. */
const FRESHNESS = 0.2;

export function openBatchQueue(options: BatchQueueOptions): BatchQueue {
  const { embed, dimensions, tokenBudget, most, groupCost, onBatch } = options;
  const waiting = new WaitingTexts();
  const speed = new Speed();
  let running: Promise<void> | null = null;

  /** Micro-batches as long as something waits; each turn is taken when the one before it has begun. */
  function* batches(): Generator<Taken[]> {
    for (;;) {
      const turn = waiting.take(Math.max(FEWEST_TOKENS, Math.min(MOST_BATCHES * tokenBudget, speed.in(TURN_SECONDS))));
      if (turn.length === 0) return;
      const lengths = turn.map(({ ids }) => ids.length);
      for (const batch of groupTexts(lengths, tokenBudget, true, groupCost)) yield batch.map((i) => turn[i] as Taken);
    }
  }

  async function compute(batch: Taken[]): Promise<{ rows: Float32Array } | { error: unknown }> {
    const ids = batch.map((taken) => taken.ids);
    let paddedTokens = 0;
    try {
      const rows = await embed(ids, (padded) => {
        paddedTokens += padded;
      });
      onBatch?.({ texts: ids.length, tokens: tokensOf(ids), paddedTokens });
      return { rows };
    } catch (error) {
      return { error };
    }
  }

  function use(result: { rows: Float32Array } | { error: unknown }, batch: Taken[]): void {
    speed.done(tokensOf(batch.map(({ ids }) => ids)));
    for (const [i, { job, text }] of batch.entries()) {
      if ('rows' in result) {
        job.setRow(text, result.rows.subarray(i * dimensions, (i + 1) * dimensions));
      } else {
        waiting.remove(job);
        job.end(result);
      }
    }
  }

  async function run(): Promise<void> {
    while (waiting.texts > 0) {
      speed.begin();
      await pipelined(batches(), PIPELINE_DEPTH, compute, use);
    }
    running = null;
  }

  return {
    get tokens() {
      return waiting.tokens;
    },
    get texts() {
      return waiting.texts;
    },
    settled: () => running ?? Promise.resolve(),
    secondsOfWork: () => speed.secondsOf(waiting.tokens),
    async embed(ids, signal) {
      const asked = tokensOf(ids);
      if (waiting.tokens + asked > most) throw new QueueFull(asked, most);
      if (signal?.aborted) throw signal.reason;
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          waiting.remove(job);
          job.end({ error: signal?.reason });
        };
        const job = new Job(ids, dimensions, (result) => {
          signal?.removeEventListener('abort', abort);
          if ('rows' in result) resolve(result.rows);
          else reject(result.error);
        });
        signal?.addEventListener('abort', abort, { once: true });
        waiting.add(job);
        running ??= run();
      });
    },
  };
}

/** Tokens a second, of late. */
class Speed {
  /** 0 until the first micro-batch is done. */
  private value = 0;
  private last = 0;

  begin(): void {
    this.last = performance.now();
  }

  /** So many tokens are done since the last ones, or the beginning. */
  done(tokens: number): void {
    const now = performance.now();
    const latest = tokens / Math.max(1e-3, (now - this.last) / 1000);
    this.value = this.value === 0 ? latest : this.value + FRESHNESS * (latest - this.value);
    this.last = now;
  }

  /** Tokens in so many seconds. */
  in(seconds: number): number {
    return this.value * seconds;
  }

  secondsOf(tokens: number): number {
    return this.value === 0 ? 0 : tokens / this.value;
  }
}
