/** Rows read where they lie are those of the whole file. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EMBEDDING_PRECISIONS, quantizationRanges, quantizeRows } from '../../lib/core/quantization.js';
import { Random } from '../../lib/core/random.js';
import { openEmbeddingRows } from '../../lib/files/embedding-rows.js';
import { embeddingVectors, readEmbeddings, writeEmbeddings } from '../../lib/files/embeddings.js';

const folder = mkdtempSync(join(tmpdir(), 'embedding-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [rows, dimensions] = [70, 20];
const random = new Random(1, 'rows');
const values = Float32Array.from({ length: rows * dimensions }, () => random.uniform() - 0.5);
const ranges = quantizationRanges(values, dimensions);
const ids = Array.from({ length: rows }, (_, i) => `paper ${i}`);

it.each(
  EMBEDDING_PRECISIONS.flatMap((precision) => ['npy', 'safetensors'].map((ending) => [precision, ending] as const)),
)('of %s in .%s', async (precision, ending) => {
  const path = join(folder, `${precision}.${ending}`);
  const codes = quantizeRows(values, dimensions, precision, ranges);
  const scalar = precision === 'int8' || precision === 'uint8';
  const metadata = { ids: JSON.stringify(ids) };
  await writeEmbeddings(path, { precision, rows, dimensions, codes, ranges: scalar ? ranges : null }, metadata);
  const whole = embeddingVectors(await readEmbeddings(path));
  const file = await openEmbeddingRows(path);
  expect(file).toMatchObject({ precision, rows, dimensions, ids });
  expect([...(await file.read(3, 5))]).toEqual([...whole.subarray(3 * dimensions, 8 * dimensions)]);
  const places = [69, 0, 7, 7];
  const picked = places.flatMap((row) => [...whole.subarray(row * dimensions, (row + 1) * dimensions)]);
  expect([...(await file.pick(places))]).toEqual(picked);
  await file.close();
});

it('refuses what is shorter than it says, and what is no embeddings', async () => {
  const path = join(folder, 'short.npy');
  await writeEmbeddings(path, { precision: 'float32', rows, dimensions, codes: values, ranges: null });
  truncateSync(path, readFileSync(path).length - 4);
  await expect(openEmbeddingRows(path)).rejects.toThrow(/short\.npy has [\d,]+ bytes, expected [\d,]+: copy it again/);
  writeFileSync(join(folder, 'text.npy'), 'not numpy');
  await expect(openEmbeddingRows(join(folder, 'text.npy'))).rejects.toThrow(/is not a \.npy file/);
  const other = join(folder, 'other.npy');
  await writeEmbeddings(other, {
    precision: 'int8',
    rows,
    dimensions,
    codes: quantizeRows(values, dimensions, 'int8', ranges),
    ranges,
  });
  const bytes = readFileSync(other);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(other, bytes);
  const changed = await openEmbeddingRows(other);
  await expect(changed.verify()).rejects.toThrow(/values and description are of different encodings/);
  await changed.close();
  await expect(openEmbeddingRows(join(folder, 'none.npy'))).rejects.toThrow(/could not read .*none\.npy \(ENOENT\)/);
  await expect(openEmbeddingRows(join(folder, 'rows.txt'))).rejects.toThrow(/ending in \.npy or \.safetensors/);
});
