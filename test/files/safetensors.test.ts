import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const mixed = join(fixtures, 'encoder/mixed.safetensors');
const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of this header and data, without any check. */
function rawFile(header: unknown, data: Uint8Array = new Uint8Array()): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, 'raw.safetensors');
  writeFileSync(path, Buffer.concat([length, json, data]));
  return path;
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await openSafetensors(path).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toContain(path);
  expect(message).not.toContain('\n');
  return message;
}

describe('openSafetensors', () => {
  it('reads what the reference wrote', async () => {
    const file = await openSafetensors(mixed);
    expect(file.metadata).toEqual({ format: 'pt' });
    expect(file.tensors.get('b.weight')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    expect(file.tensors.get('empty')).toMatchObject({ dtype: 'F32', shape: [0, 4] });
    expect([...(await file.readFloat32('b.weight'))]).toEqual([1.5, -2, 0.25, 3, Math.fround(1e-3), -7]);
    expect([...(await file.readFloat32('half'))]).toEqual([0.5, -1.25, 65504]);
    expect([...(await file.readFloat32('brain'))]).toEqual([1, -3.140625]);
    expect([...(await file.readFloat32('scalar'))]).toEqual([2.5]);
    expect(await file.readFloat32('empty')).toHaveLength(0);
    expect([...new BigInt64Array((await file.readBytes('ids')).buffer as ArrayBuffer)]).toEqual([1n, -2n, 3n]);
    await expect(file.readFloat32('ids')).rejects.toThrow(
      'ids has type I64: expected F32, F64 or BF16, F16, F8_E5M2, F8_E4M3',
    );
    await expect(file.readFloat32('other')).rejects.toThrow('has no tensor "other"');
    await file.close();
  });

  it('counts the bytes that it reads', async () => {
    const file = await openSafetensors(mixed);
    let bytes = 0;
    await file.readFloat32('half', (n) => {
      bytes += n;
    });
    expect(bytes).toBe(6);
    await file.close();
  });

  it('reads float64', async () => {
    const header = { x: { dtype: 'F64', shape: [2], data_offsets: [0, 16] } };
    const file = await openSafetensors(rawFile(header, new Uint8Array(Float64Array.of(0.5, -3).buffer)));
    expect([...(await file.readFloat32('x'))]).toEqual([0.5, -3]);
    await file.close();
  });

  it('refuses a file cut anywhere', async () => {
    const whole = readFileSync(mixed);
    const path = join(folder, 'cut.safetensors');
    for (let length = 0; length < whole.length; length += length < 16 ? 1 : 37) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await refusal(path)).toContain('download or make it again');
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from([0])]));
    expect(await refusal(path)).toContain('1 byte after its last tensor');
  });

  it('says what is wrong with a header', async () => {
    const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
      dtype: 'F32',
      shape,
      data_offsets: [begin, end],
    });
    const data = new Uint8Array(16);
    const cases: [unknown, string][] = [
      ['{"a": ', "can't be read as JSON"],
      ['[1]', 'not a JSON object'],
      [{ __metadata__: { a: 1 } }, '__metadata__'],
      [{ a: 3 }, 'describes a by 3'],
      [{ a: { ...entry(0, 16), dtype: 'F7' } }, 'unknown type "F7"'],
      [{ a: entry(0, 16, [-4]) }, 'shape [-4]'],
      [{ a: entry(0, 16, [3]) }, 'a 16 bytes, where F32 [3] takes 12'],
      [{ a: { ...entry(0, 16), data_offsets: [16, 0] } }, 'data_offsets [16,0]'],
      [{ a: { ...entry(0, 16), data_offsets: ['0', 16] } }, 'data_offsets'],
      [{ a: entry(0, 12), b: entry(8, 16) }, 'an overlap before b'],
      [{ a: entry(0, 4), b: entry(8, 16) }, 'a gap before b'],
      [{ a: entry(0, 8) }, '8 bytes after its last tensor'],
      [{ a: entry(0, 32) }, 'cut short: a ends at byte 32 of the data, which has 16'],
    ];
    for (const [header, expected] of cases) expect(await refusal(rawFile(header, data))).toContain(expected);
    const huge = join(folder, 'huge.safetensors');
    writeFileSync(huge, Buffer.alloc(64, 0x7f));
    expect(await refusal(huge)).toContain('over the limit');
    expect(await refusal(join(folder, 'absent.safetensors'))).toContain('ENOENT');
    expect(await refusal(folder)).toContain('not a file');
  });
});

