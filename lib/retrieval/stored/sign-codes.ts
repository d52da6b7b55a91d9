/**
 * The signs of all vectors in memory, a bit a dimension: a query is compared with every one of them by the bits that agree,
 * and the best are scored again (Yamada et al., 2021, arXiv:2106.00882). Needs no FAISS; 3 million vectors of 384 dimensions
 * take 144 MB.
 */
import { open, readFile } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import { politely } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { packSigns } from '../../core/quantization.js';
import type { EmbeddingRows } from '../../files/embedding-rows.js';
import { popcount } from '../index/quantized-search.js';

const ROWS_AT_ONCE = 4096;

/** Words of 32 bits that the signs of a vector take. */
const wordsOf = (dimensions: number): number => Math.ceil(dimensions / 32);

/** Writes the signs of all rows, [n, words] of 32 bits, in one pass. */
export async function writeSignCodes(
  file: string,
  embeddings: EmbeddingRows,
  { onProgress, signal }: Reporting = {},
): Promise<void> {
  const { rows, dimensions } = embeddings;
  const handle = await open(file, 'w');
  const pause = politely({ ...(signal && { signal }) }, 'nothing is kept: the same command starts the index over');
  try {
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - from);
      const block = await embeddings.read(from, count);
      const words = signWords(block, dimensions);
      await handle.write(new Uint8Array(words.buffer));
      onProgress?.({ task: 'indexing', done: from + count, total: rows, unit: 'vectors' });
      await pause();
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The signs of rows [n, d], padded to whole words: [n, words]. */
export function signWords(rows: Float32Array, dimensions: number): Int32Array {
  const bytes = Math.ceil(dimensions / 8);
  const width = 4 * wordsOf(dimensions);
  const packed = packSigns(rows, dimensions);
  const out = new Uint8Array((packed.length / bytes) * width);
  for (let row = 0; row * bytes < packed.length; row++) {
    out.set(packed.subarray(row * bytes, (row + 1) * bytes), row * width);
  }
  return new Int32Array(out.buffer);
}

/** @throws UserError where the file has another size */
export async function readSignCodes(file: string, rows: number, dimensions: number): Promise<Int32Array> {
  const bytes = await readFile(file);
  if (bytes.length !== 4 * rows * wordsOf(dimensions)) {
    throw new UserError(
      `${file} has ${quantity(bytes.length, 'bytes')}, expected ${4 * rows * wordsOf(dimensions)}: build the index again`,
    );
  }
  return new Int32Array(new Uint8Array(bytes).buffer);
}

/** The `count` rows whose signs agree most with those of a query [d], most first; of equal ones the lower row. */
export function nearestSigns(codes: Int32Array, query: Float32Array, count: number): Int32Array {
  const dimensions = query.length;
  const words = wordsOf(dimensions);
  const asked = signWords(query, dimensions);
  const n = codes.length / words;
  const different = new Uint16Array(n);
  const rowsWith = new Uint32Array(dimensions + 2);
  for (let row = 0, at = 0; row < n; row++) {
    let bits = 0;
    for (let i = 0; i < words; i++, at++) bits += popcount((codes[at] as number) ^ (asked[i] as number));
    different[row] = bits;
    rowsWith[bits + 1] = (rowsWith[bits + 1] as number) + 1;
  }
  // where the rows of each distance begin in the ranking
  for (let bits = 1; bits < rowsWith.length; bits++)
    rowsWith[bits] = (rowsWith[bits] as number) + (rowsWith[bits - 1] as number);
  const ranked = new Int32Array(Math.min(count, n));
  for (let row = 0; row < n; row++) {
    const bits = different[row] as number;
    const place = rowsWith[bits] as number;
    if (place >= ranked.length) continue;
    ranked[place] = row;
    rowsWith[bits] = place + 1;
  }
  return ranked;
}
