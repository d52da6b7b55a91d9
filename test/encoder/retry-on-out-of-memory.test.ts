/** Micro-batches on a device whose memory ends: a limit laid around a real engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { deviceTokenBudget, microBatchTokens } from '../../lib/encoder/retry-on-out-of-memory.js';
import { createWasmEngine } from '../../lib/engine/eager-engine.js';
import { OutOfMemory } from '../../lib/engine/out-of-memory.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import { layerBytesPerToken } from '../../lib/models/activation-memory.js';
import { type GradCacheOptions, gradCache } from '../../lib/training/grad-cache.js';
import { distance, norm, randomAdapter, randomModel, randomTexts, uploadModel } from './tiny-models.js';

/** The engine, refusing every program that gets more rows of hidden states than it has room for. */
function withRoomFor(engine: Engine, rows: number, seen: number[]): Engine {
  return new Proxy(engine, {
    get(target, property) {
      if (property !== 'compile') {
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (...args: Parameters<Engine['compile']>) => {
        const program = await target.compile(...args);
        return {
          ...program,
          run: async (...[inputs, keep]: Parameters<typeof program.run>) => {
            const size = inputs.hidden?.shape[0] ?? 0;
            // more is needed backward, as in life
            if (size * ('outputGradient' in inputs ? 2 : 1) > rows) throw new OutOfMemory('no room');
            if (size > 0) seen.push(size);
            return program.run(inputs, keep);
          },
        };
      };
    },
  });
}

const OPTIONS: GradCacheOptions = {
  tokenBudget: 4096,
  activationBudget: 1e9,
  dropout: { probability: 0.3, seed: 1, labels: ['batch'] },
};

describe('micro-batches on a device whose memory ends', () => {
  const model = randomModel(41);
  const { vocabularySize, hiddenSize } = model.config;
  const queries = randomTexts(41, [3, 4, 2, 5, 3, 4, 6, 2], vocabularySize);
  const documents = randomTexts(42, [9, 7, 8, 6, 9, 5, 8, 7], vocabularySize);
  let engine: Engine;
  let seen: number[];
  let messages: string[];
  const onMessage = ({ text }: { text: string }): void => void messages.push(text);
  beforeAll(async () => {
    engine = await createWasmEngine();
  });
  afterAll(() => engine.close());
  beforeEach(() => {
    seen = [];
    messages = [];
  });

  async function withEncoder<T>(device: Engine, dropout: number, use: (encoder: Encoder) => Promise<T>): Promise<T> {
    const before = engine.residentBytes();
    const base = await uploadModel(model, device);
    const adapter = randomAdapter(model.config, 1, { dropout });
    const encoder = await createEncoder(base, { plan: 'layerwise', adapter });
    const result = await use(encoder);
    await encoder.dispose();
    base.dispose();
    // of the attempts that failed, too
    expect(engine.residentBytes()).toBe(before);
    return result;
  }

  const gradientsOf = (encoder: Encoder, options: GradCacheOptions) =>
    createInfoNceLoss(encoder.base.engine, {
      dimensions: hiddenSize,
      temperature: 0.05,
      symmetric: true,
      falseNegativeMargin: null,
    }).then((loss) => gradCache(encoder, loss, queries, documents, options));

  it('are halved until they fit, and stay so', async () => {
    const options = { ...OPTIONS, dropout: { ...OPTIONS.dropout, probability: 0 }, onMessage };
    const expected = await withEncoder(engine, 0, (encoder) => gradientsOf(encoder, options));
    expect(messages).toEqual([]);
    await withEncoder(withRoomFor(engine, 40, seen), 0, async (encoder) => {
      const result = await gradientsOf(encoder, options);
      expect(messages.length).toBeGreaterThan(1);
      expect(messages[0]).toMatch(
        /memory of the device does not hold micro-batches of \d+ tokens: continuing with \d+/,
      );
      expect(result.loss).toBeCloseTo(expected.loss, 5);
      for (const [name, values] of expected.gradients) {
        expect(distance(result.gradients.get(name)!, values), name).toBeLessThan(1e-4 * Math.max(1, norm(values)));
      }
      const known = messages.length;
      await gradientsOf(encoder, options);
      expect(messages.length).toBe(known);
    });
  });

  it('see the same dropout in both passes after they are halved', async () => {
    // what was learnt is where the next call begins: both must come to the same
    await withEncoder(withRoomFor(engine, 40, seen), 0.3, async (encoder) => {
      const first = await gradientsOf(encoder, { ...OPTIONS, onMessage });
      expect(messages.length).toBeGreaterThan(0);
      const second = await gradientsOf(encoder, OPTIONS);
      for (const [name, values] of second.gradients) expect(first.gradients.get(name)).toEqual(values);
    });
  });

  it('are halved while encoding, without doing again what is done', async () => {
    const texts = [...documents, ...queries];
    const expected = await withEncoder(engine, 0, (encoder) => encoder.embed(texts));
    await withEncoder(withRoomFor(engine, 20, seen), 0, async (encoder) => {
      const done: number[] = [];
      const given: number[] = [];
      const rows = await encoder.embed(texts, {
        onMessage,
        onProgress: (event) => done.push(event.done),
        onBatch: ({ texts: members, rows: some }) => {
          given.push(...members);
          members.forEach((text, i) => {
            const row = some.subarray(i * hiddenSize, (i + 1) * hiddenSize);
            expect(distance(row, expected.subarray(text * hiddenSize, (text + 1) * hiddenSize))).toBeLessThan(1e-5);
          });
        },
      });
      expect(given.sort((a, b) => a - b)).toEqual([...texts.keys()]);
      expect(distance(rows, expected)).toBeLessThan(1e-5);
      expect(messages.length).toBeGreaterThan(0);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(done.at(-1)).toBe(texts.reduce((sum, ids) => sum + ids.length, 0));
      expect(Math.max(...seen)).toBeLessThanOrEqual(20);
    });
  });

  it('end with advice where a text does not fit alone', async () => {
    await withEncoder(withRoomFor(engine, 8, seen), 0, async (encoder) => {
      const error: unknown = await encoder.embed(documents, { onMessage }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(OutOfMemory);
      expect((error as Error).message).toMatch(/a text of 9 tokens does not fit.*lower tokens\.maxAbstractTokens/);
    });
  });

  it('end with the same advice where such a text passes alone, over the token budget', async () => {
    await withEncoder(withRoomFor(engine, 8, seen), 0, async (encoder) => {
      const work = encoder.embed(documents, { tokenBudget: 5, longAlone: true, onMessage });
      await expect(work).rejects.toThrow(/a text of 9 tokens does not fit.*lower tokens\.maxAbstractTokens/);
    });
  });

  it('are as large as the cache of a CPU has room for where products are in 8 bits', async () => {
    await withEncoder(engine, 0, async (encoder) => {
      const wide = { ...model.config, intermediateSize: 4864 };
      const with8Bits = (encoding: string): Encoder => ({
        ...encoder,
        encoding: { ...encoder.encoding, name: encoding as Encoder['encoding']['name'] },
        base: { ...encoder.base, config: wide, engine: { ...engine, precision: 'int8' } as Engine },
      });
      expect(microBatchTokens(encoder, 4096, [9, 300])).toBe(4096);
      // 10 MB of 4,864 float32 numbers a token
      expect(microBatchTokens(with8Bits('layerwise'), 4096, [9, 300])).toBe(513);
      expect(microBatchTokens(with8Bits('layerwise'), 4096, [9, 900])).toBe(900);
      // refused, or alone, by what was configured
      expect(microBatchTokens(with8Bits('layerwise'), 4096, [9, 900, 5000])).toBe(4096);
      expect(microBatchTokens(with8Bits('layerwise'), 256, [9, 300])).toBe(256);
      expect(microBatchTokens(with8Bits('distinct-tokens'), 4096, [9, 300])).toBe(4096);
    });
  });

  it('are as large as the free memory of a GPU allows', async () => {
    await withEncoder(engine, 0, async (encoder) => {
      expect(deviceTokenBudget(encoder, 9)).toBe(0);
      const gpu = (freeMemory: number): Encoder => ({
        ...encoder,
        base: { ...encoder.base, engine: { ...engine, freeMemory, residentBytes: () => 1000 } as Engine },
      });
      const each = layerBytesPerToken(model.config, 9, 4);
      expect(deviceTokenBudget(gpu(1000 + 77.5 * each), 9)).toBe(77);
      expect(deviceTokenBudget(gpu(500), 9)).toBe(0);
      expect(deviceTokenBudget(gpu(1e12), 9)).toBe(65_536);
    });
  });
});
