/** Every architecture against transformers, PEFT and sentence-transformers: values that test/fixtures/architectures/make.py recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type Encoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { fullParameters, gradientOfRows, tokenRows } from '../../lib/encoder/full-parameters.js';
import type { Engine } from '../../lib/engine/types.js';
import { distanceBucket } from '../../lib/models/architectures/mpnet.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { type ActivationName, activate } from '../../lib/models/layers/activation.js';
import { tokenTableName, withoutPrefix } from '../../lib/models/parameters.js';
import type { PoolingName } from '../../lib/models/pooling.js';
import { allTensors, distance, ENGINES, relativeError } from '../encoder/tiny-models.js';

const FOLDER = fileURLToPath(new URL('../fixtures/architectures', import.meta.url));
const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as T;
const texts = readJson<{ texts: number[][] }>('texts').texts.map((ids) => Int32Array.from(ids));

const ARCHITECTURES = ['bert', 'bert-tanh', 'roberta', 'xlm-roberta', 'mpnet', 'modernbert'];

/** Names of the Pooling module of sentence-transformers. */
const POOLINGS: Record<string, PoolingName> = {
  mean: 'mean',
  cls: 'cls',
  lasttoken: 'last',
  max: 'max',
  weightedmean: 'weighted_mean',
  mean_sqrt_len_tokens: 'mean_sqrt_len',
};

describe.each(ARCHITECTURES)('%s', (name) => {
  const folder = join(FOLDER, name);
  let expected: Awaited<ReturnType<typeof allTensors>>;
  beforeAll(async () => {
    expected = await allTensors(join(folder, 'expected.safetensors'));
  });
  const wanted = (tensor: string): Float32Array => expected.get(tensor)!.data;

  describe.each(ENGINES)('on engine %s', (_, start) => {
    let engine: Engine;
    let base: BaseModel;
    const warnings: string[] = [];
    beforeAll(async () => {
      engine = await start();
      base = await loadBaseModel(folder, engine, { onMessage: ({ text }) => warnings.push(text) });
    });
    afterAll(() => engine.close());

    async function withEncoder<T>(options: EncoderOptions, use: (encoder: Encoder) => Promise<T>): Promise<T> {
      const encoder = await createEncoder(base, options);
      try {
        return await use(encoder);
      } finally {
        await encoder.dispose();
      }
    }

    it('loads without a word about the heads that no encoder needs', () => expect(warnings).toEqual([]));

    it.each(Object.entries(POOLINGS))('pools by %s', async (mode, pooling) => {
      await withEncoder({ pooling }, async (encoder) => {
        expect(distance(await encoder.embed(texts), wanted(`pooled.${mode}`))).toBeLessThan(1e-5);
        expect(distance(await encoder.embed(texts, { tokenBudget: 24 }), wanted(`pooled.${mode}`))).toBeLessThan(1e-5);
      });
    });

    it('gives the same for any padding', () =>
      withEncoder({}, async (encoder) => {
        expect(distance(await encoder.embed(texts), wanted('left.mean'))).toBeLessThan(1e-5);
      }));

    it('reads weights in bfloat16', async () => {
      const rounded = await loadBaseModel(join(folder, 'bfloat16'), engine);
      const encoder = await createEncoder(rounded, {});
      expect(distance(await encoder.embed(texts), wanted('bfloat16.mean'))).toBeLessThan(1e-5);
      await encoder.dispose();
      rounded.dispose();
    });

    describe.each(['whole-graph', 'layerwise'] as const)('with the %s plan', (plan) => {
      it('gives the last hidden state of every token', () =>
        withEncoder({ plan }, async (encoder) => {
          expect(distance(await hiddenStates(encoder), wanted('hidden'))).toBeLessThan(1e-5);
        }));

      it('has the gradients of all weights', async () => {
        const full = await fullParameters(base);
        await withEncoder({ plan, full }, async (encoder) => {
          for (const gradients of await gradientsOf(encoder, wanted('gradient'))) {
            const table = tokenTableName(base.config);
            const rows = tokenRows(texts);
            const width = base.config.hiddenSize;
            const ofRows = gradientOfRows(rows, encoder.pad(texts).tokenIds, gradients.get('hidden')!);
            const all = new Float32Array(base.config.vocabularySize * width);
            for (const [i, id] of rows.entries()) all.set(ofRows.subarray(i * width, (i + 1) * width), id * width);
            gradients.delete('hidden');
            expectGradients(gradients.set(table, all), 'full.', (stored) => withoutPrefix(stored, base.config));
          }
        });
      });

      it('has the gradients of an adapter of PEFT', async () => {
        const adapter = await readAdapter(join(folder, 'adapter'), base.config);
        await withEncoder({ plan, adapter }, async (encoder) => {
          expect(distance(await encoder.embed(texts), wanted('lora.mean'))).toBeLessThan(1e-5);
          for (const gradients of await gradientsOf(encoder, wanted('lora.gradient'))) {
            expectGradients(gradients, 'lora.', (stored) =>
              stored.slice('base_model.model.'.length, -'.weight'.length),
            );
          }
        });
      });
    });

    function expectGradients(
      gradients: ReadonlyMap<string, Float32Array>,
      prefix: string,
      nameOf: (stored: string) => string,
    ): void {
      const stored = [...expected.keys()].filter((key) => key.startsWith(prefix) && !key.endsWith('.mean'));
      const names = stored.filter((key) => key !== `${prefix}gradient`);
      expect(names.map((key) => nameOf(key.slice(prefix.length))).sort()).toEqual([...gradients.keys()].sort());
      const scale = Math.max(...names.map((key) => Math.max(...wanted(key).map(Math.abs))));
      for (const key of names) {
        const gradient = gradients.get(nameOf(key.slice(prefix.length)))!;
        // softmax does not see what is the same for all keys: the gradient of a key's bias is rounding alone
        if (Math.max(...wanted(key).map(Math.abs)) < 1e-5 * scale) {
          expect(distance(gradient, wanted(key)), key).toBeLessThan(1e-5 * scale);
        } else {
          expect(relativeError(gradient, wanted(key)), key).toBeLessThan(1e-4);
        }
      }
    }
  });
});

