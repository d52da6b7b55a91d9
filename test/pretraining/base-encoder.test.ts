/** The base encoder: reproducible, and as a Qwen2 model the plain mean of its token vectors. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { type BaseEncoder, baseEncoder } from '../../lib/pretraining/base-encoder.js';
import { type Qwen2Shape, writeModelFolder } from '../../lib/pretraining/model-folder.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const shape: Qwen2Shape = {
  vocabularySize: 400,
  hiddenSize: 24,
  intermediateSize: 16,
  layers: 2,
  attentionHeads: 4,
  keyValueHeads: 2,
  ropeTheta: 10000,
  maxPositions: 128,
  causal: true,
  startToken: false,
};

/** Papers of made-up words, enough of them for the analysis. */
const random = new Random(7, 'papers');
const syllables = ['ga', 'lor', 'min', 'tes', 'ru', 'bi', 'qua', 'fen', 'os', 'ide'];
const word = (): string => Array.from({ length: 1 + random.integer(3) }, () => random.pick(syllables)).join('');
const words = Array.from({ length: 200 }, word);
const text = (length: number): string => Array.from({ length }, () => random.pick(words)).join(' ');
const papers = Array.from({ length: 150 }, () => ({ title: text(6), abstract: text(40) }));

const folder = mkdtempSync(join(tmpdir(), 'base-encoder-'));
afterAll(() => rmSync(folder, { recursive: true }));
const digest = (path: string): string =>
  readdirSync(path)
    .sort()
    .map((file) =>
      createHash('sha256')
        .update(readFileSync(join(path, file)))
        .digest('hex'),
    )
    .join(' ');

describe('baseEncoder', () => {
  let encoder: BaseEncoder;
  beforeAll(async () => {
    encoder = baseEncoder(papers, { shape, seed: 1 });
    await writeModelFolder(join(folder, 'a'), encoder);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    await writeModelFolder(join(folder, 'b'), baseEncoder(papers, { shape, seed: 1 }));
    await writeModelFolder(join(folder, 'c'), baseEncoder(papers, { shape, seed: 2 }));
    expect(digest(join(folder, 'b'))).toBe(digest(join(folder, 'a')));
    expect(digest(join(folder, 'c'))).not.toBe(digest(join(folder, 'a')));
  });

  it('computes, as a Qwen2 model, the mean of the token vectors', async () => {
    const tokenizer = await loadTokenizer(join(folder, 'a'));
    const engine = await startEngine({ engine: 'auto', threads: 1 });
    try {
      const base = await loadBaseModel(join(folder, 'a'), engine);
      const model = await createEncoder(base);
      const ids = [papers[0]!.title, papers[1]!.abstract, 'a'].map((part) => tokenizer.encode(part));
      const embeddings = await model.embed(ids);
      const { hiddenSize } = shape;
      ids.forEach((tokens, i) => {
        for (let j = 0; j < hiddenSize; j++) {
          let mean = 0;
          // the sink, the last dimension, ends at 0
          if (j < hiddenSize - 1)
            for (const id of tokens) mean += encoder.content[id * (hiddenSize - 1) + j]! / tokens.length;
          // bfloat16 has 8 bits
          expect(embeddings[i * hiddenSize + j]! / Math.sqrt(hiddenSize)).toBeCloseTo(mean, 2);
        }
      });
      await model.dispose();
      base.dispose();
    } finally {
      await engine.close();
    }
  });

  it('gives every token but the special one the same weight', () => {
    const width = shape.hiddenSize - 1;
    for (let id = 0; id < shape.vocabularySize; id++) {
      const row = encoder.content.subarray(id * width, (id + 1) * width);
      expect(Math.hypot(...row)).toBeCloseTo(id === 0 ? 0 : 0.7, 6);
    }
  });

  it('says where there are too few papers for the width', () => {
    expect(() => baseEncoder(papers.slice(0, 5), { shape, seed: 1 })).toThrow(
      'the data has only 5 independent directions where 39 are needed: use more papers',
    );
  });
});
