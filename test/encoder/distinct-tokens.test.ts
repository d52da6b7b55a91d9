/** Encoding by distinct tokens against the plans that compute every token, and where it has to leave it to them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { firstColumns } from '../../lib/core/rows.js';
import { bagEncoding } from '../../lib/encoder/distinct-tokens/bag-encoding.js';
import { DistinctTokens } from '../../lib/encoder/distinct-tokens/distinct-text.js';
import { embedTexts } from '../../lib/encoder/embed-texts.js';
import { createEncoder, type Encoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { adapterScale } from '../../lib/encoder/lora.js';
import type { Model } from '../../lib/encoder/model.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { POOLING_NAMES } from '../../lib/models/pooling.js';
import { architectureOf } from '../../lib/models/registry.js';
import { PLAIN_TRANSFORMER } from '../../lib/models/sentence/sentence-use.js';
import type { TokenForm } from '../../lib/models/token-form.js';
import { untunedEncoder } from '../../lib/pipeline/steps/encoder.js';
import { BAG_CONFIG, bagModel, parameter } from './bag-model.js';
import { referenceEmbedding } from './reference-encoder.js';
import {
  distance,
  ENGINES,
  type RandomModel,
  randomAdapter,
  randomModel,
  randomTexts,
  relativeError,
  uploadModel,
  withAdapter,
} from './tiny-models.js';

/** One token, one token again and again, and texts with and without repetitions, up to all positions. */
const TEXTS = [
  Int32Array.of(7),
  new Int32Array(30).fill(3),
  Int32Array.of(0, 5, 5, 0, 9, 5),
  ...randomTexts(5, [9, 2, 64, 40], 40),
];

