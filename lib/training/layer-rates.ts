/**
 * Learning rates that fall from the top of the model to its bottom (discriminative fine-tuning; Howard and Ruder, 2018,
 * arXiv:1801.06146): the final norm has the full rate, each layer `decay` times that of the layer above, the embedding
 * table `decay` times that of the first layer.
 */

/**
 * @param names of parameters, as in the checkpoint, adapters' included
 * @param layers of the model
 * @returns the factor on the learning rate of each
 */
export function layerRates(names: Iterable<string>, layers: number, decay: number): Map<string, number> {
  const rates = new Map<string, number>();
  for (const name of names) {
    const layer = /^layers\.(\d+)\./.exec(name)?.[1];
    const below = layer !== undefined ? layers - Number(layer) : name.startsWith('embed_tokens.') ? layers + 1 : 0;
    rates.set(name, decay ** below);
  }
  return rates;
}
