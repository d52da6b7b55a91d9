/** What graphs for others compute of a batch is what the library computes outside of its own graphs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchInputs } from '../../lib/encoder/batch-inputs.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import { distanceBucket } from '../../lib/models/architectures/mpnet.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { POOLING_NAMES, POOLINGS } from '../../lib/models/pooling.js';
import { ARCHITECTURES, largestDifference, modelFolder } from '../export/models.js';

beforeAll(() => tf.setBackend('cpu'));

const lengths = [5, 1, 9, 3];
const sequence = Math.max(...lengths);

/** [B, S], padded on one side. */
function maskOf(side: 'left' | 'right'): tf.Tensor2D {
  const row = (length: number): number[] =>
    Array.from({ length: sequence }, (_, i) => Number(side === 'right' ? i < length : i >= sequence - length));
  return tf.tensor2d(lengths.map(row));
}

describe.each(ARCHITECTURES)('the inputs of %s', (name) => {
  let config: ModelConfig;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'in-graph-'));
    config = await readModelConfig(await modelFolder(name, folder));
    rmSync(folder, { recursive: true });
  });

  it.each([true, false])('are the same in a graph, causal: %s', (causal) => {
    const texts = { mask: maskOf('right'), positions: tf.range(0, sequence) as tf.Tensor, causal };
    for (const [input, { values, inGraph }] of Object.entries(batchInputs(config))) {
      const expected = values({ lengths, batch: lengths.length, sequence, causal });
      const found = tf.tidy(() => inGraph!(texts).dataSync());
      expect(largestDifference(expected, found), input).toBeLessThan(1e-6);
    }
  });
});

describe.each(['left', 'right'] as const)('texts padded on the %s', (side) => {
  it.each(POOLING_NAMES)('are pooled alike by %s', (pooling) => {
    const mask = maskOf(side);
    const first = lengths.map((length) => (side === 'right' ? 0 : sequence - length));
    const place = tf.tensor2d(first.map((start) => Array.from({ length: sequence }, (_, i) => i - start)));
    const found = POOLINGS[pooling]
      .weightsInGraph({ mask, place, length: tf.tensor2d(lengths.map((length) => [length])) })
      .arraySync() as number[][];
    found.forEach((row, text) => {
      const own = row.slice(first[text], first[text]! + lengths[text]!);
      const expected = Array.from(POOLINGS[pooling].weights(lengths[text]!));
      for (const [i, weight] of own.entries()) expect(weight).toBeCloseTo(expected[i]!, 6);
      expect(row.filter((weight) => weight !== 0).length).toBeLessThanOrEqual(lengths[text]!);
    });
  });
});

it('puts every distance of MPNet into one bucket, far ones too', () => {
  for (const offset of [-600, -129, -128, -127, -16, -8, -7, -1, 0, 1, 7, 8, 16, 127, 128, 129, 600]) {
    expect(distanceBucket(offset)).toBeGreaterThanOrEqual(0);
    expect(distanceBucket(offset)).toBeLessThan(32);
  }
});