describe.each(ENGINES)('distinct tokens on engine %s', (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  async function withEncoder<T>(
    model: RandomModel,
    options: EncoderOptions,
    use: (encoder: Encoder, base: BaseModel) => Promise<T>,
  ): Promise<T> {
    const before = engine.residentBytes();
    const base = await uploadModel(model, engine);
    const encoder = await createEncoder(base, options);
    const result = await use(encoder, base);
    await encoder.dispose();
    base.dispose();
    expect(engine.residentBytes()).toBe(before);
    return result;
  }

  const embeddings = (model: RandomModel, options: EncoderOptions, texts = TEXTS): Promise<Float32Array> =>
    withEncoder(model, options, (encoder) => encoder.embed(texts));

  it('gives what a slow implementation gives, in the order of the texts, in micro-batches of any size', async () => {
    const model = bagModel(1);
    for (const pooling of ['mean', 'last', 'cls'] as const) {
      const expected = TEXTS.flatMap((text) => [...referenceEmbedding(model, text, pooling)]);
      await withEncoder(model, { pooling }, async (encoder) => {
        expect(encoder.encoding.name).toBe('distinct-tokens');
        for (const tokenBudget of [64, 100, 4096]) {
          expect(distance(await encoder.embed(TEXTS, { tokenBudget }), expected)).toBeLessThan(1e-5);
        }
      });
    }
  });

  it('pools by every weighted sum of tokens, and leaves the greatest values to the other plans', async () => {
    const model = bagModel(2);
    for (const pooling of POOLING_NAMES) {
      const [name, rows] = await withEncoder(model, { pooling }, async (encoder) => [
        encoder.encoding.name,
        await encoder.embed(TEXTS),
      ]);
      expect(name === 'distinct-tokens').toBe(pooling !== 'max');
      expect(distance(rows, await embeddings(model, { pooling, plan: 'whole-graph' }))).toBeLessThan(1e-5);
    }
  });

  it('follows an adapter on values and outputs, and what it learns', async () => {
    const model = bagModel(3);
    const targetModules = ['v_proj', 'o_proj'];
    const [first, second] = [3, 4].map((seed) => randomAdapter(model.config, seed, { targetModules }));
    const expected = (adapter: typeof first) =>
      TEXTS.flatMap((text) => [
        ...referenceEmbedding(withAdapter(model, adapter!.tensors, adapterScale(adapter!.config)), text, 'mean'),
      ]);
    await withEncoder(model, { adapter: first! }, async (encoder) => {
      expect(encoder.encoding.name).toBe('distinct-tokens');
      expect(distance(await encoder.embed(TEXTS), expected(first))).toBeLessThan(1e-5);
      const before = encoder.fingerprint();
      await encoder.setTrained(second!.tensors);
      expect(distance(await encoder.embed(TEXTS), expected(second))).toBeLessThan(1e-5);
      expect(encoder.fingerprint()).not.toBe(before);
    });
  });

  it('trains an adapter on values and outputs as the other plans do, whatever pools the tokens', async () => {
    const model = bagModel(8);
    const width = model.config.hiddenSize;
    const adapter = randomAdapter(model.config, 8, { targetModules: ['v_proj', 'o_proj'] });
    const ofEmbeddings = Float32Array.from({ length: TEXTS.length * width }, (_, i) => Math.sin(i));
    for (const pooling of ['mean', 'last', 'weighted_mean'] as const) {
      const computed = (plan: 'auto' | 'whole-graph') =>
        withEncoder(model, { adapter, pooling, plan }, async (encoder) => {
          expect(encoder.plan.name).toBe(plan === 'auto' ? 'distinct-tokens' : plan);
          const batch = encoder.pad(TEXTS);
          const { embeddings } = await encoder.forward(batch);
          const gradients = await encoder.backward(batch, ofEmbeddings.slice());
          return { rows: embeddings.data as Float32Array, gradients };
        });
      const [ours, expected] = [await computed('auto'), await computed('whole-graph')];
      expect(distance(ours.rows, expected.rows)).toBeLessThan(1e-5);
      expect([...ours.gradients.keys()]).toEqual([...expected.gradients.keys()]);
      for (const [name, gradient] of expected.gradients) {
        expect(relativeError(ours.gradients.get(name) as Float32Array, gradient), name).toBeLessThan(1e-4);
      }
    }
  });

  it('leaves dropout to the other plans, whose masks are of every token', async () => {
    const adapter = randomAdapter(bagModel(9).config, 9, { targetModules: ['o_proj'], dropout: 0.1 });
    await withEncoder(bagModel(9), { adapter }, async ({ plan, encoding }) => {
      expect(plan.name).not.toBe('distinct-tokens');
      expect(encoding.name).toBe('distinct-tokens');
    });
  });

  it('passes the linear layers that follow the pooling', async () => {
    const model = bagModel(4);
    const width = model.config.hiddenSize;
    const base = await uploadModel(model, engine);
    const step = { path: '2_Dense', inputs: width, outputs: 5, bias: false, activation: 'Tanh' } as const;
    const data = Float32Array.from({ length: 5 * width }, (_, i) => Math.sin(i));
    const dense = new Map([['dense.0.weight', await engine.upload({ dtype: 'float32', shape: [5, width], data })]]);
    const withDense = { ...base, dense, sentence: { ...PLAIN_TRANSFORMER, dense: [step] } };
    const [bags, whole] = [await createEncoder(withDense), await createEncoder(withDense, { plan: 'whole-graph' })];
    expect(bags.encoding.name).toBe('distinct-tokens');
    const rows = await bags.embed(TEXTS);
    expect(rows).toHaveLength(5 * TEXTS.length);
    expect(distance(rows, await whole.embed(TEXTS))).toBeLessThan(1e-5);
    for (const encoder of [bags, whole]) await encoder.dispose();
    base.dispose();
    engine.release([...dense.values()]);
  });

  it('refuses the texts that the other plans refuse, and encodes on', async () => {
    await withEncoder(bagModel(5), {}, async (encoder) => {
      const good = await encoder.embed(TEXTS);
      await expect(encoder.embed([Int32Array.of(1), new Int32Array(0)])).rejects.toThrow(/text 1 has no tokens/);
      await expect(encoder.embed([new Int32Array(65)])).rejects.toThrow(/65 tokens is longer than the 64 positions/);
      await expect(encoder.embed([Int32Array.of(1, 1, 40)])).rejects.toThrow(/token id 40 is outside/);
      await expect(encoder.embed([Int32Array.of(1, -1)])).rejects.toThrow(UserError);
      expect(await encoder.embed([])).toEqual(new Float32Array(0));
      expect(distance(await encoder.embed(TEXTS), good)).toBeLessThan(1e-6);
    });
  });

  it('begins its tables anew where memory is short, also for calls under way at once', async () => {
    const model = bagModel(6);
    const expected = await embeddings(model, { plan: 'whole-graph' });
    const width = model.config.hiddenSize;
    const base = await uploadModel(model, engine);
    const bare: Model = {
      engine,
      config: base.config,
      pooling: 'mean',
      dense: [],
      options: { adapterScale: 0 },
      parameters: base.weights,
      trainable: new Set(),
      trainsEmbeddings: false,
      dropout: new Map(),
    };
    const form = architectureOf(base.config).tokenForm as TokenForm<ModelConfig>;
    // no room for the tokens of one text, let alone all
    const encoding = bagEncoding(bare, form, () => base.table, 8 * 4 * 2 * (width + model.config.headDimension));
    await encoding.prepare?.(TEXTS);
    const rows = await Promise.all(TEXTS.map((text) => encoding.encode([text])));
    expect(
      distance(
        rows.flatMap((row) => [...row]),
        expected,
      ),
    ).toBeLessThan(1e-5);
    await encoding.dispose();
    base.dispose();
  });

  it('names what an encoder has that distinct tokens cannot compute', async () => {
    const bag = (change: (model: RandomModel) => void): RandomModel => {
      const model = bagModel(7);
      change(model);
      return model;
    };
    const layer = 'layers.0.';
    const adapterOn = (module: string) => ({
      adapter: randomAdapter(bagModel(7).config, 7, { targetModules: ['o_proj', module] }),
    });
    const cases: [RandomModel, EncoderOptions, RegExp][] = [
      [bagModel(7, { layers: 2 }), {}, /2 layers/],
      [bagModel(7), { attention: 'causal' }, /attention is causal/],
      [bagModel(7), { pooling: 'max' }, /pooling "max"/],
      [bagModel(7), adapterOn('q_proj'), /adapter is on layers\.0\.self_attn\.q_proj/],
      [bagModel(7), adapterOn('down_proj'), /adapter is on layers\.0\.mlp\.down_proj/],
      [bagModel(7), { full: bagModel(7).parameters }, /all of its weights are trained/],
      [bagModel(7, { ropeTheta: 1e4 }), {}, /heads and positions change/],
      [randomModel(7, BAG_CONFIG), {}, /feed-forward/],
      [bag((model) => (parameter(model, `${layer}mlp.down_proj.weight`).data[9] = 1e-3)), {}, /feed-forward/],
      // one number of the last head
      [bag((model) => (parameter(model, `${layer}self_attn.q_proj.bias`).data[23] = 1)), {}, /heads and positions/],
      [bag((model) => (parameter(model, `${layer}self_attn.k_proj.weight`).data[8 * 12] = 1)), {}, /heads and pos/],
    ];
    for (const [model, options, reason] of cases) {
      const base = await uploadModel(model, engine);
      const insisting = createEncoder(base, { ...options, plan: 'distinct-tokens' });
      await expect(insisting).rejects.toThrow(UserError);
      await expect(insisting).rejects.toThrow(reason);
      base.dispose();
      await withEncoder(model, options, async (encoder) => {
        expect(encoder.encoding.name).toBe(encoder.plan.name);
        const { name } = encoder.plan;
        expect(distance(await encoder.embed(TEXTS), await embeddings(model, { ...options, plan: name }))).toBe(0);
      });
    }
  });
});

