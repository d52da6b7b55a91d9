import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dequantizeRows, EMBEDDING_PRECISIONS, quantizationRanges, quantizeRows } from '../../lib/core/quantization.js';
import { embeddingVectors, readEmbeddings, writeEmbeddings } from '../../lib/files/embeddings.js';
import { readNpy, writeNpy } from '../../lib/files/npy.js';
import { writeSafetensors } from '../../lib/files/safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'embeddings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const D = 10;
const rows = Float32Array.from({ length: 6 * D }, (_, i) => Math.sin(i * i));
const ranges = quantizationRanges(rows, D);
const stored = (precision: (typeof EMBEDDING_PRECISIONS)[number]) => ({
  precision,
  rows: 6,
  dimensions: D,
  codes: quantizeRows(rows, D, precision, ranges),
  ranges: precision.endsWith('int8') ? ranges : null,
});

describe.each(['npy', 'safetensors'])('.%s', (ending) => {
  it.each(EMBEDDING_PRECISIONS)('%s is read as it was written', async (precision) => {
    const path = join(folder, `whole-${precision}.${ending}`);
    await writeEmbeddings(path, stored(precision), { ids: '["a","b"]' });
    const read = await readEmbeddings(path);
    expect(read).toEqual({ ...stored(precision), ids: ['a', 'b'] });
    expect(embeddingVectors(read)).toEqual(dequantizeRows(read.codes, D, precision, ranges));
    if (ending === 'npy' && precision !== 'float32')
      await expect(readNpy(path)).rejects.toThrow('read with readEmbeddings');
  });

  it('is refused without what says how to read it', async () => {
    const path = join(folder, `bare.${ending}`);
    const codes = Uint8Array.of(1, 2, 3, 4);
    if (ending === 'npy') await writeNpy(path, codes, [2, 2]);
    else await writeSafetensors(path, { embeddings: { dtype: 'U8', shape: [2, 2], data: codes } });
    await expect(readEmbeddings(path)).rejects.toThrow(/holds (uint8, and .*json|U8 without the precision)/);
  });
});

it('another file of the same shape is not read by the ranges of the first', async () => {
  const [a, b] = ['a', 'b'].map((name) => join(folder, `${name}.npy`)) as [string, string];
  await writeEmbeddings(a, stored('int8'));
  await writeEmbeddings(b, { ...stored('int8'), codes: Int8Array.from({ length: 60 }, (_, i) => i) });
  copyFileSync(`${a}.json`, `${b}.json`);
  await expect(readEmbeddings(b)).rejects.toThrow('values and description are of different encodings');
});

it('float32 of numpy.save needs no description', async () => {
  const path = join(folder, 'plain.npy');
  await writeNpy(path, rows, [6, D]);
  expect(embeddingVectors(await readEmbeddings(path))).toEqual(rows);
});
