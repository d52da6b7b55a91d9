/**
 * The header of a safetensors file: what it may say, and that it fits the data behind it. These are the checks of the
 * reference reader (https://github.com/huggingface/safetensors, safetensors/src/tensor.rs).
 */

import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { jsonProblem, parseJson } from './json.js';

/** Bits of one element, in the reference's order of types; its writer puts later ones first, so that all stay aligned. */
export const ELEMENT_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

export type SafetensorsType = keyof typeof ELEMENT_BITS;

/** Where a tensor lies; `begin` and `end` are bytes from the start of the data. */
export interface SafetensorsEntry {
  dtype: SafetensorsType;
  shape: number[];
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  tensors: Map<string, SafetensorsEntry>;
  metadata: Record<string, string>;
}

/**
 * @param bytes the JSON of the header  @param dataBytes how many bytes of the file follow it
 * @throws UserError naming the file, what is wrong, and the fix
 */
export function parseHeader(path: string, bytes: Uint8Array, dataBytes: number): SafetensorsHeader {
  let json: unknown;
  try {
    json = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw broken(path, `has a header that can't be read as JSON (${jsonProblem(error)})`);
  }
  if (!isRecord(json)) throw broken(path, 'has a header that is not a JSON object');
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw broken(path, 'has a __metadata__ that does not map text to text');
  }
  const tensors = new Map(Object.entries(entries).map(([name, value]) => [name, parseEntry(path, name, value)]));
  checkLayout(path, tensors, dataBytes);
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseEntry(path: string, name: string, value: unknown): SafetensorsEntry {
  if (!isRecord(value)) throw broken(path, `describes ${name} by ${JSON.stringify(value)}, not by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BITS, dtype)) {
    const known = Object.keys(ELEMENT_BITS).join(', ');
    throw new UserError(`${path}: ${name} has the unknown type ${JSON.stringify(dtype)}: expected one of ${known}`);
  }
  if (!isCountList(shape)) throw broken(path, `gives ${name} the shape ${JSON.stringify(shape)}`);
  if (!isCountList(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw broken(path, `gives ${name} the data_offsets ${JSON.stringify(offsets)}`);
  }
  const entry = { dtype: dtype as SafetensorsType, shape, begin: offsets[0]!, end: offsets[1]! };
  const bits = elementCount(shape) * ELEMENT_BITS[entry.dtype];
  if (bits !== (entry.end - entry.begin) * 8) {
    throw broken(
      path,
      `gives ${name} ${quantity(entry.end - entry.begin, 'bytes')}, where ${dtype} [${shape}] takes ${bits / 8}`,
    );
  }
  return entry;
}

/** The tensors must fill the data from first to last byte, without gap or overlap. */
function checkLayout(path: string, tensors: Map<string, SafetensorsEntry>, dataBytes: number): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const [name, entry] of inOrder) {
    if (entry.end > dataBytes) {
      throw broken(path, `is cut short: ${name} ends at byte ${entry.end} of the data, which has ${dataBytes}`);
    }
    if (entry.begin !== end) {
      throw broken(
        path,
        `has ${entry.begin < end ? 'an overlap' : 'a gap'} before ${name} (byte ${entry.begin}, not ${end})`,
      );
    }
    end = entry.end;
  }
  if (end !== dataBytes) throw broken(path, `has ${quantity(dataBytes - end, 'bytes')} after its last tensor`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Product of the sizes; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The error of a file that can't be what it claims to be. */
export function broken(path: string, what: string): UserError {
  return new UserError(`${path} ${what}: the file is damaged or not a safetensors file; download or make it again`);
}
