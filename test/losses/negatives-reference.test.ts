/** InfoNCE with hard negatives against sentence-transformers' MultipleNegativesRankingLoss. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import { ENGINES, relativeError } from '../encoder/tiny-models.js';

interface Case {
  temperature: number;
  width: number;
  loss: number;
  queries: number[];
  documents: number[];
  queryGradient: number[];
  documentGradient: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/losses/negatives.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe.each(ENGINES)('on engine %s', (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  it.each(cases.map((one, i) => [i, one] as const))('case %i has its loss and its gradients', async (_, expected) => {
    const { temperature, width } = expected;
    const loss = await createInfoNceLoss(engine, {
      dimensions: width,
      temperature,
      symmetric: false,
      falseNegativeMargin: null,
    });
    const result = await loss.compute(Float32Array.from(expected.queries), Float32Array.from(expected.documents));
    await loss.dispose();
    expect(Math.abs(result.loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect(relativeError(result.queryGradient, expected.queryGradient)).toBeLessThan(1e-4);
    expect(relativeError(result.documentGradient, expected.documentGradient)).toBeLessThan(1e-4);
  });
});
