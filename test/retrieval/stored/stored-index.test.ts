/** Indexes over files of embeddings: what they find is measured against plain exact search. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../../lib/core/errors.js';
import { Random } from '../../../lib/core/random.js';
import { dot, normalizeRowsInPlace } from '../../../lib/core/rows.js';
import { openEmbeddingRows } from '../../../lib/files/embedding-rows.js';
import { writeEmbeddings } from '../../../lib/files/embeddings.js';
import { npyHeader, writeNpy } from '../../../lib/files/npy.js';
import { buildFaiss } from '../../../lib/retrieval/index/faiss-candidates.js';
import { referenceMatmul } from '../../../lib/retrieval/index/matmul-candidates.js';
import { type BuildStoredIndexOptions, buildStoredIndex } from '../../../lib/retrieval/stored/build-stored-index.js';
import { exactNeighbours } from '../../../lib/retrieval/stored/exact-neighbours.js';
import { ivfPqShape } from '../../../lib/retrieval/stored/ivf-pq.js';
import { openStoredIndex } from '../../../lib/retrieval/stored/open-stored-index.js';
import { nearestSigns, signWords } from '../../../lib/retrieval/stored/sign-codes.js';

const folder = mkdtempSync(join(tmpdir(), 'stored-index-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [rows, dimensions] = [3000, 48];
const values = clustered(rows, dimensions, 40);
const path = join(folder, 'corpus.safetensors');
const ids = Array.from({ length: rows }, (_, i) => `2101.${String(i).padStart(5, '0')}`);
beforeAll(() =>
  writeEmbeddings(
    path,
    { precision: 'float32', rows, dimensions, codes: values, ranges: null },
    { ids: JSON.stringify(ids) },
  ),
);

/** The rows nearest to one of them, itself first, by plain loops. */
function exact(row: number, k: number): string[] {
  const unit = normalizeRowsInPlace(values.slice(), dimensions);
  const scores = Array.from({ length: rows }, (_, i) => dot(unit, row * dimensions, unit, i * dimensions, dimensions));
  const order = scores.map((score, i) => ({ score, i })).sort((a, b) => b.score - a.score);
  return order.slice(0, k).map(({ i }) => ids[i] as string);
}

const hasFaiss = await buildFaiss('flat', Float32Array.of(1, 0, 0, 1), 2).then(
  (index) => index.close().then(() => true),
  () => false,
);
if (!hasFaiss) console.warn('skipped: the kind ivf-pq, since FAISS cannot be had');
const KINDS = hasFaiss ? (['ivf-pq', 'binary'] as const) : (['binary'] as const);

describe.each(KINDS)('%s', (kind) => {
  it('finds as much of the exact ten nearest as is asked for, with their cosines', async () => {
    const to = join(folder, kind);
    const built = await buildStoredIndex({ embeddings: path, to, kind, recall: 0.95, sample: 60 }, referenceMatmul);
    expect(built.recall.value).toBeGreaterThanOrEqual(0.95);
    expect(built.embeddings).toMatchObject({ rows, dimensions, precision: 'float32' });
    const index = await openStoredIndex(to);
    let shared = 0;
    for (let row = 0; row < 50; row++) {
      const query = values.subarray(row * dimensions, (row + 1) * dimensions);
      const found = await index.search(query, 10);
      expect(found[0]).toEqual({ id: ids[row], score: expect.closeTo(1, 5) });
      const wanted = new Set(exact(row, 10));
      shared += found.filter(({ id }) => wanted.has(id)).length / 10;
    }
    expect(shared / 50).toBeGreaterThan(0.92);
    await expect(index.search(new Float32Array(3), 10)).rejects.toThrow(/a query of 3 dimensions: the index .* has 48/);
    await index.close();
  }, 60_000);
});

it('is of codes too: 8 bits and signs are scored again as what they stand for', async () => {
  for (const precision of ['int8', 'binary'] as const) {
    const { quantizationRanges, quantizeRows } = await import('../../../lib/core/quantization.js');
    const ranges = quantizationRanges(values, dimensions);
    const codes = quantizeRows(values, dimensions, precision, ranges);
    const file = join(folder, `${precision}.npy`);
    await writeEmbeddings(file, { precision, rows, dimensions, codes, ranges: precision === 'int8' ? ranges : null });
    const built = await build({ embeddings: file, to: join(folder, `of-${precision}`), sample: 30 });
    expect(built.recall.value).toBeGreaterThan(0.8);
    const index = await openStoredIndex(join(folder, `of-${precision}`));
    const found = await index.search(values.subarray(0, dimensions), 5);
    expect(found.map(({ id }) => id)).toContain('0'); // rows without ids are called by their numbers
    await index.close();
  }
});

it('says when the recall is out of reach, and measures with queries of its own', async () => {
  const noise = Float32Array.from({ length: 20 * dimensions }, (_, i) => Math.sin(i * i));
  const queries = join(folder, 'queries.npy');
  await writeEmbeddings(queries, { precision: 'float32', rows: 20, dimensions, codes: noise, ranges: null });
  const { recall } = await build({ to: join(folder, 'measured'), queries, recall: 1 });
  expect(recall).toMatchObject({ from: 'queries', queries: 20, at: 10, wanted: 1 });
});

it('of few embeddings compares signs, and says so where codes are asked for', async () => {
  const few = join(folder, 'few.safetensors');
  const codes = values.slice(0, 255 * dimensions);
  await writeEmbeddings(few, { precision: 'float32', rows: 255, dimensions, codes, ranges: null }, {});
  const built = await buildStoredIndex({ embeddings: few, to: join(folder, 'few') }, referenceMatmul);
  expect(built.kind).toBe('binary');
  const asked = { embeddings: few, to: join(folder, 'few-pq'), kind: 'ivf-pq' as const };
  await expect(buildStoredIndex(asked, referenceMatmul)).rejects.toThrow(/256 embeddings or more, and there are 255/);
});

