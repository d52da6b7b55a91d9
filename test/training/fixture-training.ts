/** What the tests of training share: the loss that the fixture was made with, and the steps that PyTorch took on it. */
import { expect } from 'vitest';
import type { ParameterMap } from '../../lib/encoder/adapter-files.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import type { Loss } from '../../lib/losses/loss.js';
import { distance, fixture, fixtureTensors, norm, peftName } from '../encoder/tiny-models.js';

/** InfoNCE without a margin for false negatives. */
export const createLoss = (
  engine: Engine,
  dimensions: number,
  { symmetric, temperature = 0.05 }: { symmetric: boolean; temperature?: number },
): Promise<Loss> => createInfoNceLoss(engine, { dimensions, temperature, symmetric, falseNegativeMargin: null });

/** @param index of the step, from 0 */
export function expectPyTorchStep(
  index: number,
  step: { loss: number; gradientNorm: number },
  tolerance: number,
): void {
  const recorded = fixture.optimizer.trajectory[index]!;
  expect(Math.abs(step.loss / recorded.loss - 1)).toBeLessThan(tolerance);
  expect(Math.abs(step.gradientNorm / recorded.grad_norm_before_clip - 1)).toBeLessThan(tolerance);
}

/** The parameters are those of PyTorch after three steps. */
export async function expectAfterThreeSteps(parameters: ParameterMap): Promise<void> {
  const after = await fixtureTensors('after3');
  expect([...parameters.keys()].map(peftName).sort()).toEqual(Object.keys(fixture.after3_l2).sort());
  for (const [name, { data }] of parameters) {
    const expected = after.get(peftName(name))?.data;
    if (expected) expect(distance(data, expected), name).toBeLessThan(1e-5);
    expect(norm(data) / fixture.after3_l2[peftName(name)]!).toBeCloseTo(1, 5);
    const sum = data.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - fixture.after3_sum[peftName(name)]!)).toBeLessThan(1e-4);
  }
}
