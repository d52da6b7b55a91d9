import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../lib/files/npy.js';

const folder = mkdtempSync(join(tmpdir(), 'npy-'));
const path = join(folder, 'matrix.npy');
afterAll(() => rmSync(folder, { recursive: true }));

describe('.npy files', () => {
  it('are those of numpy.save', async () => {
    await writeNpy(path, Float32Array.of(1, -2, 0.5, 3, 4, 1e-3), [2, 3]);
    // numpy.save of numpy.array([[1, -2, .5], [3, 4, 1e-3]], numpy.float32), numpy 2.4
    const dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    const header = `\x93NUMPY\x01\x00v\x00${dictionary.padEnd(117)}\n`;
    const values = '0000803f000000c00000003f00004040000080406f12833a';
    expect(readFileSync(path).toString('hex')).toBe(Buffer.from(header, 'latin1').toString('hex') + values);
  });

  it('give back what was written', async () => {
    for (const shape of [
      [0, 4],
      [1, 1],
      [300, 7],
    ] as const) {
      const data = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i));
      await writeNpy(path, data, shape);
      expect(await readNpy(path)).toEqual({ data, shape });
      expect(readFileSync(path).length % 64).toBe(data.byteLength % 64);
    }
  });

  it('are refused when they are cut, of another type, or no .npy', async () => {
    await expect(writeNpy(path, new Float32Array(5), [2, 3])).rejects.toThrow('5 values do not make a matrix [2, 3]');
    await writeNpy(path, new Float32Array(6), [2, 3]);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, -1));
    await expect(readNpy(path)).rejects.toThrow('23 bytes of values, expected 24');
    writeFileSync(path, Buffer.from(bytes.toString('latin1').replace('<f4', '<f8'), 'latin1'));
    await expect(readNpy(path)).rejects.toThrow('expected a float32 matrix');
    writeFileSync(path, 'text');
    await expect(readNpy(path)).rejects.toThrow('is not a .npy file');
    await expect(readNpy(join(folder, 'absent'))).rejects.toThrow('ENOENT');
  });
});
