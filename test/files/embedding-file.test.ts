import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { openEmbeddingFile } from '../../lib/files/embedding-file.js';
import { readNpy } from '../../lib/files/npy.js';
import { openSafetensors } from '../../lib/files/safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'embedding-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options = { rows: 4, dimensions: 2, metadata: { ids: '["a","b","c","d"]' }, fingerprint: 'one' };
const row = (i: number): number[] => [i, i + 0.5];
const values = (...rows: number[]): Float32Array => Float32Array.from(rows.flatMap(row));

describe('openEmbeddingFile', () => {
  it('puts rows in their places, in both formats, whatever the order they come in', async () => {
    for (const name of ['order.safetensors', 'order.npy']) {
      const path = join(folder, name);
      const file = await openEmbeddingFile(path, options);
      await file.add([2, 0], values(2, 0));
      await file.add([3, 1], values(3, 1));
      expect(existsSync(path)).toBe(false);
      await file.finish();
    }
    const expected = values(0, 1, 2, 3);
    expect(await readNpy(join(folder, 'order.npy'))).toEqual({ data: expected, shape: [4, 2] });
    const opened = await openSafetensors(join(folder, 'order.safetensors'));
    expect(opened.metadata).toEqual(options.metadata);
    expect(await opened.readFloat32('embeddings')).toEqual(expected);
    await opened.close();
  });

  it('finds the rows of an earlier time, but not those of a line that was cut', async () => {
    const path = join(folder, 'resumed.npy');
    const first = await openEmbeddingFile(path, options);
    await first.add([1, 3], values(1, 3));
    await first.close();
    appendFileSync(`${path}.partial.journal`, '0 2');
    const second = await openEmbeddingFile(path, options);
    expect([0, 1, 2, 3].map((i) => second.has(i))).toEqual([false, true, false, true]);
    expect(second.found).toBe(2);
    await expect(second.finish()).rejects.toThrow(/2 of its 4 rows/);
    await second.add([2], values(2));
    await second.close();
    const third = await openEmbeddingFile(path, options);
    expect(third.found).toBe(3);
    await third.add([0], values(0));
    await third.finish();
    expect((await readNpy(path)).data).toEqual(values(0, 1, 2, 3));
    expect(existsSync(`${path}.partial.journal`)).toBe(false);
  });

  it('does not take rows that are not on the disk as they were written', async () => {
    const path = join(folder, 'lost.npy');
    const first = await openEmbeddingFile(path, options);
    await first.add([1, 3], values(1, 3));
    await first.add([0], values(0));
    await first.close();
    // a machine that stops may lose what it had not written yet: zeros are left in its place
    const bytes = readFileSync(`${path}.partial`);
    writeFileSync(`${path}.partial`, bytes.fill(0, bytes.length - 8));
    const second = await openEmbeddingFile(path, options);
    expect([0, 1, 2, 3].map((i) => second.has(i))).toEqual([true, false, false, false]);
    await second.add([1, 2, 3], values(1, 2, 3));
    await second.finish();
    expect((await readNpy(path)).data).toEqual(values(0, 1, 2, 3));
  });

  it('starts anew for other work', async () => {
    const path = join(folder, 'other.npy');
    const first = await openEmbeddingFile(path, options);
    await first.add([0], values(0));
    await first.close();
    const second = await openEmbeddingFile(path, { ...options, fingerprint: 'two' });
    expect(second.found).toBe(0);
    await second.close();
    // and leaves nothing where nothing was done
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('is written by one at a time, and names what cannot be written', async () => {
    const path = join(folder, 'locked.npy');
    const first = await openEmbeddingFile(path, options);
    const started = performance.now();
    await expect(openEmbeddingFile(path, options)).rejects.toThrow(/another process .* is writing .*locked\.npy/);
    expect(performance.now() - started).toBeGreaterThan(5_000);
    await first.close();
    await expect(openEmbeddingFile(join(folder, 'no/where.npy'), options)).rejects.toThrow(WorkError);
    expect(readFileSync(join(folder, 'order.npy')).length).toBeGreaterThan(0);
  }, 30_000);
});
