/**
 * The 8-bit floating-point formats of checkpoints (Micikevicius et al., 2022, "FP8 Formats for Deep Learning"), to and
 * from float32.
 *
 *   E5M2   1 sign, 5 exponent, 2 fraction bits: the upper half of a float16, with infinities
 *   E4M3   1 sign, 4 exponent, 3 fraction bits: no infinities, one NaN; safetensors' F8_E4M3 is the "fn" variant
 *
 * Widening is exact; narrowing rounds to the nearest, ties to even, and keeps NaN. Values travel as their bits in a
 * Uint8Array.
 */
import { float16ToFloat32 } from './float-formats.js';

/** @param source [n] bit patterns  @param out [n]; may lie on the same memory where `source` is its last quarter */
export function float8E5M2ToFloat32(
  source: Uint8Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  e5m2 ??= float16ToFloat32(Uint16Array.from({ length: 256 }, (_, bits) => bits << 8));
  return lookedUp(source, e5m2, out);
}

/** As {@link float8E5M2ToFloat32}. */
export function float8E4M3ToFloat32(
  source: Uint8Array,
  out: Float32Array = new Float32Array(source.length),
): Float32Array {
  e4m3 ??= Float32Array.from({ length: 256 }, (_, bits) => {
    const sign = bits & 0x80 ? -1 : 1;
    const exponent = (bits >>> 3) & 0xf;
    const fraction = bits & 7;
    if (exponent === 0xf && fraction === 7) return Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7));
  });
  return lookedUp(source, e4m3, out);
}

/** Narrows float32 to E5M2; 61,440 and more become infinite. @returns [n] bit patterns */
export function float32ToFloat8E5M2(source: Float32Array): Uint8Array {
  const out = new Uint8Array(source.length);
  for (let i = 0; i < source.length; i++) out[i] = e5m2Bits(source[i]!);
  return out;
}

function e5m2Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7e;
  const sign = value < 0 || Object.is(value, -0) ? 0x80 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 61440) return sign | 0x7c;
  // a unit of the last place: four to a power of two, never finer than the subnormals' 2^-16
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1e-45)));
  const units = roundedToEven(magnitude * 2 ** (2 - exponent));
  // the units of a normal number begin at 4; as bits, each exponent above the lowest adds four
  return sign | (units + 4 * (exponent + 14));
}

/** Of a number that is exact in units of a fraction of one, as multiples of powers of two are. */
function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function lookedUp(source: Uint8Array, table: Float32Array, out: Float32Array): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = table[source[i]!]!;
  return out;
}

let e5m2: Float32Array | undefined;
let e4m3: Float32Array | undefined;
