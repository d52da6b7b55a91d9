/** The encoder against a slow implementation in plain TypeScript, at the edges of what it takes. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError, WorkError } from '../../lib/core/errors.js';
import { normalizeRowsInPlace } from '../../lib/core/rows.js';
import { padBatch } from '../../lib/encoder/batch-inputs.js';
import { createEncoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { adapterScale } from '../../lib/encoder/lora.js';
import type { Engine, TensorData } from '../../lib/engine/types.js';
import { wholeForwardBytes } from '../../lib/models/activation-memory.js';
import type { QwenConfig } from '../../lib/models/architectures/qwen-config.js';
import { referenceEmbedding } from './reference-encoder.js';
import {
  distance,
  ENGINES,
  type RandomModel,
  randomAdapter,
  randomModel,
  randomTexts,
  uploadModel,
  withAdapter,
} from './tiny-models.js';

const PLANS = ['whole-graph', 'layerwise'] as const;
const LENGTHS = [3, 9, 1, 5, 9, 2];

describe.each(ENGINES)('the encoder on engine %s', (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  /** Embeddings of the engine and of the reference, one after the other. */
  async function compare(model: RandomModel, options: EncoderOptions, texts: Int32Array[]): Promise<number> {
    const before = engine.residentBytes();
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base, options);
    const rows = await encoder.embed(texts);
    const { adapter, pooling, attention } = options;
    const causal = attention === undefined || attention === 'auto' ? model.config.causal : attention === 'causal';
    const bare = { ...model, causal };
    const reference = adapter ? withAdapter(bare, adapter.tensors, adapterScale(adapter.config)) : bare;
    const expected = texts.flatMap((text) => [...referenceEmbedding(reference, text, pooling)]);
    await encoder.dispose();
    base.dispose();
    expect(engine.residentBytes()).toBe(before);
    return distance(rows, expected);
  }

  it.each(['mean', 'last', 'cls'] as const)('pools by %s, with causal and bidirectional attention', async (pooling) => {
    const model = randomModel(1);
    const texts = randomTexts(1, LENGTHS, model.config.vocabularySize);
    for (const attention of ['causal', 'bidirectional'] as const) {
      for (const plan of PLANS) expect(await compare(model, { pooling, attention, plan }, texts)).toBeLessThan(1e-5);
    }
  });

  it('follows is_causal of the model where the attention is auto', async () => {
    const model = randomModel(2, { causal: false });
    const texts = randomTexts(2, [4, 7], model.config.vocabularySize);
    expect(await compare(model, {}, texts)).toBeLessThan(1e-5);
    expect(await compare(model, { attention: 'causal' }, texts)).toBeLessThan(1e-5);
  });

  it('computes adapters on any of the linear layers', async () => {
    const model = randomModel(3);
    const texts = randomTexts(3, LENGTHS, model.config.vocabularySize);
    const some = randomAdapter(model.config, 3, { targetModules: ['q_proj', 'down_proj'], rank: 2 });
    const all = randomAdapter(model.config, 3, { rankStabilized: true, rank: 4, alpha: 5 });
    for (const plan of PLANS) {
      expect(await compare(model, { plan, adapter: some }, texts)).toBeLessThan(1e-5);
      expect(await compare(model, { plan, adapter: all }, texts)).toBeLessThan(1e-5);
    }
  });

  it('takes one token, and as many as the model has positions', async () => {
    const model = randomModel(4, { maxPositions: 40 });
    const { vocabularySize } = model.config;
    for (const plan of PLANS) {
      expect(await compare(model, { plan }, randomTexts(4, [1], vocabularySize))).toBeLessThan(1e-5);
      expect(await compare(model, { plan }, randomTexts(5, [40], vocabularySize))).toBeLessThan(1e-5);
    }
  });

  it('keeps the mask tight where attention scores are in the ten thousands', async () => {
    // Qwen2 models have large biases on keys; the scores of masked tokens must not come through
    const model = randomModel(5);
    for (const [name, { shape, data }] of model.parameters) {
      if (/[qk]_proj\.bias$/.test(name)) model.parameters.set(name, { shape, data: data.map((value) => value * 600) });
    }
    const texts = randomTexts(6, LENGTHS, model.config.vocabularySize);
    for (const pooling of ['cls', 'mean'] as const) expect(await compare(model, { pooling }, texts)).toBeLessThan(1e-4);
  });
});

