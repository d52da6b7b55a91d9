/** Embeddings in LanceDB, which these tests are skipped without: LLM_EMBEDDING_LANCEDB names its module, or it is installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Random } from '../../../lib/core/random.js';
import { openEmbeddingRows } from '../../../lib/files/embedding-rows.js';
import { writeEmbeddings } from '../../../lib/files/embeddings.js';
import { openVectorDatabase } from '../../../lib/retrieval/stores/open-database.js';

const folder = mkdtempSync(join(tmpdir(), 'vector-database-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const address = `lancedb:${join(folder, 'db')}`;

const isInstalled = await openVectorDatabase(address, 'probe').then(
  (database) => database.close().then(() => true),
  () => false,
);
if (!isInstalled) console.warn('skipped: @lancedb/lancedb is not installed');

it('names the databases there are, and the package that is missing', async () => {
  await expect(openVectorDatabase('pgvector:db', 'papers')).rejects.toThrow(
    /store "pgvector:db": expected lancedb:FOLDER/,
  );
  await expect(openVectorDatabase('lancedb:', 'papers')).rejects.toThrow(/expected lancedb:FOLDER/);
  await expect(openVectorDatabase(address, 'a b')).rejects.toThrow(/table "a b": expected letters/);
  vi.stubEnv('LLM_EMBEDDING_LANCEDB', '/nowhere/lancedb.js');
  await expect(openVectorDatabase(address, 'papers')).rejects.toThrow(/npm install @lancedb\/lancedb@0\.31/);
  vi.unstubAllEnvs();
});

describe.skipIf(!isInstalled)('LanceDB', () => {
  it('finds the rows that were pushed, by their ids and cosines', async () => {
    const [rows, dimensions] = [300, 16];
    const random = new Random(5, 'rows');
    const values = Float32Array.from({ length: rows * dimensions }, () => random.uniform() - 0.5);
    const path = join(folder, 'corpus.safetensors');
    const ids = Array.from({ length: rows }, (_, i) => `paper-${i}`);
    const metadata = { ids: JSON.stringify(ids) };
    await writeEmbeddings(path, { precision: 'float32', rows, dimensions, codes: values, ranges: null }, metadata);
    const embeddings = await openEmbeddingRows(path);
    const database = await openVectorDatabase(address, 'papers');
    await expect(database.dimensions()).rejects.toThrow(/has no table "papers": make it with/);
    expect(await database.push(embeddings)).toEqual({ rows, dimensions, index: null });
    await expect(database.push(embeddings)).rejects.toThrow(/has a table "papers" already/);
    await database.push(embeddings, { replace: true });
    await database.close();
    await embeddings.close();
    const again = await openVectorDatabase(address, 'papers');
    expect(await again.dimensions()).toBe(dimensions);
    const query = values.slice(7 * dimensions, 8 * dimensions);
    const cosine = (row: number): number => {
      const other = values.subarray(row * dimensions, (row + 1) * dimensions);
      const dot = (a: Float32Array, b: Float32Array): number =>
        a.reduce((sum, value, j) => sum + value * (b[j] as number), 0);
      return dot(query, other) / Math.sqrt(dot(query, query) * dot(other, other));
    };
    const wanted = ids.map((id, row) => ({ id, score: cosine(row) })).sort((a, b) => b.score - a.score);
    const found = await again.search(query, 5);
    expect(found.map(({ id }) => id)).toEqual(wanted.slice(0, 5).map(({ id }) => id));
    found.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(wanted[i]?.score as number, 5);
    });
    await again.close();
  }, 60_000);
});
