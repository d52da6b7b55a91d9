import { afterAll, beforeAll, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss, infoNceLoss } from '../../lib/losses/info-nce.js';
import { matryoshkaLoss } from '../../lib/losses/matryoshka.js';
import { distance } from '../encoder/tiny-models.js';
import { referenceInfoNce } from '../training/reference-info-nce.js';

const DIMENSIONS = 6;
const createMatryoshka = (lengths: number[]) =>
  matryoshkaLoss(infoNceLoss(options), lengths).create(engine, DIMENSIONS);
const options = { dimensions: DIMENSIONS, temperature: 0.2, symmetric: true, falseNegativeMargin: 0.3 };
let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.close());

function rows(label: string, count: number): Float32Array[] {
  const random = new Random(3, label);
  return Array.from({ length: count }, () => Float32Array.from({ length: DIMENSIONS }, () => random.normal()));
}
const flat = (list: Float32Array[]): Float32Array => Float32Array.from(list.flatMap((row) => [...row]));

it('is the mean of InfoNCE over the lengths, and so is its gradient', async () => {
  const [queries, documents] = [rows('q', 4), rows('d', 7)];
  // in any order, one of them twice and one the whole: each length counts once
  const loss = await createMatryoshka([2, 4, 2, 6]);
  const actual = await loss.compute(flat(queries), flat(documents));
  await loss.dispose();

  const lengths = [2, 4, 6];
  const cut = (list: Float32Array[], length: number) => list.map((row) => row.subarray(0, length));
  const parts = lengths.map((length) =>
    referenceInfoNce(cut(queries, length), cut(documents, length), { ...options, margin: 0.3 }),
  );
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / lengths.length;
  expect(actual.loss).toBeCloseTo(mean(parts.map((part) => part.loss)), 5);
  expect(actual.masked).toBe(parts[2]!.masked);
  const gradientOf = (side: 'queryGradient' | 'documentGradient', count: number): number[] =>
    Array.from({ length: count * DIMENSIONS }, (_, at) => {
      const [row, column] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
      return mean(parts.map((part) => part[side][row]![column] ?? 0));
    });
  expect(distance([...actual.queryGradient], gradientOf('queryGradient', 4))).toBeLessThan(1e-5);
  expect(distance([...actual.documentGradient], gradientOf('documentGradient', 7))).toBeLessThan(1e-5);
});

it('without lengths is InfoNCE, to the last bit', async () => {
  const inputs = [flat(rows('q', 3)), flat(rows('d', 5))] as const;
  const [plain, nested] = [await createInfoNceLoss(engine, options), await createMatryoshka([])];
  expect(await nested.compute(...inputs)).toEqual(await plain.compute(...inputs));
  await plain.dispose();
  await nested.dispose();
});

it('refuses a length that the embeddings do not have', async () => {
  const made = createMatryoshka([4, 8]);
  await expect(made).rejects.toThrow(UserError);
  await expect(made).rejects.toThrow(/matryoshkaDimensions has 8, the embeddings have 6/);
});
