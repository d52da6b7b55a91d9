import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../lib/core/random.js';
import { dot } from '../../../lib/core/rows.js';
import { buildIndex, loadIndex, vectorsFingerprint } from '../../../lib/retrieval/index/build-index.js';
import { matmulCandidates, referenceMatmul } from '../../../lib/retrieval/index/matmul-candidates.js';
import { INDEX_KINDS, type VectorIndex } from '../../../lib/retrieval/index/vector-index.js';
import { compareRanked, type RankedDocument } from '../../../lib/retrieval/ranking.js';

const d = 24;
const open: VectorIndex[] = [];
let folder: string;
let hasFaiss: boolean;

const centres = Array.from({ length: 8 }, (_, i) => {
  const random = new Random(i, 'centre');
  return Array.from({ length: d }, () => random.normal());
});

/** Unit vectors around a few centres. */
function unitVectors(n: number, seed = 1): Float32Array {
  const random = new Random(seed);
  const out = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const row = centres[i % 8]!.map((value) => value + 0.6 * random.normal());
    const norm = Math.hypot(...row);
    out.set(
      row.map((value) => value / norm),
      i * d,
    );
  }
  return out;
}
const idsOf = (n: number): string[] => Array.from({ length: n }, (_, i) => `paper-${i}`);

/** Every product in double precision, rounded once, sorted: what an exact search has to give. */
function exact(ids: string[], vectors: Float32Array, queries: Float32Array, k: number): RankedDocument[][] {
  return Array.from({ length: queries.length / d }, (_, q) =>
    ids
      .map((id, row) => ({ id, score: Math.fround(dot(queries, q * d, vectors, row * d, d)) }))
      .sort(compareRanked)
      .slice(0, k),
  );
}

async function build(options: Partial<Parameters<typeof buildIndex>[0]> & { vectors: Float32Array }) {
  const index = await buildIndex({ ids: idsOf(options.vectors.length / d), dimensions: d, ...options });
  open.push(index);
  return index;
}

beforeAll(async () => {
  const probe = await build({ vectors: unitVectors(3) });
  hasFaiss = probe.backend === 'faiss';
  if (!hasFaiss) console.warn('FAISS is not available here: its tests run on the exact fallback (npm run setup)');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'index-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(async () => {
  for (const index of open) await index.close();
});

describe.each(['auto', 'engine'] as const)('flat index, backend %s', (backend) => {
  it('is exact, also for few queries and for many', async () => {
    const vectors = unitVectors(700);
    const index = await build({ vectors, backend });
    for (const count of [1, 19, 20, 300]) {
      const queries = unitVectors(count, 2);
      expect(await index.search(queries, 10)).toEqual(exact(idsOf(700), vectors, queries, 10));
    }
  });

  it('ranks equal documents by id descending, wherever the cut falls into them', async () => {
    const base = unitVectors(200);
    const vectors = base.slice();
    for (let i = 0; i < 60; i++) vectors.set(base.subarray(0, d), i * 3 * d); // 60 equal documents
    const index = await build({ vectors, backend });
    const queries = base.slice(0, d);
    for (const k of [1, 5, 40, 60, 61]) {
      expect(await index.search(queries, k)).toEqual(exact(idsOf(200), vectors, queries, k));
    }
  });

  it('gives every document when k is larger than the corpus', async () => {
    const vectors = unitVectors(5);
    const index = await build({ vectors, backend });
    expect(await index.search(vectors, 50)).toEqual(exact(idsOf(5), vectors, vectors, 5));
  });

  it('takes vectors of zeros, and no queries', async () => {
    const index = await build({ vectors: new Float32Array(3 * d), backend });
    expect((await index.search(new Float32Array(d), 2))[0]).toEqual([
      { id: 'paper-2', score: 0 },
      { id: 'paper-1', score: 0 },
    ]);
    expect(await index.search(new Float32Array(0), 2)).toEqual([]);
  });
});

describe('backends', () => {
  it('give identical results', async () => {
    const vectors = unitVectors(3000);
    const queries = unitVectors(64, 5);
    const [a, b] = [await build({ vectors }), await build({ vectors, backend: 'engine' })];
    expect(b.backend).toBe('engine');
    expect(await a.search(queries, 100)).toEqual(await b.search(queries, 100));
  });

  it('a given product with rounding of its own gives identical results too', async () => {
    const vectors = unitVectors(500);
    const queries = unitVectors(10, 5);
    const noisy = async (a: Float32Array, b: Float32Array, dimensions: number): Promise<Float32Array> =>
      (await referenceMatmul(a, b, dimensions)).map((value, i) => value + (i % 2 ? 2e-7 : -2e-7));
    const index = await build({ vectors, backend: 'engine', matmul: noisy });
    expect(await index.search(queries, 20)).toEqual(exact(idsOf(500), vectors, queries, 20));
  });

  it('candidates by product are those of a sort, whatever the number', async () => {
    const vectors = unitVectors(300);
    const queries = unitVectors(3, 9);
    for (const k of [1, 2, 7, 300]) {
      const rows = await matmulCandidates(vectors, d, referenceMatmul).propose(queries, k);
      const expected = exact(idsOf(300), vectors, queries, k).flatMap((found) => found.map(({ id }) => id));
      expect(Array.from(rows, (row) => `paper-${row}`)).toEqual(expected);
    }
  });
});