it('counts the tokens of a text in the order in which they come', () => {
  const distinct = new DistinctTokens(10, (length) => Array.from({ length }, (_, i) => i));
  expect(distinct.of(Int32Array.of(4, 2, 4, 9, 2, 4))).toEqual({
    ids: Int32Array.of(4, 2, 9),
    firsts: Int32Array.of(0, 1, 3),
    counts: Int32Array.of(3, 2, 1),
    weights: Float32Array.of(0 + 2 + 5, 1 + 4, 3),
  });
  expect(distinct.countOf(Int32Array.of(4, 2, 4))).toBe(2);
  expect(() => distinct.of(Int32Array.of(1, 10))).toThrow(UserError);
  // what was refused is forgotten
  expect(distinct.countOf(Int32Array.of(1, 1))).toBe(1);
});

describe.each(['sample-encoder', 'sample-encoder-general'])('%s by its distinct tokens', (name) => {
  const folder = fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    engine = createOnnxEngine({ threads: 1 });
    base = await loadBaseModel(folder, engine);
  });
  afterAll(() => engine.close());

  const smallestCosine = (a: Float32Array, b: Float32Array, width: number): number => {
    let smallest = 1;
    for (let start = 0; start < a.length; start += width) {
      let [ab, aa, bb] = [0, 0, 0];
      for (let i = start; i < start + width; i++) {
        ab += a[i]! * b[i]!;
        aa += a[i]! ** 2;
        bb += b[i]! ** 2;
      }
      // the start token alone says nothing: zeros in both
      if (aa > 0 || bb > 0) smallest = Math.min(smallest, ab / Math.sqrt(aa * bb));
    }
    return smallest;
  };

  it('is within a cosine of 0.999999 of all tokens, up to the longest texts, with a prompt and with an adapter', async () => {
    const { vocabularySize, maxPositions } = base.config;
    const texts = [...randomTexts(1, [1, 2, 60, 300, maxPositions], vocabularySize), new Int32Array(200).fill(77)];
    const adapter = randomAdapter(base.config, 1, { targetModules: ['o_proj'], rank: 4, alpha: 0.1 });
    const words = ['', 'a', 'Quasinormal modes of rotating black holes. We compute the modes of black holes.'];
    for (const trained of [{}, { adapter }]) {
      const bags = await createEncoder(base, { ...trained, plan: 'distinct-tokens' });
      const whole = await createEncoder(base, { ...trained, plan: 'whole-graph' });
      expect(bags.fingerprint()).not.toBe(whole.fingerprint());
      const { dimensions } = bags;
      const [ofBags, ofAll] = [await bags.embed(texts), await whole.embed(texts)];
      expect(smallestCosine(ofBags, ofAll, dimensions)).toBeGreaterThan(0.999999);
      const [short, shortOfAll] = [ofBags, ofAll].map((rows) => firstColumns(rows, dimensions, 64));
      expect(smallestCosine(short!, shortOfAll!, 64)).toBeGreaterThan(0.999999);
      for (const prompt of ['', 'query: ']) {
        const options = { maxLength: 12, prompt };
        const [ours, theirs] = [await embedTexts(bags, words, options), await embedTexts(whole, words, options)];
        expect(smallestCosine(ours, theirs, bags.dimensions)).toBeGreaterThan(0.999999);
      }
      for (const encoder of [bags, whole]) await encoder.dispose();
    }
  });

  it('has the gradients of all tokens but for a thousandth', async () => {
    const texts = randomTexts(4, [2, 60, 300], base.config.vocabularySize);
    const adapter = randomAdapter(base.config, 1, { targetModules: ['o_proj'], rank: 4, alpha: 0.1 });
    const gradients = await Promise.all(
      (['distinct-tokens', 'whole-graph'] as const).map(async (plan) => {
        const encoder = await createEncoder(base, { adapter, plan });
        const ofEmbeddings = Float32Array.from({ length: 3 * encoder.dimensions }, (_, i) => Math.sin(i));
        const result = await encoder.backward(encoder.pad(texts), ofEmbeddings);
        await encoder.dispose();
        return result;
      }),
    );
    for (const [name, expected] of gradients[1]!) {
      expect(relativeError(gradients[0]!.get(name) as Float32Array, expected), name).toBeLessThan(1e-3);
    }
  });

  it('gives the same bits whatever was encoded before', async () => {
    const { vocabularySize } = base.config;
    const texts = randomTexts(3, [1, 5, 40, 90], vocabularySize);
    const [first, later] = [await createEncoder(base), await createEncoder(base)];
    for (const length of [1, 2, 30, 500]) await later.embed(randomTexts(length, [length], vocabularySize));
    expect(await later.embed(texts)).toEqual(await first.embed(texts));
    for (const encoder of [first, later]) await encoder.dispose();
  });

  it('is what a configuration gets that does not say otherwise', async () => {
    for (const [plan, encoding] of [
      ['auto', 'distinct-tokens'],
      ['distinct-tokens', 'distinct-tokens'],
      ['layerwise', 'layerwise'],
      ['whole-graph', 'whole-graph'],
    ] as const) {
      const encoder = await untunedEncoder(resolveConfig({ input: { encoder: { model: name, plan } } }), { base });
      expect(encoder.encoding.name).toBe(encoding);
      await encoder.dispose();
    }
  });
});
