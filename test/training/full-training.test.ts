/** Training of all weights: gradients against finite differences of the float64 reference, sparse steps, the model folder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { Random } from '../../lib/core/random.js';
import type { ParameterMap } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import {
  fullParameters,
  gradientOfRows,
  readFullModel,
  tokenRows,
  writeFullModel,
} from '../../lib/encoder/full-parameters.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import type { Loss } from '../../lib/losses/loss.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { AdamW } from '../../lib/training/adamw.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { layerRates } from '../../lib/training/layer-rates.js';
import { type TrainingPair, train } from '../../lib/training/trainer.js';
import { type ReferenceModel, referenceEmbedding } from '../encoder/reference-encoder.js';
import { ENGINES, MODEL_FOLDER, randomModel, randomTexts, uploadModel } from '../encoder/tiny-models.js';
import { referenceInfoNce } from './reference-info-nce.js';

const model = randomModel(41, { causal: false });
const { config } = model;
const queries = randomTexts(41, [3, 1, 5, 2], config.vocabularySize);
const documents = randomTexts(42, [9, 4, 12, 8, 6], config.vocabularySize);

let engine: Engine;
let base: BaseModel;
let loss: Loss;
let before: number;
beforeAll(async () => {
  engine = await (ENGINES[0] as (typeof ENGINES)[0])[1]();
  base = await uploadModel(model, engine);
  loss = await createInfoNceLoss(engine, {
    dimensions: config.hiddenSize,
    temperature: 0.05,
    symmetric: true,
    falseNegativeMargin: null,
  });
});
afterAll(() => engine.close());
beforeEach(() => {
  before = engine.residentBytes();
});
afterEach(() => {
  expect(engine.residentBytes()).toBe(before);
});

/** Loss of the batch in float64, with weights moved along a direction. */
function referenceLoss(moved: ReadonlyMap<string, number[]>, step: number): number {
  const parameters: ReferenceModel['parameters'] = new Map(
    [...model.parameters].map(([name, { shape, data }]) => {
      const direction = moved.get(name);
      return [name, { shape, data: Array.from(data, (value, i) => value + step * (direction?.[i] ?? 0)) }];
    }),
  );
  const embed = (text: Int32Array) => referenceEmbedding({ ...model, parameters }, text);
  return referenceInfoNce(queries.map(embed), documents.map(embed), { temperature: 0.05, symmetric: true }).loss;
}

describe('gradients of all weights', () => {
  it.each(['whole-graph', 'layerwise'] as const)('are those of the reference with the %s plan', async (plan) => {
    const encoder = await createEncoder(base, { plan, full: await fullParameters(base) });
    const embeddingRows = tokenRows([...queries, ...documents]);
    for (const tokenBudget of [4096, 24]) {
      const { gradients } = await gradCache(encoder, loss, queries, documents, {
        tokenBudget,
        activationBudget: 1e9,
        dropout: { probability: 0, seed: 0, labels: [] },
        embeddingRows,
      });
      expect([...gradients.keys()].sort()).toEqual([...model.parameters.keys()].sort());
      const random = new Random(5, 'directions');
      for (const [name, { data }] of model.parameters) {
        const direction = Array.from(data, () => random.normal());
        const h = 1e-4;
        const slope =
          (referenceLoss(new Map([[name, direction]]), h) - referenceLoss(new Map([[name, direction]]), -h)) / (2 * h);
        const gradient = gradients.get(name) as Float32Array;
        const width = config.hiddenSize;
        const along =
          name === 'embed_tokens.weight'
            ? gradient.reduce(
                (sum, g, i) => sum + g * direction[embeddingRows[Math.floor(i / width)]! * width + (i % width)]!,
                0,
              )
            : gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
        expect(Math.abs(along - slope), name).toBeLessThan(2e-3 * Math.max(0.1, Math.abs(slope)));
      }
    }
    await encoder.dispose();
  });
});

describe('gradientOfRows', () => {
  it('sums the gradients of a token, and leaves padding out', () => {
    const rows = tokenRows([Int32Array.of(7, 3), Int32Array.of(3)]);
    expect([...rows]).toEqual([3, 7]);
    const gradient = gradientOfRows(rows, Int32Array.of(7, 3, 3, 0), Float32Array.of(1, 2, 10, 20, 100, 200, 5, 5));
    expect([...gradient]).toEqual([110, 220, 1, 2]);
  });
});

