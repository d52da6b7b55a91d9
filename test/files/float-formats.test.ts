import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from '../../lib/files/float-formats.js';

const reference = JSON.parse(
  readFileSync(new URL('../fixtures/encoder/float-formats.json', import.meta.url), 'utf8'),
) as { float32: number[]; bfloat16: number[]; float16: number[]; finite_float16_widened_sha256: string };

const values = new Float32Array(Uint32Array.from(reference.float32).buffer);
const allPatterns = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

/** Bits with every NaN as one: which of them a machine makes is free. */
function withoutPayload(bits: ArrayLike<number>, exponentMask: number): number[] {
  const fractionMask = (exponentMask & -exponentMask) - 1;
  return Array.from(bits, (b) => ((b & exponentMask) === exponentMask && (b & fractionMask) !== 0 ? -1 : b));
}

describe('16-bit floats', () => {
  it('are rounded from float32 as torch rounds', () => {
    expect(withoutPayload(float32ToBfloat16(values), 0x7f80)).toEqual(withoutPayload(reference.bfloat16, 0x7f80));
    expect(withoutPayload(float32ToFloat16(values), 0x7c00)).toEqual(withoutPayload(reference.float16, 0x7c00));
  });

  it('widen float16 as torch does', () => {
    const finite = allPatterns.filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const digest = createHash('sha256')
      .update(new Uint8Array(float16ToFloat32(finite).buffer))
      .digest('hex');
    expect(digest).toBe(reference.finite_float16_widened_sha256);
    expect([...float16ToFloat32(Uint16Array.of(0x7c00, 0xfc00, 0x7e00))]).toEqual([Infinity, -Infinity, NaN]);
  });

  it('survive a round trip, all 65,536 of them', () => {
    expect(withoutPayload(float32ToBfloat16(bfloat16ToFloat32(allPatterns)), 0x7f80)).toEqual(
      withoutPayload(allPatterns, 0x7f80),
    );
    expect(withoutPayload(float32ToFloat16(float16ToFloat32(allPatterns)), 0x7c00)).toEqual(
      withoutPayload(allPatterns, 0x7c00),
    );
  });

  it('widen in place from the second half of the result', () => {
    for (const widen of [bfloat16ToFloat32, float16ToFloat32]) {
      const source = allPatterns.filter((bits) => (bits & 0x7c00) !== 0x7c00);
      const out = new Float32Array(source.length);
      const upperHalf = new Uint16Array(out.buffer, source.byteLength, source.length);
      upperHalf.set(source);
      widen(upperHalf, out);
      expect(out).toEqual(widen(source));
    }
  });
});
