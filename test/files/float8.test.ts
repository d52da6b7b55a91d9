import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { float8E4M3ToFloat32, float8E5M2ToFloat32, float32ToFloat8E5M2 } from '../../lib/files/float8.js';
import { openSafetensors } from '../../lib/files/safetensors.js';

const fixtures = fileURLToPath(new URL('../fixtures/float8', import.meta.url));
const reference = JSON.parse(readFileSync(`${fixtures}/float8.json`, 'utf8')) as {
  e5m2: (number | string)[];
  e4m3: (number | string)[];
  values: number[];
  bits: number[];
};
const patterns = Uint8Array.from({ length: 256 }, (_, bits) => bits);
/** NaN and the infinities stand as words in the fixture. */
const numbers = (values: (number | string)[]): number[] =>
  values.map((value) => ({ nan: Number.NaN, inf: Infinity, '-inf': -Infinity })[value] ?? (value as number));

describe('8-bit floats', () => {
  it('widen as torch widens, every pattern', () => {
    expect([...float8E5M2ToFloat32(patterns)]).toEqual(numbers(reference.e5m2));
    expect([...float8E4M3ToFloat32(patterns)]).toEqual(numbers(reference.e4m3));
  });

  it('are rounded from float32 as torch rounds', () => {
    expect([...float32ToFloat8E5M2(Float32Array.from(reference.values))]).toEqual(reference.bits);
    const kept = patterns.filter((bits) => (bits & 0x7f) <= 0x7c);
    expect(float32ToFloat8E5M2(float8E5M2ToFloat32(kept))).toEqual(kept);
    expect(Number.isNaN(float8E5M2ToFloat32(float32ToFloat8E5M2(Float32Array.of(Number.NaN)))[0])).toBe(true);
  });

  it('are read from safetensors in place', async () => {
    const file = await openSafetensors(`${fixtures}/float8.safetensors`);
    expect([...(await file.readFloat32('e5m2'))]).toEqual(numbers(reference.e5m2));
    expect([...(await file.readFloat32('e4m3'))]).toEqual(numbers(reference.e4m3));
    expect([...(await file.readFloat32('bf16'))]).toEqual([1, -2.5]);
    await file.close();
  });
});
