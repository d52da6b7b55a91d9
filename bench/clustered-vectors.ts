/** A file of synthetic embeddings: unit vectors in clusters of skewed sizes, which is what makes an index easy or hard. */

import { once } from 'node:events';
import { createWriteStream, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../lib/core/random.js';
import { normalizeRowsInPlace } from '../lib/core/rows.js';
import { npyHeader } from '../lib/files/npy.js';

const ROWS_AT_ONCE = 4096;
/** Length of what a vector has beside the centre of its cluster, of length 1. */
const SPREAD = 0.8;

/** Writes them where they do not lie already. @returns the path of an .npy file [rows, dimensions] */
export async function clusteredVectors(
  folder: string,
  { rows, dimensions, clusters }: { rows: number; dimensions: number; clusters: number },
): Promise<string> {
  const path = join(folder, `clustered-${rows}x${dimensions}-${clusters}.npy`);
  if (existsSync(path)) return path;
  const random = new Random(1, 'clustered vectors');
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const centres = normalizeRowsInPlace(draw(clusters * dimensions), dimensions);
  const partial = `${path}.partial`;
  const out = createWriteStream(partial);
  out.write(npyHeader([rows, dimensions]));
  const noise = SPREAD / Math.sqrt(dimensions);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - first);
    const block = draw(count * dimensions);
    for (let row = 0; row < count; row++) {
      // the square makes the first clusters the largest
      const centre = Math.floor(clusters * random.uniform() ** 2) * dimensions;
      for (let i = 0; i < dimensions; i++) {
        const at = row * dimensions + i;
        block[at] = (centres[centre + i] as number) + noise * (block[at] as number);
      }
    }
    const bytes = Buffer.from(normalizeRowsInPlace(block, dimensions).buffer);
    if (!out.write(bytes)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  renameSync(partial, path);
  return path;
}
