/**
 * Floating-point operations of the encoder, counted as appendix B of the PaLM paper does (Chowdhery et al., 2022,
 * arXiv:2204.02311): matrix products only, a multiplication and an addition each one; attention over the whole sequence
 * though half of it is masked; nothing for padding, nor for what is computed a second time to save memory. So a rate
 * made of them tells how fast useful work is done, and padding or recomputation lowers it.
 *
 * Two things differ from a full training step, 6 N + 12 L H E S a token: the gradients of frozen matrices are not
 * computed, which leaves 4 of the 6 for them (all 6 where all weights are trained), and the embedding table, where rows are looked up, does not count.
 *
 *   N linear parameters of the layers, A those of the adapter, L layers, H heads, E head dimension, S tokens of a text
 */
import type { LinearModule, ModelConfig } from './architecture.js';
import { linearModules, modulesNamed } from './parameters.js';

export interface EncoderFlops {
  forward: number;
  /** Of the gradients of what is trained, given those of the embeddings; without the forward pass. */
  backward: number;
}

/**
 * Operations for some texts.
 *
 * @param lengths tokens of each text, padding left out
 * @param trained rank and modules of the adapter, or all weights; absent: nothing is, and the way back is to the input
 */
export function encoderFlops(
  config: ModelConfig,
  lengths: ArrayLike<number>,
  trained?: { rank: number; targetModules: readonly string[] } | 'all weights',
): EncoderFlops {
  const adapter = trained === 'all weights' ? undefined : trained;
  const own = config.layers * total(linearModules(config), ({ outputs, inputs }) => outputs * inputs);
  const adapted =
    adapter === undefined
      ? 0
      : config.layers *
        total(modulesNamed(adapter.targetModules, config), ({ outputs, inputs }) => adapter.rank * (outputs + inputs));
  let tokens = 0;
  let squares = 0;
  for (let i = 0; i < lengths.length; i++) {
    tokens += lengths[i] as number;
    squares += (lengths[i] as number) ** 2;
  }
  // scores and mixed values: 2 products of S x S x E a head
  const attention = 4 * config.layers * config.attentionHeads * config.headDimension * squares;
  return {
    forward: 2 * (own + adapted) * tokens + attention,
    backward: ((trained === 'all weights' ? 4 : 2) * own + 4 * adapted) * tokens + 2 * attention,
  };
}

function total(modules: readonly LinearModule[], size: (module: LinearModule) => number): number {
  return modules.reduce((sum, module) => sum + size(module), 0);
}
