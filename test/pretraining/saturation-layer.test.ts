import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { openSafetensors } from '../../lib/files/safetensors.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { readEmbeddingTable } from '../../lib/models/weights.js';
import { trainBytePairs } from '../../lib/pretraining/byte-pair-training.js';
import { bagVectors } from '../../lib/pretraining/embedding-bag.js';
import { type Qwen2Shape, writeModelFolder } from '../../lib/pretraining/model-folder.js';
import { saturatingEncoder } from '../../lib/pretraining/saturation-layer.js';
import { partsOfRow } from '../../lib/pretraining/saturation-rows.js';
import { mostFrequentTokens } from '../../lib/pretraining/stop-tokens.js';
import { packBags } from '../../lib/pretraining/token-bags.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const WIDTH = 15;
const shape: Qwen2Shape = {
  vocabularySize: 300,
  hiddenSize: 64,
  intermediateSize: 8,
  layers: 1,
  attentionHeads: 1,
  keyValueHeads: 1,
  ropeTheta: 1e12,
  maxPositions: 512,
  causal: false,
  startToken: true,
};
const saturation = { base: 0.5, perToken: 0.02 };

const random = new Random(9, 'saturation');
const content = Float32Array.from({ length: shape.vocabularySize * WIDTH }, () => random.normal() / 8);
/** Every third token is one of two frequent ones, with no content, so that only the others matter. */
const STOP = [1, 2];
for (const token of STOP) content.fill(0, token * WIDTH, (token + 1) * WIDTH);
const text = (length: number, distinct: number): Uint16Array =>
  Uint16Array.from({ length }, (_, i) => (i % 3 === 0 ? STOP[(i / 3) % 2]! : 100 + random.integer(distinct)));
const texts = [text(12, 150), text(60, 4), text(150, 20), text(150, 150)];

const folder = mkdtempSync(join(tmpdir(), 'saturation-layer-'));
let engine: Engine;
let weights: ReturnType<typeof saturatingEncoder>;
let encoder: Encoder;
beforeAll(async () => {
  const { tokens, share } = mostFrequentTokens(texts, shape.vocabularySize, 2);
  expect([...tokens].sort()).toEqual(STOP);
  const words = new Map([['gravity and black holes and galaxies', 3]]);
  weights = saturatingEncoder(content, WIDTH, {
    shape,
    saturation,
    stopTokens: tokens,
    stopShare: share,
    questionTokens: new Set(),
    seed: 1,
  });
  const tokenizer = trainBytePairs(words, { vocabularySize: 270, specialTokens: ['<|endoftext|>'] });
  await writeModelFolder(folder, {
    shape,
    weights,
    tokenizer: { ...tokenizer, split: 'words' },
    matrices: 'F8_E5M2',
  });
  engine = await startEngine({ engine: 'auto', threads: 1 });
  encoder = await createEncoder(await loadBaseModel(folder, engine));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < WIDTH; j++) {
    ab += a[j]! * b[j]!;
    aa += a[j]! ** 2;
    bb += b[j]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};

describe('saturatingEncoder', () => {
  it('computes the saturated bag, and not the plain mean, as a Qwen2 model', async () => {
    const embeddings = await encoder.embed(texts.map((ids) => Int32Array.of(0, ...ids)));
    const row = (values: Float32Array, i: number, width: number): Float32Array =>
      values.subarray(i * width, i * width + WIDTH);
    const saturated = bagVectors(content, WIDTH, packBags(texts, shape.vocabularySize, saturation));
    // with a K that no count comes near, weights are the counts
    const plain = bagVectors(content, WIDTH, packBags(texts, shape.vocabularySize, { base: 1e6, perToken: 0 }));
    texts.forEach((_, i) => {
      const own = row(embeddings, i, shape.hiddenSize);
      expect(cosine(own, row(saturated, i, WIDTH))).toBeGreaterThan(0.97);
    });
    // where few tokens repeat often, the two differ, and the model follows the saturated one
    const repeated = row(embeddings, 1, shape.hiddenSize);
    expect(cosine(repeated, row(saturated, 1, WIDTH))).toBeGreaterThan(cosine(repeated, row(plain, 1, WIDTH)));
  });

  it('leaves nothing but content, and a little that all texts have, after the final norm', async () => {
    const embeddings = await encoder.embed([texts[1]!, texts[3]!].map((ids) => Int32Array.of(0, ...ids)));
    const { common } = partsOfRow(shape, WIDTH);
    const beside = [0, shape.hiddenSize].map((row) => embeddings.subarray(row + WIDTH, row + shape.hiddenSize));
    for (const values of beside) {
      expect([...values.keys()].filter((i) => values[i] !== 0)).toEqual([common - WIDTH]);
    }
    const [one, other] = beside.map((values) => values[common - WIDTH]!);
    expect(one! / other!).toBeCloseTo(1, 1);
  });

  it('is stored in 8 bits without a loss, in rows of one length', async () => {
    const file = await openSafetensors(join(folder, 'model.safetensors'));
    await file.close();
    for (const [name, { dtype, shape: sizes }] of file.tensors) {
      expect(`${name} ${dtype}`).toBe(`${name} ${sizes.length === 2 ? 'F8_E5M2' : 'BF16'}`);
    }
    const table = await readEmbeddingTable(folder, await readModelConfig(folder));
    const rows = table.lookup(Int32Array.from({ length: shape.vocabularySize }, (_, id) => id));
    expect(rows).toEqual(weights['embed_tokens.weight']!.data);
    for (let id = 0; id < shape.vocabularySize; id++) {
      const row = rows.subarray(id * shape.hiddenSize, (id + 1) * shape.hiddenSize);
      expect(row.reduce((sum, value) => sum + value * value, 0) / shape.hiddenSize).toBeCloseTo(1, 2);
    }
  });

  it('shortens the words of questions', () => {
    const options = { shape, saturation, stopTokens: STOP, stopShare: 0.3, seed: 1 };
    const lengthOf = (questionTokens: Set<number>): number => {
      const { data } = saturatingEncoder(content, WIDTH, { ...options, questionTokens })['embed_tokens.weight']!;
      return Math.hypot(...data.subarray(150 * shape.hiddenSize, 150 * shape.hiddenSize + WIDTH));
    };
    expect(lengthOf(new Set([150])) / lengthOf(new Set())).toBeCloseTo(0.6, 1);
  });

  it('attends both ways, and hardly by position', async () => {
    const ids = texts[2]!;
    const reversed = await encoder.embed([Int32Array.of(0, ...ids), Int32Array.of(0, ...ids.slice().reverse())]);
    expect(cosine(reversed.subarray(0, WIDTH), reversed.subarray(shape.hiddenSize))).toBeGreaterThan(0.9999);
    expect(encoder.base.config.causal).toBe(false);
  });

  it('has a tokenizer that puts the start token before every text', async () => {
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.encode('Gravity')[0]).toBe(0);
    expect(tokenizer.encode('').length).toBeGreaterThan(0);
    expect(tokenizer.encode('Gravity and black holes', 4)[0]).toBe(0);
  });

  it('says where there is no room for the codes', () => {
    const options = { shape, saturation, stopTokens: STOP, stopShare: 0.3, questionTokens: new Set<number>(), seed: 1 };
    expect(() => saturatingEncoder(new Float32Array(300 * 62), 62, options)).toThrow(
      'pretraining.hiddenSize = 64 leaves no room for the codes',
    );
  });
});
