/**
 * All weights of an encoder in 32 bits with its adapter merged into them, one at a time:
 *
 *   W + scale * B A      W [out, in], A [rank, in], B [out, rank]
 */

import type { Reporting } from '../core/events.js';
import type { AdapterConfig } from '../encoder/adapter-config.js';
import { adapterScale } from '../encoder/lora.js';
import type { ParameterMap } from '../encoder/parameter-map.js';
import type { ModelConfig } from '../models/architecture.js';
import { tokenTableName } from '../models/parameters.js';
import { type EncoderTensor, readEmbeddingTable, readWeights } from '../models/weights.js';

export interface Adapter {
  config: AdapterConfig;
  tensors: ParameterMap;
}

/** The token table first, then the others in the order of the forward pass. */
export async function* mergedWeights(
  folder: string,
  config: ModelConfig,
  adapter: Adapter | null,
  reporting: Reporting = {},
): AsyncGenerator<EncoderTensor, void, undefined> {
  const { vocabularySize, hiddenSize } = config;
  const everyId = Int32Array.from({ length: vocabularySize }, (_, id) => id);
  const table = await readEmbeddingTable(folder, config);
  yield { name: tokenTableName(config), shape: [vocabularySize, hiddenSize], data: table.lookup(everyId) };
  for await (const tensor of readWeights(folder, config, reporting)) {
    if (adapter) merge(tensor, adapter);
    yield tensor;
  }
}

/** Adds what the adapter has for a weight, where it has something. */
function merge({ name, shape, data }: EncoderTensor, { config, tensors }: Adapter): void {
  const module = name.replace(/\.weight$/, '');
  const down = tensors.get(`${module}.lora_A`)?.data;
  const up = tensors.get(`${module}.lora_B`)?.data;
  if (!down || !up || module === name) return;
  const [outputs = 0, inputs = 0] = shape;
  const scale = adapterScale(config);
  const update = new Float64Array(inputs);
  for (let row = 0; row < outputs; row++) {
    update.fill(0);
    for (let r = 0; r < config.rank; r++) {
      const factor = scale * up[row * config.rank + r]!;
      if (factor === 0) continue;
      const start = r * inputs;
      for (let i = 0; i < inputs; i++) update[i]! += factor * down[start + i]!;
    }
    const start = row * inputs;
    for (let i = 0; i < inputs; i++) data[start + i]! += update[i]!;
  }
}