describe('AdamW', () => {
  const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 };
  const optimizer = (values: Float32Array): AdamW => new AdamW(new Map([['table', values]]), options);

  it('changes the given rows as a dense step would, and no others', () => {
    const dense = Float32Array.of(1, 2, 3, 4, 5, 6);
    const sparse = dense.slice();
    const gradient = Float32Array.of(0.5, -1, 0, 0, 2, 0.1);
    const [a, b] = [optimizer(dense), optimizer(sparse)];
    for (let step = 0; step < 3; step++) {
      a.step(new Map([['table', gradient]]), 0.1);
      const rows = new Map([['table', Int32Array.of(0, 2)]]);
      b.step(new Map([['table', Float32Array.of(0.5, -1, 2, 0.1)]]), 0.1, { rows });
    }
    expect([...sparse.subarray(0, 2), ...sparse.subarray(4)]).toEqual([...dense.subarray(0, 2), ...dense.subarray(4)]);
    expect([...sparse.subarray(2, 4)]).toEqual([3, 4]);
  });

  it('takes a rate for each parameter', () => {
    const [half, full] = [Float32Array.of(1), Float32Array.of(1)];
    optimizer(half).step(new Map([['table', Float32Array.of(1)]]), 0.1, { rates: new Map([['table', 0.5]]) });
    optimizer(full).step(new Map([['table', Float32Array.of(1)]]), 0.05);
    expect(half).toEqual(full);
  });

  it('refuses rows that the parameter does not have', () => {
    const step = (rows: number[], values: number) => () =>
      optimizer(new Float32Array(6)).step(new Map([['table', new Float32Array(values)]]), 0.1, {
        rows: new Map([['table', Int32Array.from(rows)]]),
      });
    expect(step([0, 3], 4)).toThrow(/row 3 among them/);
    expect(step([0, 1], 3)).toThrow(/expected whole rows/);
    expect(step([], 0)).toThrow(/of no rows/);
  });
});

describe('layerRates', () => {
  it('fall from the final norm to the embeddings', () => {
    const names = ['norm.weight', 'layers.1.mlp.up_proj.weight', 'layers.0.mlp.up_proj.lora_A', 'embed_tokens.weight'];
    expect([...layerRates(names, config, 0.5).values()]).toEqual([1, 0.5, 0.25, 0.125]);
    expect([...layerRates(names, config, 1).values()]).toEqual([1, 1, 1, 1]);
  });
});

describe('train with all weights', () => {
  const pairs: TrainingPair[] = randomTexts(43, [3, 4, 2, 5, 3, 4], config.vocabularySize).map((query, i) => ({
    query,
    document: Int32Array.of(...query, ...(randomTexts(44 + i, [4], config.vocabularySize)[0] as Int32Array)),
  }));
  const resolved = resolveConfig({
    input: { batches: { pairs: 3 }, training: { method: 'full', learningRate: 0.01, epochs: 12, layerDecay: 0.9 } },
  });

  it('lowers the loss, and leaves the rows of tokens that never occur', async () => {
    const start = await fullParameters(base);
    const initial = start.get('embed_tokens.weight')!.data.slice();
    const encoder = await createEncoder(base, { full: start });
    const { history, best } = await train({
      encoder,
      pairs,
      batchesOf: () => [
        [0, 1, 2],
        [3, 4, 5],
      ],
      config: resolved,
    });
    expect(history.steps.at(-1)!.loss).toBeLessThan(0.5 * history.steps[0]!.loss);
    const seen = new Set(pairs.flatMap(({ query, document }) => [...query, ...document]));
    const table = best.get('embed_tokens.weight')!.data;
    const width = config.hiddenSize;
    for (let id = 0; id < config.vocabularySize; id++) {
      const [now, then] = [table, initial].map((rows) => rows.subarray(id * width, (id + 1) * width));
      if (seen.has(id)) expect(now).not.toEqual(then);
      else expect(now).toEqual(then);
    }
    await encoder.dispose();
  });
});

describe('the folder of a trained model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'full-model-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('loads as a model that computes what the trained encoder did, to the last bit', async () => {
    const own = await loadBaseModel(MODEL_FOLDER, engine);
    const parameters: ParameterMap = await fullParameters(own);
    const random = new Random(8, 'changes');
    for (const { data } of parameters.values()) {
      for (let i = 0; i < data.length; i++) data[i]! += 0.01 * random.normal();
    }
    const encoder = await createEncoder(own, { full: parameters });
    const texts = randomTexts(9, [5, 12, 3], own.config.vocabularySize);
    const expected = await encoder.embed(texts);
    // what is no part of a model is not copied along
    const source = mkdtempSync(join(tmpdir(), 'full-source-'));
    writeFileSync(join(source, 'tokenizer.json'), '{}');
    writeFileSync(join(source, 'notes.txt'), 'x');
    writeFileSync(join(source, 'config.json'), readFileSync(join(MODEL_FOLDER, 'config.json')));
    await writeFullModel(folder, { ...own, folder: source }, parameters);
    expect(await readFullModel(folder, own.config)).toEqual(parameters);
    expect(readFileSync(join(folder, 'tokenizer.json'), 'utf8')).toBe('{}');
    expect(() => readFileSync(join(folder, 'notes.txt'))).toThrow('ENOENT');

    const loaded = await loadBaseModel(folder, engine);
    const again = await createEncoder(loaded);
    expect(await again.embed(texts)).toEqual(expected);
    for (const one of [encoder, again]) await one.dispose();
    for (const one of [own, loaded]) one.dispose();
    rmSync(source, { recursive: true });
  });
});
