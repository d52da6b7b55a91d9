/** Stored floating-point numbers of fewer than 32 bits, made float32 where they lie. */
import { UserError } from '../core/errors.js';
import { bfloat16ToFloat32, float16ToFloat32 } from './float-formats.js';
import { float8E4M3ToFloat32, float8E5M2ToFloat32 } from './float8.js';
import type { SafetensorsType } from './safetensors-header.js';

/** How numbers stored at the end of a buffer, from a byte on, become the float32 that fill it. */
export const WIDENINGS: Partial<Record<SafetensorsType, (out: Float32Array, from: number) => void>> = {
  BF16: (out, from) => bfloat16ToFloat32(new Uint16Array(out.buffer, from, out.length), out),
  F16: (out, from) => float16ToFloat32(new Uint16Array(out.buffer, from, out.length), out),
  F8_E5M2: (out, from) => float8E5M2ToFloat32(new Uint8Array(out.buffer, from, out.length), out),
  F8_E4M3: (out, from) => float8E4M3ToFloat32(new Uint8Array(out.buffer, from, out.length), out),
};

/** The error of a tensor that holds none of these. */
export function notNumbers(path: string, name: string, dtype: SafetensorsType): UserError {
  const known = Object.keys(WIDENINGS).join(', ');
  return new UserError(
    `${path}: ${name} has type ${dtype}: expected F32, F64 or ${known}; take a checkpoint that is not quantised`,
  );
}
