/** The encoders in data/ as they are shipped. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { normalizeRowsInPlace } from '../../lib/core/rows.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { resolveModelFolder } from '../../lib/hub/resolve-model.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { encoderTensorShapes } from '../../lib/models/parameters.js';
import { readEmbeddingTable, readWeights } from '../../lib/models/weights.js';
import { measureEncoder } from '../../lib/pretraining/measure-encoder.js';
import { readPapersBySplit } from '../../lib/pretraining/papers.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';
import { validationMrr } from '../../lib/training/validation.js';

const snapshot = fileURLToPath(new URL('../../../shared/data/arxiv-metadata-snapshot.jsonl.gz', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/sample-encoder', import.meta.url));
const FILES = [
  'README.md',
  'config.json',
  'model.safetensors',
  'pretraining.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ engine: 'auto', threads: 1 });
});
afterAll(() => engine.close());

describe.each(['sample', 'sample-general'])('the encoder "%s"', (model) => {
  let folder: string;
  let encoder: Encoder;
  beforeAll(async () => {
    folder = await resolveModelFolder(model, { revision: 'main' });
    encoder = await createEncoder(await loadBaseModel(folder, engine));
  });

  it('is a small Qwen2 encoder, complete, under 12 MB', async () => {
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(FILES.reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0)).toBeLessThan(12e6);
    const config = await readModelConfig(folder);
    expect(config).toMatchObject({ modelType: 'qwen2', layers: 1, vocabularySize: 4096, padTokenId: 0, causal: false });
    const seen = new Map<string, Float32Array>();
    for await (const { name, data } of readWeights(folder, config)) seen.set(name, data);
    expect([...seen.keys()].sort()).toEqual([...encoderTensorShapes(config).keys()].sort());
  });

  it('gives every token a row of one length', async () => {
    const config = await readModelConfig(folder);
    const table = await readEmbeddingTable(folder, config);
    const rows = table.lookup(Int32Array.from({ length: config.vocabularySize }, (_, id) => id));
    for (let id = 0; id < config.vocabularySize; id++) {
      const row = rows.subarray(id * config.hiddenSize, (id + 1) * config.hiddenSize);
      const meanSquare = row.reduce((sum, value) => sum + value * value, 0) / config.hiddenSize;
      if (!(Math.abs(meanSquare - 1) < 0.01)) expect.fail(`row ${id} has the mean square ${meanSquare}`);
    }
  });

  it('lower-cases, reads the first word as any other, and puts its start token before every text', async () => {
    const tokenizer = await loadTokenizer(folder);
    const ids = tokenizer.encode('Black Holes and black holes');
    expect(ids[0]).toBe(0);
    // black, hole, s
    expect(ids).toHaveLength(8);
    expect(ids.slice(1, 4)).toEqual(ids.slice(-3));
    expect(tokenizer.encode('rotating')[1]).toBe(tokenizer.encode('Rotation')[1]);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(' black holes and black holes');
    expect(tokenizer.padTokenId).toBe(0);
    expect(tokenizer.vocabularySize).toBe(4096);
  });

  it('brings near what belongs together', async () => {
    const tokenizer = await loadTokenizer(folder);
    const titles = [
      'Quasinormal modes of rotating black holes',
      'Learning rates for stochastic gradient descent',
      'Protein folding in coarse-grained molecular dynamics',
      'Baryon acoustic oscillations in galaxy surveys',
    ];
    const abstracts = [
      'We compute how a perturbed Kerr spacetime rings down and compare its frequencies with those of a spinning black hole in general relativity.',
      'The step size of an optimizer decides how quickly a neural network learns. We analyse schedules of the learning rate for gradient descent with stochastic noise.',
      'Molecular dynamics of polypeptide chains with a reduced set of beads shows how a protein finds its native structure.',
      'The clustering of galaxies in large surveys carries the scale of acoustic waves of the early universe, from which we measure cosmological distances.',
    ];
    const encode = (text: string): Int32Array => tokenizer.encode(text);
    expect(await validationMrr(encoder, titles.map(encode), abstracts.map(encode), { tokenBudget: 4096 })).toBe(1);
  });

  it.skipIf(!existsSync(snapshot))(
    'finds abstracts of arXiv papers that it was not made from as its card says',
    async () => {
      const { test, validation } = await readPapersBySplit(snapshot);
      const papers = { test: test.slice(0, 300), validation: validation.slice(0, 50) };
      const cache = mkdtempSync(join(tmpdir(), 'sample-encoder-'));
      const { systems } = await measureEncoder(folder, papers, engine, resolveConfig({ input: { cache } }), {});
      const mrr = systems.find(({ name }) => name === 'untuned')?.metrics['mrr@10']?.value;
      rmSync(cache, { recursive: true });
      expect(mrr).toBeGreaterThan(0.93);
    },
  );

  const recorded = join(fixtures, `${model}.json`);
  // recorded by compare_transformers.py --record, which needs Python
  it.skipIf(!existsSync(recorded))('gives the tokens and embeddings that transformers gave', async () => {
    const { texts } = JSON.parse(readFileSync(recorded, 'utf8')) as {
      texts: { text: string; ids: number[]; embedding: number[] }[];
    };
    const tokenizer = await loadTokenizer(folder);
    const ids = texts.map(({ text }) => tokenizer.encode(text));
    expect(ids.map((row) => [...row])).toEqual(texts.map((text) => text.ids));
    const embeddings = normalizeRowsInPlace(await encoder.embed(ids), encoder.dimensions);
    texts.forEach(({ embedding }, i) => {
      const own = embeddings.subarray(i * encoder.dimensions, (i + 1) * encoder.dimensions);
      const difference = Math.max(...embedding.map((value, j) => Math.abs(value - own[j]!)));
      expect(difference).toBeLessThan(1e-4);
    });
  });

  it('says in its card what it saw', () => {
    const card = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(card.includes('**no paper of gr-qc**')).toBe(model === 'sample-general');
  });
});
