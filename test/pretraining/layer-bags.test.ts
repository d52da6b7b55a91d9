import { describe, expect, it } from 'vitest';
import { layerBags } from '../../lib/pretraining/layer-bags.js';
import { STOP_SCALE } from '../../lib/pretraining/saturation-layer.js';

describe('layerBags', () => {
  // token 1 is the stop token, a quarter of all tokens: two of them stand for a length of 8
  const stop = { tokens: [1], share: 0.25 };
  const saturation = { base: 0.5, perToken: 0.1 };

  it('measures the length by the stop tokens, and saturates by it', () => {
    const { tokens, weights, offsets } = layerBags([Uint16Array.of(1, 2, 2, 2, 1, 3)], 4, saturation, stop);
    const limit = 0.5 + 0.1 * 8;
    expect([...offsets]).toEqual([0, 3]);
    const weight = new Map([...tokens].map((token, k) => [token, weights[k]!]));
    expect(weight.get(2)).toBeCloseTo((3 * limit) / (3 + limit), 6);
    expect(weight.get(3)).toBeCloseTo(limit / (1 + limit), 6);
    expect(weight.get(1)).toBeCloseTo(2 * STOP_SCALE, 6);
  });

  it('has the base alone to saturate by where a text has no stop token, and leaves empty texts empty', () => {
    const { weights, offsets } = layerBags([Uint16Array.of(3, 3), Uint16Array.of()], 4, saturation, stop);
    expect(weights[0]).toBeCloseTo((2 * 0.5) / 2.5, 6);
    expect([...offsets]).toEqual([0, 1, 1]);
  });
});
