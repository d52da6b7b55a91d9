/** Loss and gradients of whole batches: against PyTorch and PEFT, and against finite differences of the reference. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError, WorkError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { adapterScale, dropoutMasks, dropoutModules } from '../../lib/encoder/lora.js';
import type { Engine } from '../../lib/engine/types.js';
import type { Loss } from '../../lib/losses/loss.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { accumulate, type GradCacheOptions, type GradCacheResult, gradCache } from '../../lib/training/grad-cache.js';
import { type ReferenceModel, type ReferenceTensor, referenceEmbedding } from '../encoder/reference-encoder.js';
import {
  ADAPTER_FOLDER,
  ENGINES,
  fixture,
  fixtureBatch,
  fixtureTensors,
  MODEL_FOLDER,
  norm,
  peftName,
  randomAdapter,
  randomModel,
  randomTexts,
  relativeError,
  uploadModel,
  withAdapter,
} from '../encoder/tiny-models.js';
import { createLoss } from './fixture-training.js';
import { referenceInfoNce } from './reference-info-nce.js';

const PLANS = ['whole-graph', 'layerwise'] as const;
const OPTIONS: GradCacheOptions = {
  tokenBudget: 4096,
  activationBudget: 1e9,
  dropout: { probability: 0, seed: 0, labels: [] },
};

/** The largest relative error over all matrices. */
function gradientError(actual: GradCacheResult['gradients'], expected: ReadonlyMap<string, ArrayLike<number>>): number {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  return Math.max(...[...expected].map(([name, values]) => relativeError(actual.get(name) as Float32Array, values)));
}

describe.each(ENGINES)('a batch of the fixture on engine %s', (_, startEngine) => {
  let engine: Engine;
  let base: BaseModel;
  const { titles, abstracts } = fixtureBatch(0);
  beforeAll(async () => {
    engine = await startEngine();
    base = await loadBaseModel(MODEL_FOLDER, engine);
  });
  afterAll(() => engine.close());

  it.each(PLANS)('has the loss and gradients of PyTorch with the %s plan', async (plan) => {
    const encoder = await createEncoder(base, { plan, adapter: await readAdapter(ADAPTER_FOLDER, base.config) });
    const recorded = await fixtureTensors('grads');
    for (const symmetric of [false, true]) {
      const loss = await createLoss(engine, encoder.dimensions, { symmetric, temperature: fixture.temperature });
      const lengths = symmetric ? fixture.grad_l2_symmetric : fixture.grad_l2;
      for (const options of [OPTIONS, { ...OPTIONS, tokenBudget: 40, activationBudget: 0 }]) {
        const result = await gradCache(encoder, loss, titles, abstracts, options);
        const expected = symmetric ? fixture.loss.symmetric : fixture.loss.title_to_abstract;
        expect(Math.abs(result.loss - expected)).toBeLessThan(1e-5 * expected);
        expect([...result.gradients.keys()].map(peftName).sort()).toEqual(Object.keys(lengths).sort());
        for (const [name, gradient] of result.gradients) {
          const length = lengths[peftName(name)] as number;
          expect(Math.abs(norm(gradient) - length) / length, name).toBeLessThan(1e-4);
          const values = recorded.get(peftName(name))?.data;
          if (values && !symmetric) expect(relativeError(gradient, values), name).toBeLessThan(1e-4);
        }
      }
      await loss.dispose();
    }
    await encoder.dispose();
  });
});

