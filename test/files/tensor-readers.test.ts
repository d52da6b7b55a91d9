/** Tensors large enough for threads of their own: the same numbers, in order, whatever thread read them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16 } from '../../lib/files/float-formats.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';
import { readTensors, type TensorToRead } from '../../lib/files/tensor-readers.js';

const folder = mkdtempSync(join(tmpdir(), 'tensor-readers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'large.safetensors');
const ROWS = 3_000;
/** 84 MB in all; one small tensor among large ones, so that the threads finish out of order. */
const WIDTHS = [2_000, 3_000, 1, 4_000, 500, 4_500];

let stored: Record<string, SafetensorsTensor>;
let tensors: TensorToRead[];
beforeAll(async () => {
  stored = Object.fromEntries(
    WIDTHS.map((width, i) => {
      // bits of small positive numbers in both formats
      const data = Uint16Array.from({ length: ROWS * width }, (_, k) => 0x3000 + ((k * 31 + i) % 0x0400));
      return [`t${i}`, { dtype: i % 2 ? ('F16' as const) : ('BF16' as const), shape: [ROWS, width], data }];
    }),
  );
  await writeSafetensors(path, stored);
  tensors = Object.entries(stored).map(([name, { data }]) => ({ path, name, bytes: data.byteLength }));
});

describe('readTensors', () => {
  it('gives large tensors in order, widened', async () => {
    const names: string[] = [];
    for await (const { tensor, data } of readTensors(tensors, 'float32')) {
      names.push(tensor.name);
      const { dtype, data: bits } = stored[tensor.name] as { dtype: string; data: Uint16Array };
      const expected = dtype === 'BF16' ? bfloat16ToFloat32(bits) : float16ToFloat32(bits);
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(expected.buffer)), tensor.name).toBe(0);
    }
    expect(names).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
  });

  it('gives the bits of bfloat16 as they are stored, and rounds other types', async () => {
    for await (const { tensor, data } of readTensors(tensors, 'bfloat16')) {
      const { dtype, data: bits } = stored[tensor.name] as { dtype: string; data: Uint16Array };
      const expected = dtype === 'BF16' ? bits : float32ToBfloat16(float16ToFloat32(bits));
      expect(data).toBeInstanceOf(Uint16Array);
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(expected.buffer)), tensor.name).toBe(0);
    }
  });

  it('can be left early', async () => {
    for await (const { tensor } of readTensors(tensors, 'float32')) if (tensor.name === 't1') break;
    const file = await openSafetensors(path);
    expect(file.tensors.size).toBe(WIDTHS.length);
    await file.close();
  });

  it('says what is wrong with a file, whichever thread met it', async () => {
    const cut = join(folder, 'cut.safetensors');
    writeFileSync(cut, readFileSync(path).subarray(0, -1000));
    const read = async (list: TensorToRead[]): Promise<number> => {
      let count = 0;
      for await (const { data } of readTensors(list, 'float32')) count += data.length;
      return count;
    };
    const broken = tensors.map((tensor, i) => (i === 3 ? { ...tensor, path: cut } : tensor));
    await expect(read(broken)).rejects.toThrow(UserError);
    await expect(read(broken)).rejects.toThrow(/cut\.safetensors/);
    await expect(read(tensors.map((tensor) => ({ ...tensor, name: 'none' })))).rejects.toThrow(/no tensor "none"/);
  });
});