/** [T, D], one text after the other: each by a pooling that takes one token alone. */
async function hiddenStates(encoder: Encoder): Promise<number[]> {
  const batch = encoder.pad(texts);
  const width = encoder.dimensions;
  const byText: number[][] = texts.map(() => []);
  for (let token = 0; token < batch.sequence; token++) {
    const weights = new Float32Array(texts.length * batch.sequence);
    for (let text = 0; text < texts.length; text++) weights[text * batch.sequence + token] = 1;
    const { embeddings } = await encoder.forward({ ...batch, poolWeights: { ...batch.poolWeights, data: weights } });
    texts.forEach((ids, text) => {
      if (token < ids.length) byText[text]!.push(...embeddings.data.subarray(text * width, (text + 1) * width));
    });
  }
  return byText.flat();
}

/** With nothing and with everything kept of the forward pass. */
async function gradientsOf(encoder: Encoder, gradient: Float32Array): Promise<Map<string, Float32Array>[]> {
  const batch = encoder.pad(texts);
  const recomputed = await encoder.backward(batch, gradient.slice());
  const { saved } = await encoder.forward(batch, {}, 1e9);
  return [recomputed, await encoder.backward(batch, gradient.slice(), {}, saved)];
}

describe('activation functions', () => {
  const { x, ...functions } = readJson<{ x: number[] } & Record<string, { y: number[]; slope: number[] }>>(
    'activations',
  );

  it.each(Object.keys(functions))('%s and its slope are those of torch', async (name) => {
    await tf.setBackend('cpu');
    const { y, slope } = functions[name]!;
    const of = (input: tf.Tensor): tf.Tensor => activate(input, name as ActivationName);
    // tfjs' erf is right to 1.5e-7
    expect(distance(of(tf.tensor1d(x)).dataSync(), y)).toBeLessThan(2e-6);
    const gradient = tf.grad((input: tf.Tensor) => of(input).sum())(tf.tensor1d(x));
    expect(distance(gradient.dataSync(), slope)).toBeLessThan(2e-6);
  });
});

it('tells distances of tokens apart as MPNet does', () => {
  const buckets = readJson<number[]>('mpnet-buckets');
  expect(buckets.map((_, i) => distanceBucket(i - 300))).toEqual(buckets);
});
