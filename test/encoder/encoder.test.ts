/** The encoder against transformers and PEFT: values that make_fixtures.py and make_encoder_fixtures.py recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeRowsInPlace } from '../../lib/core/rows.js';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type Encoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import type { Engine } from '../../lib/engine/types.js';
import type { QwenConfig } from '../../lib/models/architectures/qwen-config.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { type ReferenceTensor, referenceHiddenStates } from './reference-encoder.js';
import {
  ADAPTER_FOLDER,
  allTensors,
  distance,
  ENGINES,
  fixture,
  fixtureBatch,
  fixtureTensors,
  MODEL_FOLDER,
  QWEN3_FOLDER,
  row,
  textsOf,
} from './tiny-models.js';

const { titles, abstracts } = fixtureBatch(0);
/** Every text cut after each of its tokens. */
const prefixes = (texts: Int32Array[]): Int32Array[] =>
  texts.flatMap((text) => Array.from(text, (_, i) => text.slice(0, i + 1)));

let expected: Map<string, ReferenceTensor>;
beforeAll(async () => {
  expected = await fixtureTensors('expected');
});
const wanted = (name: string): ArrayLike<number> => (expected.get(name) as ReferenceTensor).data;

describe.each(ENGINES)('the encoder on engine %s', (_, startEngine) => {
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    engine = await startEngine();
    base = await loadBaseModel(MODEL_FOLDER, engine);
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

  describe.each(['whole-graph', 'layerwise'] as const)('with the %s plan', (plan) => {
    it('gives the mean of the last hidden state that transformers gives', async () => {
      await withEncoder({ plan }, async (encoder) => {
        expect(distance(await encoder.embed(titles), wanted('base.t.mean'))).toBeLessThan(1e-5);
        expect(distance(await encoder.embed(abstracts), wanted('base.a.mean'))).toBeLessThan(1e-5);
      });
    });

    it('gives what PEFT gives with an adapter', async () => {
      const adapter = await readAdapter(ADAPTER_FOLDER, base.config);
      await withEncoder({ plan, adapter }, async (encoder) => {
        const titleRows = await encoder.embed(titles);
        const abstractRows = await encoder.embed(abstracts);
        expect(distance(titleRows, wanted('lora.t.mean'))).toBeLessThan(1e-5);
        expect(distance(abstractRows, wanted('lora.a.mean'))).toBeLessThan(1e-5);
        expect(distance(normalizeRowsInPlace(titleRows, 64), wanted('lora.t.unit'))).toBeLessThan(1e-5);
        expect(distance(normalizeRowsInPlace(abstractRows, 64), wanted('lora.a.unit'))).toBeLessThan(1e-5);
      });
    });

    it('gives the last hidden state of every token', async () => {
      // under the causal mask, the state of a token is that of the last token of the text cut behind it
      const { shape, data } = expected.get('base.a.last_hidden_state') as ReferenceTensor;
      const [rows, width, size] = shape as [number, number, number];
      const real = Float32Array.from(
        abstracts.slice(0, rows).flatMap((text, i) => {
          const states = Array.from(text, (_, position) => (i * width + position) * size);
          return states.flatMap((start) => Array.from({ length: size }, (__, k) => data[start + k]!));
        }),
      );
      await withEncoder({ plan, pooling: 'last' }, async (encoder) => {
        const states = await encoder.embed(prefixes(abstracts.slice(0, rows)), { tokenBudget: 300 });
        expect(distance(states, real)).toBeLessThan(1e-5);
      });
    });

    it('gives a text alone what it gives it among others', async () => {
      await withEncoder({ plan }, async (encoder) => {
        for (const [i, text] of abstracts.entries()) {
          const alone = await encoder.embed([text]);
          expect(distance(alone, row(wanted('base.a.mean') as Float32Array, i, 64))).toBeLessThan(1e-5);
        }
      });
    });
  });

  it('gives unit embeddings as transformers does, whichever side the padding was on', async () => {
    await withEncoder({}, async (encoder) => {
      const fromLeft = textsOf(fixture.a_leftpad.ids, fixture.a_leftpad.mask);
      expect(fromLeft).toEqual(abstracts);
      const rows = normalizeRowsInPlace(await encoder.embed(fromLeft), 64);
      expect(distance(rows, wanted('base.a.unit'))).toBeLessThan(1e-5);
      expect(distance(rows, wanted('base.a_leftpad.unit'))).toBeLessThan(1e-5);
    });
  });

  it('gives the last hidden state of a Qwen3 model', async () => {
    const qwen3 = await loadBaseModel(QWEN3_FOLDER, engine);
    const recorded = JSON.parse(readFileSync(join(QWEN3_FOLDER, 'expected.json'), 'utf8')) as {
      ids: number[][];
      mask: number[][];
      last_hidden_state: number[][][];
    };
    const texts = textsOf(recorded.ids, recorded.mask);
    const states = texts.flatMap((text, i) => (recorded.last_hidden_state[i] as number[][]).slice(0, text.length));
    for (const plan of ['whole-graph', 'layerwise'] as const) {
      const encoder = await createEncoder(qwen3, { plan, pooling: 'last' });
      expect(distance(await encoder.embed(prefixes(texts)), states.flat())).toBeLessThan(1e-5);
      await encoder.dispose();
    }
    qwen3.dispose();
  });
});

it('the reference of these tests agrees with transformers as well', async () => {
  const parameters = new Map(
    [...(await allTensors(join(MODEL_FOLDER, 'model.safetensors')))].map(([name, t]) => [
      name.replace(/^model\./, ''),
      t,
    ]),
  );
  const config = (await readModelConfig(MODEL_FOLDER)) as QwenConfig;
  const { shape, data } = expected.get('base.a.last_hidden_state') as ReferenceTensor;
  const [rows, width, size] = shape as [number, number, number];
  for (let i = 0; i < rows; i++) {
    const states = referenceHiddenStates({ config, parameters }, abstracts[i] as Int32Array);
    states.forEach((state, position) => {
      const start = (i * width + position) * size;
      expect(distance(state, (data as Float32Array).subarray(start, start + size))).toBeLessThan(1e-5);
    });
  }
});