describe('writeSafetensors', () => {
  it('writes the bytes that the reference writes', async () => {
    for (const source of ['qwen2/adapter/adapter_model.safetensors', 'qwen2/after3.safetensors']) {
      const file = await openSafetensors(join(fixtures, source));
      const tensors: Record<string, SafetensorsTensor> = {};
      for (const [name, { shape }] of [...file.tensors].reverse()) {
        tensors[name] = { dtype: 'F32', shape, data: await file.readFloat32(name) };
      }
      const metadata = Object.keys(file.metadata).length > 0 ? file.metadata : undefined;
      await file.close();
      await writeSafetensors(join(folder, 'copy.safetensors'), tensors, metadata);
      expect(readFileSync(join(folder, 'copy.safetensors')).equals(readFileSync(join(fixtures, source)))).toBe(true);
    }
    await writeSafetensors(
      join(folder, 'copy.safetensors'),
      {
        scalar: { dtype: 'F32', shape: [], data: Float32Array.of(2.5) },
        'quote " and ü': { dtype: 'F32', shape: [1], data: Float32Array.of(4) },
        'b.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1.5, -2, 0.25, 3, 1e-3, -7) },
        'a.weight': { dtype: 'F32', shape: [2], data: Float32Array.of(0.1, 0.2) },
        empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array() },
        brain: { dtype: 'BF16', shape: [2, 1], data: Uint16Array.of(0x3f80, 0xc049) },
        half: { dtype: 'F16', shape: [3], data: Uint16Array.of(0x3800, 0xbd00, 0x7bff) },
        counts: { dtype: 'I32', shape: [2], data: Int32Array.of(7, 8) },
        ids: { dtype: 'I64', shape: [3], data: BigInt64Array.of(1n, -2n, 3n) },
      },
      { format: 'pt' },
    );
    expect(readFileSync(join(folder, 'copy.safetensors')).toString('latin1')).toBe(
      readFileSync(mixed).toString('latin1'),
    );
  });

  it('gives back any tensors', async () => {
    const path = join(folder, 'any.safetensors');
    const tensor = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.record({
        shape: fc.constant([rows, columns]),
        data: fc.float32Array({ minLength: rows * columns, maxLength: rows * columns }),
      }),
    );
    const name = fc.string({ minLength: 1 }).filter((s) => !s.startsWith('__'));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tensor, { maxKeys: 6, noNullPrototype: true }), async (tensors) => {
        const entries = Object.entries(tensors).map(([key, value]) => [key, { dtype: 'F32' as const, ...value }]);
        await writeSafetensors(path, Object.fromEntries(entries) as Record<string, SafetensorsTensor>);
        const file = await openSafetensors(path);
        expect([...file.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
        for (const [key, { shape, data }] of Object.entries(tensors)) {
          expect(file.tensors.get(key)?.shape).toEqual(shape);
          expect(await file.readFloat32(key)).toEqual(Float32Array.from(data));
        }
        await file.close();
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('leaves the older file and no debris where it fails', async () => {
    const path = join(folder, 'kept.safetensors');
    await writeSafetensors(path, { a: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } });
    const before = readFileSync(path);
    const wrong = { a: { dtype: 'F32', shape: [3], data: Float32Array.of(1) } } as const;
    await expect(writeSafetensors(path, wrong)).rejects.toThrow('a has 1 value, where its shape [3] has 3');
    expect(readFileSync(path).equals(before)).toBe(true);
    await expect(writeSafetensors(join(folder, 'absent/x'), {})).rejects.toThrow('cannot write');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

it('a header whose length is spelt like the mark of another format is a header', async () => {
  const tensors = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
  // 0x0380 and 0x8b1f bytes begin as a pickle and as gzip do
  for (const bytes of [0x0380, 0x8b1f]) {
    const path = join(folder, `header-${bytes}.safetensors`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes));
    writeFileSync(path, Buffer.concat([length, Buffer.from(tensors.padEnd(bytes)), Buffer.alloc(4)]));
    const file = await openSafetensors(path);
    expect([...(await file.readFloat32('a'))]).toEqual([0]);
    await file.close();
  }
});
