/** Losses of one's own: the example of the docstring, and Matryoshka around it, against finite differences in float64. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import type { Engine } from '../../lib/engine/types.js';
import type { LossBatch } from '../../lib/losses/loss.js';
import { lossFromFunction } from '../../lib/losses/loss-from-function.js';
import { matryoshkaLoss } from '../../lib/losses/matryoshka.js';
import { ENGINES } from '../encoder/tiny-models.js';
import { tripletLoss } from './triplet-loss.js';

const DIMENSIONS = 6;
function rows(label: string, count: number): Float32Array {
  const random = new Random(3, label);
  return Float32Array.from({ length: count * DIMENSIONS }, () => random.normal());
}

/** The triplet loss once more, with plain loops in float64. */
function referenceTriplet(queries: ArrayLike<number>, documents: ArrayLike<number>, width: number): number {
  const pairs = queries.length / width;
  const distance = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (queries[i * width + k]! - documents[j * width + k]!) ** 2;
    return sum;
  };
  let total = 0;
  for (let i = 0; i < pairs; i++) total += Math.max(0, distance(i, i) - distance(i, (i + 1) % pairs) + 0.5);
  return total / pairs;
}

/** Central differences of a function of one list of numbers. */
function differences(values: Float32Array, of: (moved: Float64Array) => number): number[] {
  return Array.from(values, (_, i) => {
    const at = (step: number): number => of(Float64Array.from(values, (value, j) => (i === j ? value + step : value)));
    return (at(1e-5) - at(-1e-5)) / 2e-5;
  });
}

const expectClose = (actual: Float32Array, expected: number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 4);
};

describe.each(ENGINES)("a loss of one's own on engine %s", (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  it('has the value of its function and the gradient of finite differences, for batches of any size', async () => {
    const loss = await tripletLoss.create(engine, DIMENSIONS);
    for (const [pairs, extra] of [
      [5, 0],
      [3, 4],
    ] as const) {
      const [queries, documents] = [rows('q', pairs), rows('d', pairs + extra)];
      const actual = await loss.compute(queries, documents);
      expect(actual.loss).toBeCloseTo(referenceTriplet(queries, documents, DIMENSIONS), 5);
      const byQueries = differences(queries, (moved) => referenceTriplet(moved, documents, DIMENSIONS));
      const byDocuments = differences(documents, (moved) => referenceTriplet(queries, moved, DIMENSIONS));
      expectClose(actual.queryGradient, byQueries);
      expectClose(actual.documentGradient, byDocuments);
    }
    await loss.dispose();
  });

  it('can be nested by Matryoshka', async () => {
    const [queries, documents] = [rows('q', 4), rows('d', 6)];
    const loss = await matryoshkaLoss(tripletLoss, [2, 4]).create(engine, DIMENSIONS);
    const actual = await loss.compute(queries, documents);
    await loss.dispose();
    const cut = (values: ArrayLike<number>, width: number): Float64Array =>
      Float64Array.from({ length: (values.length / DIMENSIONS) * width }, (_, i) => {
        return values[Math.floor(i / width) * DIMENSIONS + (i % width)]!;
      });
    const mean = (q: ArrayLike<number>, d: ArrayLike<number>): number =>
      [2, 4, 6].reduce((sum, width) => sum + referenceTriplet(cut(q, width), cut(d, width), width) / 3, 0);
    expect(actual.loss).toBeCloseTo(mean(queries, documents), 5);
    expectClose(
      actual.queryGradient,
      differences(queries, (moved) => mean(moved, documents)),
    );
    expectClose(
      actual.documentGradient,
      differences(documents, (moved) => mean(queries, moved)),
    );
  });

  it('may see the batch, branch on numbers, and leave one side out', async () => {
    const seen: (LossBatch | undefined)[] = [];
    const loss = await lossFromFunction('lengths', (queries, _, ops, batch) => {
      seen.push(batch);
      const size = ops.sum(ops.square(queries));
      return (size.dataSync()[0] as number) > 1e6 ? ops.mul(size, 0) : size;
    }).create(engine, 2);
    const {
      loss: value,
      queryGradient,
      documentGradient,
    } = await loss.compute(Float32Array.of(3, 4), Float32Array.of(1, 2, 3, 4), { epoch: 1, pairs: [7] });
    expect(value).toBe(25);
    expect([...queryGradient]).toEqual([6, 8]);
    expect([...documentGradient]).toEqual([0, 0, 0, 0]);
    expect(seen[0]).toEqual({ epoch: 1, pairs: [7] });
    await loss.dispose();
  });

  it('says what it returned instead of a number, and leaves no tensor behind', async () => {
    const loss = await lossFromFunction('rows', (queries, _, ops) => ops.sum(queries, 1)).create(engine, 2);
    const before = tf.memory().numTensors;
    const work = loss.compute(new Float32Array(4), new Float32Array(4));
    await expect(work).rejects.toThrow(UserError);
    await expect(work).rejects.toThrow(/"rows" returned a tensor of shape \[2\]: expected one number/);
    await tripletLoss.create(engine, 2).then((made) => made.compute(new Float32Array(4), new Float32Array(4)));
    expect(tf.memory().numTensors).toBe(before);
    await loss.dispose();
  });
});

it('is named by its text and settings, so that another is not resumed with', () => {
  const margin = (value: number) => lossFromFunction('m', (q, d, ops) => ops.sum(ops.mul(q, d)), { value });
  expect(margin(1).settings).toEqual(margin(1).settings);
  expect(margin(1).settings).not.toEqual(margin(2).settings);
  expect(lossFromFunction('m', (q, _, ops) => ops.sum(q)).settings).not.toEqual(
    lossFromFunction('m', (q, _, ops) => ops.mean(q)).settings,
  );
});