it.runIf(hasFaiss)('that is stopped while FAISS works is interrupted, and leaves nothing', async () => {
  const to = join(folder, 'stopped');
  const stop = new AbortController();
  const onProgress = ({ task }: { task: string }): void => {
    if (task.startsWith('learning')) setTimeout(() => stop.abort(), 5);
  };
  const stopped = buildStoredIndex(
    { embeddings: path, to, kind: 'ivf-pq', signal: stop.signal, onProgress },
    referenceMatmul,
  );
  await expect(stopped).rejects.toThrow(Interrupted);
  expect(existsSync(to)).toBe(false);
});

it('refuses a folder that exists, and embeddings that were changed', async () => {
  await build({ to: join(folder, 'first') });
  await expect(build({ to: join(folder, 'first') })).rejects.toThrow(/first exists already: remove it/);
  const other = join(folder, 'other.npy');
  const codes = values.map((value) => value + 1);
  await writeEmbeddings(other, { precision: 'float32', rows, dimensions, codes, ranges: null });
  await expect(openStoredIndex(join(folder, 'first'), other)).rejects.toThrow(/is not what .*first was built from/);
  await expect(openStoredIndex(folder)).rejects.toThrow(/is no index: expected .*index\.json/);
});

describe('rows that are no embeddings', () => {
  const rowOf = (value: number) => (codes: Float32Array) => codes.fill(value, 7 * dimensions, 8 * dimensions);
  it.each([
    ['a number that is none', (codes: Float32Array) => codes.fill(Number.NaN, 7 * dimensions + 1, 7 * dimensions + 2)],
    ['infinite', rowOf(Number.POSITIVE_INFINITY)],
    ['zeros', rowOf(0)],
  ])('%s: refused among those to index, among queries, and by a database', async (kind, change) => {
    const codes = change(values.slice());
    const bad = join(folder, `${kind}.npy`.replaceAll(' ', '-'));
    await writeEmbeddings(bad, { precision: 'float32', rows, dimensions, codes, ranges: null });
    const refusal = new RegExp(`row 7 of .*${basename(bad)} holds (NaN|Infinity|zeros alone)`);
    await expect(build({ embeddings: bad, to: join(folder, 'of-bad') })).rejects.toThrow(refusal);
    const asked = { to: join(folder, 'asked'), queries: bad, sample: rows };
    await expect(build(asked)).rejects.toThrow(refusal);
    const file = await openEmbeddingRows(bad);
    await expect(file.read(0, rows)).rejects.toThrow(refusal);
    await file.close();
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('a file longer or shorter than its header says, or without a column', async () => {
    await writeNpy(join(folder, 'whole.npy'), values, [rows, dimensions]);
    const whole = readFileSync(join(folder, 'whole.npy'));
    const bad = join(folder, 'length.npy');
    for (const bytes of [whole.subarray(0, -4), Buffer.concat([whole, Buffer.alloc(4)])]) {
      writeFileSync(bad, bytes);
      await expect(openEmbeddingRows(bad)).rejects.toThrow(/length\.npy has .* bytes, expected/);
    }
    writeFileSync(bad, npyHeader([5, 0]));
    await expect(openEmbeddingRows(bad)).rejects.toThrow(/length\.npy have no dimensions/);
  });
});

it('searches exactly in one pass', async () => {
  const file = await openEmbeddingRows(path);
  const queries = normalizeRowsInPlace(values.slice(5 * dimensions, 7 * dimensions), dimensions);
  const found = await exactNeighbours(file, queries, 4, referenceMatmul);
  await file.close();
  expect(found.map((own) => [...own].map((row) => ids[row]))).toEqual([exact(5, 4), exact(6, 4)]);
});

it('ranks by agreeing signs, the lower row first', () => {
  const some = values.subarray(0, 200 * 45);
  const query = values.subarray(9000, 9045);
  const codes = signWords(some, 45);
  const distance = (row: number): number =>
    [...query].filter((value, j) => value > 0 !== (some[row * 45 + j] as number) > 0).length;
  const ranked = Array.from({ length: 200 }, (_, row) => row).sort((a, b) => distance(a) - distance(b) || a - b);
  for (const count of [1, 17, 200, 500]) expect([...nearestSigns(codes, query, count)]).toEqual(ranked.slice(0, count));
});

it('has a shape that the sample can teach', () => {
  expect(ivfPqShape(1_000_000, 384)).toEqual({
    cells: 4000,
    codeBytes: 48,
    trainingRows: 87381,
    description: 'IVF4000,PQ48x8np',
  });
  expect(ivfPqShape(3_000_000, 896)).toMatchObject({ cells: 2340, codeBytes: 112, trainingRows: 37449 });
  expect(ivfPqShape(20, 3)).toMatchObject({ cells: 1, codeBytes: 1 });
});

function build(options: Partial<BuildStoredIndexOptions> & { to: string }) {
  return buildStoredIndex({ embeddings: path, kind: 'binary', sample: 20, ...options }, referenceMatmul);
}

/** Points around centres, as embeddings of a corpus with topics are. */
function clustered(n: number, d: number, clusters: number): Float32Array {
  const random = new Random(3, 'clusters');
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const centres = Float32Array.from({ length: clusters * d }, normal);
  return Float32Array.from({ length: n * d }, (_, at) => {
    const cluster = Math.floor(at / d) % clusters;
    return (centres[cluster * d + (at % d)] as number) + 0.6 * normal();
  });
}