describe('approximate indexes', () => {
  it.each([
    ['hnsw', 0.98],
    ['ivf', 0.9],
    ['pq', 0.5],
  ] as const)('%s finds most of what an exact search finds', async (kind, least) => {
    const vectors = unitVectors(2500);
    const queries = unitVectors(100, 4);
    const index = await build({ vectors, kind });
    const truth = exact(idsOf(2500), vectors, queries, 10);
    const found = await index.search(queries, 10);
    const shared = found.map((row, q) => row.filter(({ id }) => truth[q]!.some((each) => each.id === id)).length);
    expect(shared.reduce((a, b) => a + b) / 1000).toBeGreaterThan(least);
    for (const { id, score } of found[0]!) {
      const row = Number(id.slice('paper-'.length));
      expect(score).toBe(Math.fround(dot(queries, 0, vectors, row * d, d)));
    }
  });

  it('of few documents are searched exactly, and that is said', async () => {
    const said: string[] = [];
    const vectors = unitVectors(100);
    const index = await build({ vectors, kind: 'ivf', onMessage: ({ text }) => said.push(text) });
    expect(index.kind).toBe('flat');
    expect(said.join()).toMatch(/100 documents are too few/);
    expect(await index.search(vectors, 3)).toEqual(exact(idsOf(100), vectors, vectors, 3));
  });
});

describe('saved indexes', () => {
  it.each(INDEX_KINDS)('%s gives the same results after loading, ids kept', async (kind) => {
    const vectors = unitVectors(600);
    const queries = unitVectors(30, 8);
    const index = await build({ vectors, kind });
    await index.save(folder);
    const fingerprint = vectorsFingerprint(idsOf(600), vectors, d);
    const loaded = await loadIndex(folder, { fingerprint });
    open.push(loaded);
    expect(loaded).toMatchObject({ kind: index.kind, backend: index.backend, dimensions: d, fingerprint });
    expect(await loaded.search(queries, 12)).toEqual(await index.search(queries, 12));
  });

  it('are refused for other embeddings, and when damaged or absent', async () => {
    const vectors = unitVectors(50);
    await (await build({ vectors })).save(folder);
    const other = vectorsFingerprint(idsOf(50), unitVectors(50, 2), d);
    await expect(loadIndex(folder, { fingerprint: other })).rejects.toThrow(/built from other embeddings/);
    const file = join(folder, 'vectors.faiss');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, -4));
    await expect(loadIndex(folder)).rejects.toThrow(/missing or damaged/);
    bytes[60] = bytes[60]! ^ 1;
    writeFileSync(file, bytes);
    await expect(loadIndex(folder)).rejects.toThrow(/are damaged/);
    writeFileSync(join(folder, 'index.json'), '{"formatVersion": 1');
    await expect(loadIndex(folder)).rejects.toThrow(/index\.json is damaged/);
    await expect(loadIndex(join(folder, 'nothing'))).rejects.toThrow(/index\.json does not exist/);
  });

  it('of an approximate kind are rebuilt when only their own file is lost', async () => {
    const vectors = unitVectors(400);
    await (await build({ vectors, kind: 'hnsw' })).save(folder);
    rmSync(join(folder, 'index.faiss'), { force: true });
    const loaded = await loadIndex(folder);
    open.push(loaded);
    expect(loaded.kind).toBe(hasFaiss ? 'hnsw' : 'flat');
    expect((await loaded.search(vectors.subarray(0, d), 1))[0]![0]!.id).toBe('paper-0');
  });

  it('leave no file behind beside the folder', async () => {
    const before = existsSync(join(folder, 'index'));
    await (await build({ vectors: unitVectors(10) })).save(join(folder, 'index'));
    expect(before).toBe(false);
    expect(existsSync(join(folder, 'index', 'index.json'))).toBe(true);
  });
});

describe('bad input is a clear error', () => {
  const vectors = unitVectors(4);
  it.each([
    ['an empty corpus', { ids: [], vectors: new Float32Array(0) }, /corpus is empty/],
    [
      'ids and vectors that do not match',
      { ids: idsOf(3), vectors },
      /3 documents of dimension 24 need 72 numbers, got 96/,
    ],
    ['an id twice', { ids: ['a', 'b', 'a', 'c'], vectors }, /id "a" occurs twice/],
    ['NaN', { vectors: vectors.map((value, i) => (i === 30 ? Number.NaN : value)) }, /"paper-1" holds NaN/],
    [
      'an infinite number',
      { vectors: vectors.map((value, i) => (i === 95 ? 1 / 0 : value)) },
      /"paper-3" holds Infinity/,
    ],
    ['a dimension that is none', { vectors, dimensions: 0 }, /dimensions = 0/],
  ])('%s', async (_name, options, message) => {
    await expect(build(options)).rejects.toMatchObject({ name: 'UserError', message });
  });

  it.each([
    ['queries of another dimension', new Float32Array(d + 1), 3, /dimension 24/],
    ['NaN in a query', new Float32Array(2 * d).fill(Number.NaN, d, d + 1), 3, /query 2 of the search holds NaN/],
    ['k of 0', new Float32Array(d), 0, /k = 0/],
    ['k that is not whole', new Float32Array(d), 1.5, /k = 1\.5/],
  ])('%s', async (_name, queries, k, message) => {
    const index = await build({ vectors });
    await expect(index.search(queries, k)).rejects.toMatchObject({ name: 'UserError', message });
  });

  it('and an aborted search ends as interrupted', async () => {
    const index = await build({ vectors });
    await expect(index.search(vectors, 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({ exitCode: 130 });
  });
});
