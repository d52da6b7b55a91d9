/** The encoder in data/sample-encoder as it is shipped. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { titleKey } from '../../lib/datasets/cleaning/title-key.js';
import type { SourceRecord } from '../../lib/datasets/record.js';
import { readSnapshot } from '../../lib/datasets/snapshot/read.js';
import { sideOfKey } from '../../lib/datasets/splits.js';
import { readModelConfig } from '../../lib/encoder/model-config.js';
import { encoderTensorShapes, readEmbeddingTable, readWeights } from '../../lib/encoder/weights.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';
import { measureRetrieval } from '../../scripts/sample-encoder/retrieval.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'data/sample-encoder');
const snapshot = join(root, '../shared/data/arxiv-metadata-snapshot.jsonl.gz');

/** Token vectors as they come out of the final norm, but for its common factor: the sink is dropped. */
async function tokenTable(): Promise<{ values: Float32Array; width: number }> {
  const config = await readModelConfig(folder);
  const table = await readEmbeddingTable(folder, config);
  const rows = table.lookup(Int32Array.from({ length: config.vocabularySize }, (_, id) => id));
  return { values: rows.map((value, i) => ((i + 1) % config.hiddenSize === 0 ? 0 : value)), width: config.hiddenSize };
}

describe('data/sample-encoder', () => {
  it('is a small Qwen2 encoder, complete, under 10 MB', async () => {
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']);
    expect(files.reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0)).toBeLessThan(10e6);
    const config = await readModelConfig(folder);
    expect(config).toMatchObject({
      modelType: 'qwen2',
      hiddenSize: 384,
      layers: 1,
      attentionHeads: 6,
      keyValueHeads: 2,
      vocabularySize: 8192,
      padTokenId: 0,
      causal: true,
    });
    const seen = new Map<string, Float32Array>();
    for await (const { name, data } of readWeights(folder, config)) seen.set(name, data);
    expect([...seen.keys()].sort()).toEqual([...encoderTensorShapes(config).keys()].sort());
    for (const [name, data] of seen) {
      const isZero = data.every((value) => value === 0);
      expect(isZero, name).toBe(/bias|o_proj|down_proj/.test(name));
    }
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

  it('lower-cases, and reads the first word as any other', async () => {
    const tokenizer = await loadTokenizer(folder);
    const ids = tokenizer.encode('Black Holes and black holes');
    expect(ids.slice(0, 2)).toEqual(ids.slice(-2));
    expect(tokenizer.decode(ids)).toBe(' black holes and black holes');
    expect(tokenizer.padTokenId).toBe(0);
    expect(tokenizer.vocabularySize).toBe(8192);
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
    const quality = measureRetrieval(await tokenTable(), titles.map(encode), abstracts.map(encode));
    expect(quality).toEqual({ hitAt1: 1, mrrAt10: 1 });
  });

  it.skipIf(!existsSync(snapshot))('finds the abstracts of arXiv papers that it was not made from', async () => {
    const tokenizer = await loadTokenizer(folder);
    const papers: SourceRecord[] = [];
    for await (const paper of readSnapshot(snapshot, { isWanted: () => true, strict: true })) {
      if (sideOfKey(titleKey(paper.title), 0.1, 0.2) === 'test') papers.push(paper);
      if (papers.length === 300) break;
    }
    const titles = papers.map(({ title }) => tokenizer.encode(title));
    const abstracts = papers.map(({ abstract }) => tokenizer.encode(abstract));
    expect(measureRetrieval(await tokenTable(), titles, abstracts).mrrAt10).toBeGreaterThan(0.9);
  });
});

describe('measureRetrieval', () => {
  const table = { values: Float32Array.of(1, 0, 0, 1, 1, 1), width: 2 };

  it('counts a tie against the title', () => {
    expect(measureRetrieval(table, [[0], [1]], [[0], [1]])).toEqual({ hitAt1: 1, mrrAt10: 1 });
    expect(measureRetrieval(table, [[0], [1]], [[2], [2]])).toEqual({ hitAt1: 0, mrrAt10: 0.5 });
  });
});

describe('make.js', () => {
  const run = (...args: string[]): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, [join(root, 'dist/scripts/sample-encoder/make.js'), ...args], { encoding: 'utf8' });

  it('says what it needs, and leaves nothing behind where it fails', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('expected --data SNAPSHOT') });
    expect(run('--data')).toMatchObject({ status: 2 });
    const out = join(mkdtempSync(join(tmpdir(), 'sample-encoder-')), 'out');
    const missing = run('--data', 'no-such-file.jsonl.gz', '--out', out);
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('no-such-file.jsonl.gz') });
    expect(existsSync(out)).toBe(false);
    rmSync(join(out, '..'), { recursive: true });
  });
});
