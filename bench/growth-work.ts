/** The ways to take a training step whose growth is measured, all on the same texts; the optimizer is left out. */
export const GROWTH_WORK = [
  /** Micro-batches layer by layer, forward and backward at once, linear outputs kept between the two. */
  'layerwise',
  /** The same with every layer computed again in the backward pass. */
  'layerwise, all recomputed',
  /** Contrastive over all texts, everything kept from the first to the second pass. */
  'GradCache, all kept',
  /** The inputs of the layers are kept. */
  'GradCache, layer inputs kept',
  'GradCache, nothing kept',
  /** One graph for all layers. */
  'whole-graph',
] as const;

/** What the process that takes the steps is started with. */
export interface GrowthContenderOptions {
  /** Folders of the model and of the adapter. */
  model: string;
  adapter: string;
  threads: number;
  work: (typeof GROWTH_WORK)[number];
  /** Texts, half of them queries for GradCache, of `sequence` tokens each. */
  batch: number;
  sequence: number;
}
