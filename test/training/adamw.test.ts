import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AdamW, type AdamWOptions } from '../../lib/training/adamw.js';
import { clipGradients } from '../../lib/training/gradient-clipping.js';

type Values = Record<string, number[]>;
const reference = JSON.parse(readFileSync(new URL('../fixtures/training/adamw.json', import.meta.url), 'utf8')) as {
  options: AdamWOptions;
  maxNorm: number;
  initial: Values;
  steps: { learningRate: number; norm: number; gradients: Values; clipped: Values; parameters: Values }[];
};

function mapOf(values: Values): Map<string, Float32Array> {
  return new Map(Object.entries(values).map(([name, list]) => [name, Float32Array.from(list)]));
}

/** Largest difference, relative to the largest value. */
function difference(actual: Map<string, Float32Array>, expected: Values): number {
  const pairs = Object.entries(expected).flatMap(([name, list]) =>
    list.map((x, i) => [actual.get(name)![i]!, x] as const),
  );
  return Math.max(...pairs.map(([a, b]) => Math.abs(a - b))) / Math.max(...pairs.map(([, b]) => Math.abs(b)));
}

describe('AdamW', () => {
  it('with clipping follows torch.optim.AdamW through rising, falling and zero gradients', () => {
    const parameters = mapOf(reference.initial);
    const optimizer = new AdamW(parameters, reference.options);
    for (const step of reference.steps) {
      const gradients = mapOf(step.gradients);
      expect(clipGradients(gradients, reference.maxNorm).norm).toBeCloseTo(step.norm, 4);
      expect(difference(gradients, step.clipped)).toBeLessThan(3e-7);
      optimizer.step(gradients, step.learningRate);
      expect(difference(parameters, step.parameters)).toBeLessThan(3e-7);
    }
  });

  it('goes on from a saved state bit for bit', () => {
    const straight = mapOf(reference.initial);
    const resumed = mapOf(reference.initial);
    const first = new AdamW(straight, reference.options);
    let second = new AdamW(resumed, reference.options);
    for (const [i, { gradients, learningRate }] of reference.steps.entries()) {
      first.step(mapOf(gradients), learningRate);
      if (i === 3) {
        const state = structuredClone(second.state());
        second = new AdamW(resumed, reference.options);
        second.restore(state);
      }
      second.step(mapOf(gradients), learningRate);
    }
    expect(resumed).toEqual(straight);
  });

  it('refuses gradients and states of other parameters before it changes anything', () => {
    const parameters = mapOf({ a: [1, 2], b: [3] });
    const optimizer = new AdamW(parameters, reference.options);
    expect(() => optimizer.step(mapOf({ a: [1, 1] }), 0.1)).toThrow('the gradient of b has no values: expected 1');
    expect(() => optimizer.step(mapOf({ a: [1, 1], b: [1, 1] }), 0.1)).toThrow('the gradient of b has 2 values');
    expect(() => optimizer.step(mapOf({ a: [1, 1], b: [1], c: [1] }), 0.1)).toThrow('c, which is not a parameter');
    expect(parameters).toEqual(mapOf({ a: [1, 2], b: [3] }));
    expect(optimizer.state().step).toBe(0);
    const other = new AdamW(mapOf({ a: [1, 2] }), reference.options).state();
    expect(() => optimizer.restore(other)).toThrow('the first moment of b');
  });
});
