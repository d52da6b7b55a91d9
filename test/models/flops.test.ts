import { describe, expect, it } from 'vitest';
import { adapterTensorShapes } from '../../lib/encoder/adapter-files.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import { encoderFlops } from '../../lib/models/flops.js';
import { encoderTensorShapes, linearModules } from '../../lib/models/parameters.js';
import { randomModel } from '../encoder/tiny-models.js';

const size = (shape: number[]): number => shape.reduce((product, dimension) => product * dimension, 1);

/** Qwen2.5-0.5B, by its published configuration. */
const HALF_BILLION: ModelConfig = {
  ...randomModel(1).config,
  hiddenSize: 896,
  intermediateSize: 4864,
  layers: 24,
  attentionHeads: 14,
  keyValueHeads: 2,
  headDimension: 64,
};

describe('encoderFlops', () => {
  it('is 2 operations a parameter of the matrices and token, and 4 L H E S of the attention', () => {
    const { config } = randomModel(1);
    const matrices = [...encoderTensorShapes(config).values()].filter((shape) => shape.length === 2);
    const parameters = matrices.reduce((sum, shape) => sum + size(shape), 0);
    const { layers, attentionHeads, headDimension } = config;
    const attention = (length: number) => 4 * layers * attentionHeads * headDimension * length;
    const expected = [3, 7].reduce((sum, length) => sum + length * (2 * parameters + attention(length)), 0);
    const flops = encoderFlops(config, [3, 7]);
    expect(flops.forward).toBe(expected);
    // the gradients of frozen matrices are not computed: the pass back costs as much, and attention twice
    expect(flops.backward).toBe(expected + 3 * attention(3) + 7 * attention(7));
  });

  it('adds 2 operations backward for every parameter where all weights are trained', () => {
    const { config } = randomModel(1);
    const matrices = [...encoderTensorShapes(config).values()].filter((shape) => shape.length === 2);
    const parameters = matrices.reduce((sum, shape) => sum + size(shape), 0);
    const [frozen, trained] = [encoderFlops(config, [5]), encoderFlops(config, [5], 'all weights')];
    expect(trained.forward).toBe(frozen.forward);
    expect(trained.backward - frozen.backward).toBe(2 * 5 * parameters);
  });

  it('adds 2 operations forward and 4 backward for every parameter of the adapter', () => {
    const { config } = randomModel(1);
    const adapter = { rank: 3, targetModules: ['q_proj', 'down_proj'] };
    const parameters = [...adapterTensorShapes(config, adapter).values()].reduce((sum, shape) => sum + size(shape), 0);
    const plain = encoderFlops(config, [5]);
    const adapted = encoderFlops(config, [5], adapter);
    expect(adapted.forward - plain.forward).toBe(2 * 5 * parameters);
    expect(adapted.backward - plain.backward).toBe(4 * 5 * parameters);
  });

  it('agrees with the published size of Qwen2.5-0.5B: 0.36 billion parameters without the embedding table', () => {
    const { forward } = encoderFlops(HALF_BILLION, [1]);
    expect(forward / 2 / 1e9).toBeCloseTo(0.36, 2);
    const training = encoderFlops(HALF_BILLION, [1], {
      rank: 16,
      targetModules: linearModules(HALF_BILLION).map(({ name }) => name),
    });
    // 8.8 million parameters of a rank-16 adapter
    expect((training.forward - forward) / 2 / 1e6).toBeCloseTo(8.8, 1);
  });
});
