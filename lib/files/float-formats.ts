/**
 * The 16-bit floating-point formats of checkpoints, to and from float32.
 *
 *   float32    1 sign, 8 exponent, 23 fraction bits
 *   bfloat16   1 sign, 8 exponent,  7 fraction bits: the upper half of a float32 (Google Brain)
 *   float16    1 sign, 5 exponent, 10 fraction bits: IEEE 754 binary16
 *
 * Widening is exact; narrowing rounds to the nearest, ties to even, and keeps NaN. 16-bit values travel as their bits in
 * a Uint16Array.
 */

/**
 * Widens bfloat16 to float32.
 *
 * `out` may lie on the same memory if `source` is its second half (see `readFloat32` of safetensors.ts): element i is
 * read before the bytes it occupies are written, because 4i + 4 <= 2n + 2i + 2 for every i < n.
 *
 * @param source [n] bit patterns  @param out [n]
 */
export function bfloat16ToFloat32(
  source: Uint16Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  const bits = new Uint32Array(out.buffer, out.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) bits[i] = source[i]! << 16;
  return out;
}

/** Widens float16 to float32; `out` may overlap `source` as in {@link bfloat16ToFloat32}. */
export function float16ToFloat32(
  source: Uint16Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  float16Table ??= makeFloat16Table();
  const table = float16Table;
  const bits = new Uint32Array(out.buffer, out.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) bits[i] = table[source[i]!]!;
  return out;
}

/** Narrows float32 to bfloat16. @returns [n] bit patterns */
export function float32ToBfloat16(source: Float32Array): Uint16Array {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  const out = new Uint16Array(source.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    // Adding just under half a unit, or half where the kept part is odd, carries exactly when rounding goes up.
    out[i] = isNaNBits(value) ? (value >>> 16) | 0x40 : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
  return out;
}

/** Narrows float32 to float16; beyond 65,504 the result is infinite. @returns [n] bit patterns */
export function float32ToFloat16(source: Float32Array): Uint16Array {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  const out = new Uint16Array(source.length);
  for (let i = 0; i < bits.length; i++) out[i] = float16Bits(bits[i]!);
  return out;
}

function isNaNBits(value: number): boolean {
  return (value & 0x7fffffff) > 0x7f800000;
}

function float16Bits(value: number): number {
  const sign = (value >>> 16) & 0x8000;
  const magnitude = value & 0x7fffffff;
  if (isNaNBits(value)) return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff);
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 and more round to infinity
  const exponent = (magnitude >>> 23) - 127;
  if (exponent < -25) return sign;
  if (exponent >= -14) {
    const rebased = magnitude - ((127 - 15) << 23);
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  }
  // Subnormal in float16: the fraction, its leading one written out, counts units of 2^-24.
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const shift = -exponent - 1;
  const half = 2 ** (shift - 1);
  return sign | ((fraction + half - 1 + ((fraction >>> shift) & 1)) >>> shift);
}

/** float32 bits of every float16: 256 KiB that make widening one look-up. */
let float16Table: Uint32Array | undefined;

function makeFloat16Table(): Uint32Array {
  const values = new Float32Array(0x10000);
  for (let bits = 0; bits < 0x10000; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24;
    else values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  const table = new Uint32Array(values.buffer);
  // Infinities and NaN (exponent 31) are set by bits: a NaN's payload does not survive arithmetic.
  for (let bits = 0; bits < 0x10000; bits++) {
    if ((bits & 0x7c00) === 0x7c00) table[bits] = ((bits & 0x8000) << 16) | 0x7f800000 | ((bits & 0x3ff) << 13);
  }
  return table;
}
