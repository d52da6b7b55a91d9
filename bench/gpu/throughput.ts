/** Tokens a second of one encoder, encoding and training, at micro-batches of several sizes. */
import type { PaddedBatch } from '../../lib/encoder/batch-inputs.js';
import type { Encoder } from '../../lib/encoder/encoder.js';
import { OutOfMemory } from '../../lib/engine/out-of-memory.js';
import type { Work } from './arithmetic.js';
import { sampleMicroBatches, tokenIds } from './workload.js';

export interface Throughput {
  work: Work;
  /** Token budget of the micro-batches. */
  budget: number;
  /** Tokens a second, padding left out; null where memory ended. */
  tokensPerSecond: number | null;
  /** Share of the padded tokens that is padding. */
  padding: number;
}

export interface ThroughputOptions {
  budgets: number[];
  /** Micro-batches of different lengths. */
  groups: number;
  repeats: number;
}

export async function measureThroughput(
  encoder: Encoder,
  options: ThroughputOptions,
  say: (line: string) => void,
): Promise<Throughput[]> {
  const results: Throughput[] = [];
  for (const budget of options.budgets) {
    const batches = sampleMicroBatches(budget, options.groups).map((lengths) =>
      encoder.pad(tokenIds(lengths, encoder.base.config.vocabularySize)),
    );
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    const padded = batches.reduce((sum, batch) => sum + batch.tokenIds.length, 0);
    for (const work of ['encoding', 'training'] as const) {
      const tokensPerSecond = await measure(encoder, batches, work, tokens, options.repeats);
      say(`${work}, micro-batches of ${budget}: ${tokensPerSecond?.toFixed(0) ?? 'out of memory at'} tokens/s`);
      results.push({ work, budget, tokensPerSecond, padding: 1 - tokens / padded });
    }
  }
  return results;
}

/** The best of several rounds: what disturbs a round only ever makes it slower. */
async function measure(
  encoder: Encoder,
  batches: PaddedBatch[],
  work: Work,
  tokens: number,
  repeats: number,
): Promise<number | null> {
  let best = 0;
  try {
    // the first round chooses kernels and grows the pool of memory
    for (let round = 0; round <= repeats; round++) {
      const start = performance.now();
      for (const batch of batches) await runOnce(encoder, batch, work);
      if (round > 0) best = Math.max(best, tokens / ((performance.now() - start) / 1000));
    }
    return best;
  } catch (error) {
    if (error instanceof OutOfMemory) return null;
    throw error;
  }
}

/** What a GradCache step does with a micro-batch, from padded ids to embeddings, or to gradients on the host. */
async function runOnce(encoder: Encoder, batch: PaddedBatch, work: Work): Promise<void> {
  const activationBudget = work === 'training' ? encoder.plan.savedBytes(batch.tokenIds.length).least : 0;
  const { saved, embeddings } = await encoder.forward(batch, {}, activationBudget);
  if (work === 'encoding') return;
  await encoder.backward(batch, new Float32Array(embeddings.data.length).fill(1e-3), {}, saved);
}
