/**
 * The saturation that the finished encoder gets. Training leaves out most tokens of a text, and so sees few repetitions;
 * whole texts have many. It is chosen on validation papers, among multiples of the saturation that the training had: of
 * those as good as the best, the one that depends least on the length of a text, which the layer measures badly.
 */

import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { RowProducts } from '../engine/matmul.js';
import { bagMrr } from './retrieval-quality.js';
import type { Saturation, TokenBags } from './token-bags.js';
import type { PaperTokens } from './training-pairs.js';

const BASE_FACTORS = [0.25, 0.5, 1, 2, 4];
/** MRR that chance gives or takes with a few thousand papers. */
const AS_GOOD = 1e-3;
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
  const tried: ChosenSaturation[] = [];
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
    tried.push({ saturation, mrr });
    onProgress?.({ task: 'choosing the saturation', done: done + 1, total: candidates.length, unit: 'candidates' });
  }
  const independence = ({ saturation }: ChosenSaturation): number => saturation.base / saturation.perToken;
  const best = Math.max(...tried.map(({ mrr }) => mrr));
  const good = tried.filter(({ mrr }) => mrr >= best - AS_GOOD);
  return good.reduce((most, candidate) => (independence(candidate) > independence(most) ? candidate : most));
}