describe('gradCache', () => {
  const model = randomModel(21, { layers: 2 });
  const { config } = model;
  const queries = randomTexts(21, [3, 1, 5, 2, 7], config.vocabularySize);
  const documents = randomTexts(22, [9, 4, 12, 8, 3, 6, 10], config.vocabularySize);
  let engine: Engine;
  let base: BaseModel;
  let loss: Loss;
  let before: number;
  beforeAll(async () => {
    engine = await (ENGINES[0] as (typeof ENGINES)[0])[1]();
    base = await uploadModel(model, engine);
    loss = await createLoss(engine, config.hiddenSize, { symmetric: true });
  });
  afterAll(() => engine.close());
  beforeEach(() => {
    before = engine.residentBytes();
  });
  afterEach(() => {
    expect(engine.residentBytes()).toBe(before);
  });

  async function withEncoder<T>(
    options: { plan: (typeof PLANS)[number]; dropout?: number },
    use: (encoder: Encoder) => Promise<T>,
  ): Promise<T> {
    const adapter = randomAdapter(config, 21, { dropout: options.dropout ?? 0 });
    const encoder = await createEncoder(base, { plan: options.plan, adapter });
    try {
      return await use(encoder);
    } finally {
      await encoder.dispose();
    }
  }

  /** The loss of the batch in float64; `dropoutOf` gives the masks of each text. */
  function referenceLoss(
    reference: ReferenceModel,
    dropoutOf: (text: Int32Array) => ReferenceModel['dropout'] = () => undefined,
  ): number {
    const embed = (text: Int32Array) => referenceEmbedding({ ...reference, dropout: dropoutOf(text) }, text);
    const options = { temperature: 0.05, symmetric: true };
    return referenceInfoNce(queries.map(embed), documents.map(embed), options).loss;
  }

  /** Directional derivatives of every matrix, by central differences in float64 and by the gradient. */
  function expectGradient(
    result: GradCacheResult,
    encoder: Encoder,
    dropoutOf?: (text: Int32Array) => ReferenceModel['dropout'],
  ): void {
    const { config: adapterConfig, tensors } = encoder.adapter!;
    const at = (name: string, direction: number[], step: number): number => {
      const { shape, data } = tensors.get(name)!;
      const moved = { shape, data: Float64Array.from(data, (value, i) => value + step * direction[i]!) };
      const reference = withAdapter(model, tensors, adapterScale(adapterConfig));
      return referenceLoss(
        { ...reference, parameters: new Map<string, ReferenceTensor>([...reference.parameters, [name, moved]]) },
        dropoutOf,
      );
    };
    for (const [name, gradient] of result.gradients) {
      const random = new Random(5, name);
      // partly along the gradient, where the derivative is largest, partly along something else
      const direction = Array.from(
        gradient,
        (value) => value / norm(gradient) + random.normal() / Math.sqrt(gradient.length),
      );
      const difference = (at(name, direction, 1e-4) - at(name, direction, -1e-4)) / 2e-4;
      const analytic = direction.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
      expect(Math.abs(difference - analytic), name).toBeLessThan(1e-4 * norm(gradient));
    }
  }

  it.each(PLANS)('gives the gradients of finite differences with the %s plan', async (plan) => {
    await withEncoder({ plan }, async (encoder) => {
      const result = await gradCache(encoder, loss, queries, documents, { ...OPTIONS, tokenBudget: 30 });
      const reference = withAdapter(model, encoder.adapter!.tensors, 2);
      expect(result.loss).toBeCloseTo(referenceLoss(reference), 4);
      expectGradient(result, encoder);
    });
  });

  it('differentiates through dropout as it was applied', async () => {
    const dropout = { probability: 0.4, seed: 9, labels: ['epoch', 3] };
    await withEncoder({ plan: 'whole-graph', dropout: 0.4 }, async (encoder) => {
      const result = await gradCache(encoder, loss, queries, documents, { ...OPTIONS, dropout });
      const texts = [...queries, ...documents];
      const longest = Math.max(...texts.map((text) => text.length));
      // all texts pass in one micro-batch, the longest first
      expect(result.paddedTokens).toBe(texts.length * longest);
      const order = texts.map((_, i) => i).sort((a, b) => texts[b]!.length - texts[a]!.length || a - b);
      const modules = dropoutModules(encoder.adapter!.config, config);
      const masks = dropoutMasks(modules, 0.4, texts.length * longest, 9, ['epoch', 3, 0]);
      const dropoutOf = (text: Int32Array): ReferenceModel['dropout'] => {
        const start = order.indexOf(texts.indexOf(text)) * longest;
        return new Map(
          [...modules].map(([name, width]) => [
            name,
            masks[`${name}.dropout`]!.data.subarray(start * width, (start + text.length) * width),
          ]),
        );
      };
      expect(result.loss).toBeCloseTo(referenceLoss(withAdapter(model, encoder.adapter!.tensors, 2), dropoutOf), 4);
      expectGradient(result, encoder, dropoutOf);
    });
  });

  it.each(PLANS)('gives the gradient of the whole batch for any split, with the %s plan', async (plan) => {
    await withEncoder({ plan }, async (encoder) => {
      const whole = await gradCache(encoder, loss, queries, documents, OPTIONS);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 12, max: 150 }),
          fc.constantFrom(0, 900, 2000, 5000, 1e9),
          async (tokenBudget, activationBudget) => {
            const split = await gradCache(encoder, loss, queries, documents, {
              ...OPTIONS,
              tokenBudget,
              activationBudget,
            });
            expect(Math.abs(split.loss - whole.loss)).toBeLessThan(1e-5 * whole.loss);
            expect(gradientError(split.gradients, whole.gradients)).toBeLessThan(1e-5);
            expect(split.tokens).toBe(70);
            expect(split.paddedTokens).toBeGreaterThanOrEqual(70);
          },
        ),
        { numRuns: 8, seed: 4 },
      );
    });
  });

  it('gives the same with both plans, dropout included', async () => {
    for (const dropout of [0, 0.3]) {
      const options = { ...OPTIONS, tokenBudget: 30, dropout: { probability: dropout, seed: 1, labels: [2] } };
      const [whole, layers] = await Promise.all(
        PLANS.map((plan) =>
          withEncoder({ plan, dropout }, (encoder) => gradCache(encoder, loss, queries, documents, options)),
        ),
      );
      expect(layers!.loss).toBeCloseTo(whole!.loss, 4);
      expect(gradientError(layers!.gradients, whole!.gradients)).toBeLessThan(1e-5);
    }
  });

  it('drops out the same in both passes, whatever is kept between them, and otherwise in the next batch', async () => {
    await withEncoder({ plan: 'layerwise', dropout: 0.3 }, async (encoder) => {
      const run = (activationBudget: number, labels: number[]) =>
        gradCache(encoder, loss, queries, documents, {
          tokenBudget: 30,
          activationBudget,
          dropout: { probability: 0.3, seed: 1, labels },
        });
      const kept = await run(1e9, [0, 7]);
      for (const activationBudget of [0, 5000]) {
        const again = await run(activationBudget, [0, 7]);
        expect(again.loss).toBe(kept.loss);
        // what is kept is not multiplied again, and the sums of the gradients then come in another order
        expect(gradientError(again.gradients, kept.gradients)).toBeLessThan(1e-6);
      }
      const other = await run(1e9, [0, 8]);
      expect(other.loss).not.toBe(kept.loss);
    });
  });

  it('keeps activations between the passes only within its budget', async () => {
    await withEncoder({ plan: 'layerwise' }, async (encoder) => {
      const { forward, backward } = encoder;
      let keptBytes = 0;
      let most = 0;
      let recomputed = 0;
      const watched: Encoder = {
        ...encoder,
        forward: async (batch, extra, activationBudget) => {
          const result = await forward(batch, extra, activationBudget);
          keptBytes += result.saved?.bytes ?? 0;
          most = Math.max(most, engine.residentBytes());
          return result;
        },
        backward: (batch, gradient, extra, saved) => {
          if (!saved) recomputed++;
          return backward(batch, gradient, extra, saved);
        },
      };
      const start = engine.residentBytes();
      await gradCache(watched, loss, queries, documents, { ...OPTIONS, tokenBudget: 30, activationBudget: 6000 });
      expect(keptBytes).toBeGreaterThan(0);
      expect(keptBytes).toBeLessThanOrEqual(6000);
      expect(most - start).toBe(keptBytes);
      expect(recomputed).toBeGreaterThan(0);
      await gradCache(watched, loss, queries, documents, { ...OPTIONS, tokenBudget: 30, activationBudget: 1e9 });
      expect(engine.residentBytes()).toBe(start);
    });
  });

  it('gives the same whatever the budget lets it keep: nothing, layer inputs, the outputs of some layers or all', async () => {
    for (const dropout of [0, 0.3]) {
      await withEncoder({ plan: 'layerwise', dropout }, async (encoder) => {
        const options = { ...OPTIONS, tokenBudget: 150, dropout: { probability: dropout, seed: 1, labels: [2] } };
        // all texts in one micro-batch
        const padded = (queries.length + documents.length) * 12;
        const { least, most } = encoder.plan.savedBytes(padded);
        expect(most).toBeGreaterThan(least);
        const kept: number[] = [];
        const { forward } = encoder;
        const watched: Encoder = {
          ...encoder,
          forward: async (...inputs) => {
            const result = await forward(...inputs);
            kept.push(result.saved?.bytes ?? 0);
            return result;
          },
        };
        const budgets = [0, least, (least + most) / 2, most];
        const results: GradCacheResult[] = [];
        for (const activationBudget of budgets) {
          results.push(await gradCache(watched, loss, queries, documents, { ...options, activationBudget }));
        }
        expect(kept).toEqual(budgets);
        for (const { gradients } of results) {
          expect(gradientError(gradients, results[0]!.gradients)).toBeLessThan(1e-6);
        }
      });
    }
  });

  it.each(PLANS)('leaves nothing behind when it is stopped or fails, with the %s plan', async (plan) => {
    await withEncoder({ plan }, async (encoder) => {
      const start = engine.residentBytes();
      const options = { ...OPTIONS, tokenBudget: 12 };
      const stop = new AbortController();
      let calls = 0;
      const stopping: Loss = {
        ...loss,
        compute: (...rows) => {
          calls++;
          stop.abort();
          return loss.compute(...rows);
        },
      };
      const work = gradCache(encoder, stopping, queries, documents, { ...options, signal: stop.signal });
      await expect(work).rejects.toThrow(Interrupted);
      expect(calls).toBe(1);
      await expect(
        gradCache(encoder, loss, queries, documents, { ...options, signal: AbortSignal.abort() }),
      ).rejects.toThrow(Interrupted);
      await expect(gradCache(encoder, loss, documents, queries, options)).rejects.toThrow(UserError);
      await expect(gradCache(encoder, loss, queries, documents, { ...options, tokenBudget: 11 })).rejects.toThrow(
        /12 tokens, more than the token budget/,
      );
      await expect(gradCache(encoder, loss, queries, [...documents, new Int32Array(0)], options)).rejects.toThrow(
        /no tokens/,
      );
      const broken = randomAdapter(config, 1).tensors;
      broken.get('layers.0.mlp.up_proj.lora_B')!.data[0] = Number.NaN;
      await encoder.setAdapter(broken);
      await expect(gradCache(encoder, loss, queries, documents, options)).rejects.toThrow(WorkError);
      await expect(gradCache(encoder, loss, queries, documents, options)).rejects.toThrow(/the loss is NaN/);
      expect(engine.residentBytes()).toBe(start);
    });
  });

  it('averages nothing: accumulated gradients are sums', () => {
    const total = new Map([['a', Float32Array.of(1, 2)]]);
    accumulate(
      total,
      new Map([
        ['a', Float32Array.of(10, 20)],
        ['b', Float32Array.of(5)],
      ]),
    );
    expect(total).toEqual(
      new Map([
        ['a', Float32Array.of(11, 22)],
        ['b', Float32Array.of(5)],
      ]),
    );
  });
});
