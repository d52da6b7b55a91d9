/**
 * The saturation that the finished encoder gets. Training leaves out most tokens of a text, and so sees few repetitions;
 * whole texts have many, and are served better by less. It is chosen on validation papers, among multiples of the
 * saturation that the training had.
 */
import type { RowProducts } from '../engine/matmul.js';
import { throwIfAborted } from '../errors.js';
import type { Reporting } from '../events.js';
import { bagMrr } from './retrieval-quality.js';
import type { Saturation, TokenBags } from './token-bags.js';
import type { PaperTokens } from './training-pairs.js';

const BASE_FACTORS = [0.25, 0.5, 1, 2, 4];
const PER_TOKEN_FACTORS = [0.25, 0.5, 1, 2];

export interface ChosenSaturation {
  saturation: Saturation;
  /** MRR@10 on the validation papers. */
  mrr: number;
}

/**
 * @param table [V, D] with D = width
 * @param bagsOf texts with the weights that the finished encoder would give their tokens
 */
export async function chooseSaturation(
  table: Float32Array,
  width: number,
  papers: readonly PaperTokens[],
  trained: Saturation,
  products: RowProducts,
  bagsOf: (texts: readonly Uint16Array[], saturation: Saturation) => TokenBags,
  { onProgress, signal }: Reporting = {},
): Promise<ChosenSaturation> {
  const candidates = BASE_FACTORS.flatMap((base) =>
    PER_TOKEN_FACTORS.map((perToken) => ({ base: base * trained.base, perToken: perToken * trained.perToken })),
  );
  let best: ChosenSaturation = { saturation: trained, mrr: -1 };
  for (const [done, saturation] of candidates.entries()) {
    throwIfAborted(signal, 'the state is saved');
    const titles = bagsOf(
      papers.map(({ title }) => title),
      saturation,
    );
    const abstracts = bagsOf(
      papers.map(({ abstract }) => abstract),
      saturation,
    );
    const mrr = await bagMrr(table, width, { titles, abstracts }, products);
    if (mrr > best.mrr) best = { saturation, mrr };
    onProgress?.({ task: 'choosing the saturation', done: done + 1, total: candidates.length, unit: 'candidates' });
  }
  return best;
}
