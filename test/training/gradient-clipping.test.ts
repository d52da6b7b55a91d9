import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { clipGradients, globalNorm } from '../../lib/training/gradient-clipping.js';

describe('clipGradients', () => {
  it('takes one norm over all gradients and scales them by one factor', () => {
    const gradients = new Map([
      ['a', Float32Array.of(3, 0)],
      ['b', Float32Array.of(0, -4)],
    ]);
    expect(clipGradients(gradients, 1).norm).toBe(5);
    expect(gradients.get('a')![0]).toBeCloseTo(0.6, 6);
    expect(gradients.get('b')![1]).toBeCloseTo(-0.8, 6);
  });

  it('leaves gradients at or below the maximum as they are', () => {
    const gradients = new Map([['a', Float32Array.of(0.3, -0.4)]]);
    expect(clipGradients(gradients, 1).norm).toBeCloseTo(0.5, 6);
    expect(gradients.get('a')).toEqual(Float32Array.of(0.3, -0.4));
    expect(clipGradients(new Map([['a', new Float32Array(3)]]), 1).norm).toBe(0);
  });

  it('never leaves a norm above the maximum, even where squares overflow float32', () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(values, values, fc.double({ min: 0.01, max: 10 }), (a, b, maxNorm) => {
        const gradients = new Map([
          ['a', Float32Array.from(a)],
          ['b', Float32Array.from(b)],
        ]);
        clipGradients(gradients, maxNorm);
        expect(globalNorm(gradients)).toBeLessThanOrEqual(maxNorm * (1 + 1e-6));
      }),
      { seed: 1 },
    );
  });

  it('names the gradient that is not finite', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const gradients = new Map([
        ['a', Float32Array.of(9)],
        ['layers.0.mlp.up_proj.lora_A', Float32Array.of(1, value)],
      ]);
      expect(() => clipGradients(gradients, 1)).toThrow(WorkError);
      expect(() => clipGradients(gradients, 1)).toThrow(`the gradient of layers.0.mlp.up_proj.lora_A holds ${value}`);
      expect(gradients.get('a')).toEqual(Float32Array.of(9));
    }
  });
});