describe('the encoder', () => {
  const model = randomModel(7, { maxPositions: 12 });
  const { vocabularySize, hiddenSize } = model.config;
  let engine: Engine;
  beforeAll(async () => {
    engine = await (ENGINES[0] as (typeof ENGINES)[0])[1]();
  });
  afterAll(() => engine.close());
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on('unhandledRejection', listener));
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', listener);
    expect(unhandled.splice(0)).toEqual([]);
  });

  it('agrees with the reference for random architectures', async () => {
    const architecture = fc.record({
      groups: fc.integer({ min: 1, max: 3 }),
      headsPerGroup: fc.integer({ min: 1, max: 3 }),
      headDimension: fc.constantFrom(2, 4, 10),
      hiddenSize: fc.integer({ min: 1, max: 17 }),
      intermediateSize: fc.integer({ min: 1, max: 23 }),
      layers: fc.integer({ min: 1, max: 3 }),
      causal: fc.boolean(),
      qwen3: fc.boolean(),
    });
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(architecture, lengths, fc.nat(), async (drawn, textLengths, seed) => {
        const { groups, headsPerGroup, qwen3, ...plain } = drawn;
        const config: Partial<QwenConfig> = {
          ...plain,
          modelType: qwen3 ? 'qwen3' : 'qwen2',
          attentionHeads: groups * headsPerGroup,
          keyValueHeads: groups,
          attentionBias: !qwen3,
          queryKeyNorm: qwen3,
        };
        const randomized = randomModel(seed, config);
        const texts = randomTexts(seed, textLengths, randomized.config.vocabularySize);
        const base = await uploadModel(randomized, engine);
        const expected = texts.flatMap((text) => [...referenceEmbedding(randomized, text)]);
        for (const plan of PLANS) {
          const encoder = await createEncoder(base, { plan });
          expect(distance(await encoder.embed(texts), expected)).toBeLessThan(2e-5);
          await encoder.dispose();
        }
        base.dispose();
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it('returns embeddings in the order of the texts whatever the token budget', async () => {
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base);
    const texts = randomTexts(8, [5, 12, 1, 7, 7, 3, 12, 2, 9, 4], vocabularySize);
    const expected = texts.flatMap((text) => [...referenceEmbedding(model, text)]);
    for (const tokenBudget of [12, 25, 40, 4096]) {
      expect(distance(await encoder.embed(texts, { tokenBudget }), expected)).toBeLessThan(1e-5);
    }
    expect(await encoder.embed([])).toEqual(new Float32Array(0));
    await encoder.dispose();
    base.dispose();
  });

  it('reports its progress in tokens', async () => {
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base);
    const events: [number, number | undefined, string][] = [];
    await encoder.embed(randomTexts(8, [5, 12, 1, 7], vocabularySize), {
      tokenBudget: 12,
      onProgress: ({ done, total, unit }) => void events.push([done, total, unit]),
    });
    expect(events).toEqual([
      [12, 25, 'tokens'],
      [19, 25, 'tokens'],
      [25, 25, 'tokens'],
    ]);
    await encoder.dispose();
    base.dispose();
  });

  it('refuses, in one line, what it cannot encode', async () => {
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base);
    const refusal = async (texts: Int32Array[], tokenBudget?: number): Promise<string> => {
      const error: unknown = await encoder.embed(texts, { tokenBudget }).catch((e) => e);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).not.toContain('\n');
      return (error as Error).message;
    };
    const good = randomTexts(9, [12, 12, 12], vocabularySize);
    expect(await refusal([...good, new Int32Array(13)])).toMatch(/13 tokens is longer than the 12 positions/);
    expect(await refusal([...good, new Int32Array(0)], 12)).toMatch(/text 3 has no tokens/);
    expect(await refusal([...good, Int32Array.of(1, vocabularySize)], 12)).toMatch(/token id 40 is outside/);
    expect(await refusal([...good, Int32Array.of(-1)], 12)).toMatch(/token id -1 is outside/);
    expect(await refusal(good, 11)).toMatch(/12 tokens, more than the token budget of 11/);
    expect(() => encoder.pad([])).toThrow(/no texts/);
    expect(() => encoder.pad([new Int32Array(0)])).toThrow(/text 0 of the batch has no tokens/);
    expect(
      distance(
        await encoder.embed(good),
        good.flatMap((text) => [...referenceEmbedding(model, text)]),
      ),
    ).toBeLessThan(1e-5);
    await encoder.dispose();
    base.dispose();
  });

  it('does not return numbers that are none', async () => {
    const damaged = randomModel(10);
    damaged.parameters.get('layers.1.mlp.up_proj.weight')!.data[3] = Number.NaN;
    const base = await uploadModel(damaged, engine);
    const encoder = await createEncoder(base);
    await expect(encoder.embed([Int32Array.of(1, 2)])).rejects.toThrow(WorkError);
    await expect(encoder.embed([Int32Array.of(1, 2)])).rejects.toThrow(/embedding of text 0 is not finite/);
    await encoder.dispose();
    base.dispose();
  });

  it('stops between batches', async () => {
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base);
    const stop = new AbortController();
    const seen: number[] = [];
    const texts = randomTexts(11, Array(9).fill(12), vocabularySize);
    const work = encoder.embed(texts, {
      tokenBudget: 12,
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        stop.abort();
      },
    });
    await expect(work).rejects.toThrow(Interrupted);
    expect(seen.length).toBeLessThan(3);
    await encoder.dispose();
    base.dispose();
  });

  it('takes new matrices for its adapter, and only such as fit', async () => {
    const base = await uploadModel(model, engine);
    const before = engine.residentBytes();
    const adapter = randomAdapter(model.config, 1);
    const encoder = await createEncoder(base, { adapter });
    const texts = randomTexts(12, [4, 6], vocabularySize);
    const withBytes = engine.residentBytes();
    const first = encoder.fingerprint();
    const { tensors } = randomAdapter(model.config, 2);
    await encoder.setAdapter(tensors);
    const expected = (matrices: typeof tensors) =>
      texts.flatMap((text) => [...referenceEmbedding(withAdapter(model, matrices, 2), text)]);
    expect(distance(await encoder.embed(texts), expected(tensors))).toBeLessThan(1e-5);
    expect(encoder.adapter?.tensors).toBe(tensors);
    expect(encoder.fingerprint()).not.toBe(first);
    expect(engine.residentBytes()).toBe(withBytes);

    const lacking = new Map([...tensors].slice(1));
    await expect(encoder.setAdapter(lacking)).rejects.toThrow(/layers\.0\.self_attn\.q_proj\.lora_A is missing/);
    const misshapen = new Map([
      ...tensors,
      ['layers.1.mlp.up_proj.lora_A', { shape: [12, 3], data: new Float32Array(36) }],
    ]);
    await expect(encoder.setAdapter(misshapen)).rejects.toThrow(/lora_A is \[12, 3\], the encoder has \[3, 12\]/);
    await expect(
      encoder.setAdapter(new Map([...tensors, ['x', { shape: [1], data: new Float32Array(1) }]])),
    ).rejects.toThrow(UserError);
    expect(distance(await encoder.embed(texts), expected(tensors))).toBeLessThan(1e-5);

    await encoder.setAdapter(adapter.tensors);
    expect(encoder.fingerprint()).toBe(first);
    expect(distance(await encoder.embed(texts), expected(adapter.tensors))).toBeLessThan(1e-5);
    await encoder.dispose();
    expect(engine.residentBytes()).toBe(before);
    base.dispose();
  });

  it('names in its fingerprint all that embeddings depend on', async () => {
    const base = await uploadModel(model, engine);
    const fingerprint = async (options: EncoderOptions): Promise<string> => {
      const encoder = await createEncoder(base, options);
      const name = encoder.fingerprint();
      await encoder.dispose();
      return name;
    };
    const adapter = randomAdapter(model.config, 1);
    const different = [
      {},
      { pooling: 'last' },
      { attention: 'bidirectional' },
      { adapter },
      { adapter: randomAdapter(model.config, 2) },
      { adapter: { ...adapter, config: { ...adapter.config, alpha: 7 } } },
    ] satisfies EncoderOptions[];
    const names = await Promise.all(different.map(fingerprint));
    expect(new Set(names).size).toBe(different.length);
    expect(await fingerprint({ attention: 'causal', plan: 'layerwise' })).toBe(names[0]);
    base.dispose();
  });

  it('chooses the plan by the memory that activations take', async () => {
    const base = await uploadModel(model, engine);
    const roomy = await createEncoder(base, { tokenBudget: 100 });
    const tight = await createEncoder(base, { tokenBudget: 100, memoryBudget: 1e5 });
    expect([roomy.plan.name, tight.plan.name]).toEqual(['whole-graph', 'layerwise']);
    expect(roomy.dimensions).toBe(hiddenSize);
    await roomy.dispose();
    await tight.dispose();
    base.dispose();
  });

  it('encodes in one graph what has room for its forward pass alone', async () => {
    const base = await uploadModel(model, engine);
    const budgets = { tokenBudget: 100, memoryBudget: wholeForwardBytes(base.config, 100) };
    const encoder = await createEncoder(base, budgets);
    const layerwise = await createEncoder(base, { ...budgets, plan: 'layerwise' });
    expect(encoder.plan.name).toBe('layerwise');
    expect(encoder.encoding.name).toBe(engine.eager ? 'layerwise' : 'whole-graph');
    expect(layerwise.encoding.name).toBe('layerwise');
    const texts = randomTexts(9, [3, 12, 7], base.config.vocabularySize);
    expect(distance(await encoder.embed(texts), await layerwise.embed(texts))).toBeLessThan(1e-5);
    for (const one of [encoder, layerwise]) await one.dispose();
    base.dispose();
  });

  it.each(['least', 'most'] as const)(
    'leaves nothing on the engine when a layer fails, the %s kept',
    async (amount) => {
      const base = await uploadModel(model, engine);
      const before = engine.residentBytes();
      const encoder = await createEncoder(base, { plan: 'layerwise', adapter: randomAdapter(model.config, 1) });
      const batch = encoder.pad(randomTexts(13, [3, 3], vocabularySize));
      const gradient = new Float32Array(2 * hiddenSize).fill(1);
      const activationBudget = encoder.plan.savedBytes(batch.tokenIds.length)[amount];
      await encoder.backward(batch, gradient);
      const held = engine.residentBytes();
      const { saved } = await encoder.forward(batch, {}, activationBudget);
      expect(engine.residentBytes()).toBe(held + (saved?.bytes ?? 0));
      expect(saved?.bytes).toBe(activationBudget);
      // sizes that contradict each other: the engine refuses the run
      const cos = { ...(batch.inputs.cos as TensorData), shape: [1, 18] };
      const broken = { ...batch, inputs: { ...batch.inputs, cos } };
      await expect(encoder.backward(broken, gradient, {}, saved)).rejects.toThrow(/ONNX Runtime/);
      await expect(encoder.backward(broken, gradient)).rejects.toThrow(/ONNX Runtime/);
      await expect(encoder.forward(broken, {}, activationBudget)).rejects.toThrow(/ONNX Runtime/);
      await expect(encoder.forward(broken)).rejects.toThrow(/ONNX Runtime/);
      expect(engine.residentBytes()).toBe(held);
      await encoder.dispose();
      expect(engine.residentBytes()).toBe(before);
      base.dispose();
    },
  );
});

describe('padBatch', () => {
  const config = randomModel(1).config;
  it('shows every token what it may see, and the padding nothing of use', () => {
    const texts = [Int32Array.of(7), Int32Array.of(5, 6, 7)];
    const padded = padBatch(texts, config, { pooling: 'mean', causal: true });
    const { inputs, poolWeights, tokenIds, tokens, batch, sequence } = padded;
    expect([batch, sequence, tokens]).toEqual([2, 3, 4]);
    expect([...tokenIds]).toEqual([7, 0, 0, 5, 6, 7]);
    const visible = Array.from(inputs.attentionBias!.data, (bias) => (bias === 0 ? 1 : 0));
    expect(visible).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect([...poolWeights.data]).toEqual([1, 0, 0, ...Array(3).fill(Math.fround(1 / 3))]);
  });
});

describe('normalizeRowsInPlace', () => {
  it('scales every row to length 1 and leaves a zero row alone', () => {
    const rows = normalizeRowsInPlace(Float32Array.of(3, 4, 0, 0, 0, -2), 2);
    expect(distance(rows, [0.6, 0.8, 0, 0, 0, -1])).toBeLessThan(1e-7);
  });
});
