/**
 * Learning rates that fall from the top of the model to its bottom (discriminative fine-tuning; Howard and Ruder, 2018,
 * arXiv:1801.06146): the head (the final norm) has the full rate, each layer `decay` times that of the layer above, and
 * all that precedes the layers (the embedding table) `decay` times that of the first layer.
 */
import type { ModelConfig } from '../models/architecture.js';
import { layerOf } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';

/**
 * @param names of parameters, as in the checkpoint, adapters' included
 * @returns the factor on the learning rate of each
 */
export function layerRates(names: Iterable<string>, config: ModelConfig, decay: number): Map<string, number> {
  const inHead = new Set(Object.keys(architectureOf(config).head?.tensors(config) ?? {}));
  const rates = new Map<string, number>();
  for (const name of names) {
    const layer = layerOf(name, config);
    const below = layer !== undefined ? config.layers - layer : inHead.has(name) ? 0 : config.layers + 1;
    rates.set(name, decay ** below);
  }
  return rates;
}
