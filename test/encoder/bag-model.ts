/**
 * A random model that treats a text as a bag of tokens: one layer without feed-forward block, heads that score alike, and
 * queries and keys that lie where positions do not turn them.
 */
import type { QwenConfig } from '../../lib/models/architectures/qwen-config.js';
import { type RandomModel, randomModel } from './tiny-models.js';

export const BAG_CONFIG: Partial<QwenConfig> = { layers: 1, causal: false, ropeTheta: 1e30 };

export function bagModel(seed: number, changes: Partial<QwenConfig> = {}): RandomModel {
  const model = randomModel(seed, { ...BAG_CONFIG, ...changes });
  const { attentionHeads, keyValueHeads, headDimension, hiddenSize } = model.config;
  for (const [name, heads] of [
    ['q', attentionHeads],
    ['k', keyValueHeads],
  ] as const) {
    for (const [part, columns] of [
      ['weight', hiddenSize],
      ['bias', 1],
    ] as const) {
      const { data } = parameter(model, `layers.0.self_attn.${name}_proj.${part}`);
      const size = headDimension * columns;
      // the first pair of dimensions turns by a radian for each position, whatever the base
      for (const turning of [0, headDimension / 2]) data.fill(0, turning * columns, (turning + 1) * columns);
      for (let head = 1; head < heads; head++) data.copyWithin(head * size, 0, size);
    }
  }
  parameter(model, 'layers.0.mlp.down_proj.weight').data.fill(0);
  return model;
}

export function parameter(model: RandomModel, name: string): { shape: number[]; data: Float32Array } {
  const found = model.parameters.get(name);
  if (!found) throw new Error(`the model has no ${name}`);
  return found;
}
