/**
 * The safetensors format (https://github.com/huggingface/safetensors): named tensors in one file.
 *
 *   8 bytes    length of the header, unsigned, little-endian
 *   header     JSON: name -> { dtype, shape, data_offsets: [begin, end] }, and "__metadata__": text -> text
 *   data       the tensors, row-major, little-endian, one after the other without gaps
 *
 * Reading checks all that the reference reader checks before a single value is used. Typed arrays are little-endian on
 * every machine Node runs an engine on, so bytes of a file become numbers without swapping.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { writeFileAtomic } from './atomic-file.js';
import { float32ToBfloat16 } from './float-formats.js';
import { refuseForeign } from './foreign-formats.js';
import {
  broken,
  ELEMENT_BITS,
  elementCount,
  parseHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsType,
} from './safetensors-header.js';
import { notNumbers, WIDENINGS } from './widening.js';

export { elementCount, type SafetensorsEntry, type SafetensorsType } from './safetensors-header.js';

/** Types that stored numbers can be read as, and what holds them: bfloat16 as bits. */
export interface NumberArrays {
  float32: Float32Array;
  bfloat16: Uint16Array;
}
export type NumberType = keyof NumberArrays;

/** Called as data arrives, with the bytes read since the last call. */
export type BytesListener = (bytes: number) => void;

export interface SafetensorsFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number; // byte from which the places of tensors count
  /** The stored bytes, in a buffer of their own that starts at offset 0. */
  readBytes(name: string, onBytes?: BytesListener): Promise<Uint8Array>;
  /** The values as float32. @throws UserError where the stored type is none of floating-point numbers of 8 bits and more */
  readFloat32(name: string, onBytes?: BytesListener): Promise<Float32Array>;
  /** The values as the bits of bfloat16 numbers: as stored, or rounded. @throws UserError as `readFloat32` */
  readBfloat16(name: string, onBytes?: BytesListener): Promise<Uint16Array>;
  close(): Promise<void>;
}

/** The values of a tensor in one of two types. @throws UserError as `readFloat32` */
export function readNumbers<Type extends NumberType>(
  file: SafetensorsFile,
  name: string,
  type: Type,
): Promise<NumberArrays[Type]> {
  const read: { [T in NumberType]: () => Promise<NumberArrays[T]> } = {
    float32: () => file.readFloat32(name),
    bfloat16: () => file.readBfloat16(name),
  };
  return read[type]();
}

/** The reference reader's limit: a longer header is an attack or no safetensors file. */
const MAX_HEADER_BYTES = 100_000_000;
/** Small enough for smooth progress, large enough that the call costs nothing. */
const READ_BYTES = 16 * 1024 * 1024;

/** Opens a file and checks its header. @throws UserError naming the file, what is wrong, and the fix */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new UserError(`could not read ${path} (${(error as NodeJS.ErrnoException).code}): check the path`);
  }
  try {
    const { tensors, metadata, dataStart } = await readHeader(handle, path);
    return new OpenSafetensorsFile(path, tensors, metadata, handle, dataStart);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class OpenSafetensorsFile implements SafetensorsFile {
  constructor(
    readonly path: string,
    readonly tensors: ReadonlyMap<string, SafetensorsEntry>,
    readonly metadata: Readonly<Record<string, string>>,
    private readonly handle: FileHandle,
    readonly dataStart: number,
  ) {}

  async readBytes(name: string, onBytes?: BytesListener): Promise<Uint8Array> {
    const { begin, end } = this.entry(name);
    const bytes = new Uint8Array(end - begin);
    await this.readInto(bytes, begin, onBytes);
    return bytes;
  }

  async readFloat32(name: string, onBytes?: BytesListener): Promise<Float32Array> {
    const { dtype, shape, begin, end } = this.entry(name);
    if (dtype === 'F64') return Float32Array.from(new Float64Array((await this.readBytes(name, onBytes)).buffer));
    const out = new Float32Array(elementCount(shape));
    const bytes = new Uint8Array(out.buffer);
    if (dtype === 'F32') {
      await this.readInto(bytes, begin, onBytes);
      return out;
    }
    const widen = WIDENINGS[dtype];
    if (!widen) throw notNumbers(this.path, name, dtype);
    // Read into the end of the result and widen in place, so that a tensor is never in memory twice.
    await this.readInto(bytes.subarray(bytes.length - (end - begin)), begin, onBytes);
    widen(out, bytes.length - (end - begin));
    return out;
  }

  async readBfloat16(name: string, onBytes?: BytesListener): Promise<Uint16Array> {
    if (this.entry(name).dtype !== 'BF16') return float32ToBfloat16(await this.readFloat32(name, onBytes));
    return new Uint16Array((await this.readBytes(name, onBytes)).buffer);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private entry(name: string): SafetensorsEntry {
    const entry = this.tensors.get(name);
    if (!entry) throw new UserError(`${this.path} has no tensor "${name}"`);
    return entry;
  }

  private async readInto(bytes: Uint8Array, begin: number, onBytes?: BytesListener): Promise<void> {
    await readFully(this.handle, this.path, bytes, this.dataStart + begin, onBytes);
  }
}

async function readFully(
  handle: FileHandle,
  path: string,
  bytes: Uint8Array,
  position: number,
  onBytes?: BytesListener,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(READ_BYTES, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw broken(path, `ends at byte ${position + done}, where a tensor should go on`);
    done += bytesRead;
    onBytes?.(bytesRead);
  }
}

/** Asked only where there is no header: the bytes of its length may be the mark of any format. */
async function refuseOtherFormats(handle: FileHandle, path: string, size: number): Promise<void> {
  const beginning = Buffer.alloc(Math.min(512, size));
  await readFully(handle, path, beginning, 0);
  refuseForeign(path, beginning, 'safetensors');
}

async function readHeader(handle: FileHandle, path: string): Promise<SafetensorsHeader & { dataStart: number }> {
  const info = await handle.stat();
  if (!info.isFile()) throw new UserError(`${path} is not a file: expected a safetensors file`);
  if (info.size < 8) throw broken(path, `has ${quantity(info.size, 'bytes')}, too few for a header`);
  const prefix = new Uint8Array(8);
  await readFully(handle, path, prefix, 0);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  const dataStart = 8 + Number(length);
  const isTooLong = length > BigInt(MAX_HEADER_BYTES);
  if (isTooLong || dataStart > info.size) {
    await refuseOtherFormats(handle, path, info.size);
    throw isTooLong
      ? broken(path, `announces a header of ${quantity(Number(length), 'bytes')}, over the limit`)
      : broken(path, `has ${quantity(info.size, 'bytes')}, fewer than its header of ${dataStart}`);
  }
  const bytes = new Uint8Array(Number(length));
  await readFully(handle, path, bytes, 8);
  return { ...parseHeader(path, bytes, info.size - dataStart), dataStart };
}

/** A tensor to write; floats of 16 and 8 bits as their bits. */
export type SafetensorsTensor = { shape: readonly number[] } & (
  | { dtype: 'F32'; data: Float32Array }
  | { dtype: 'BF16' | 'F16'; data: Uint16Array }
  | { dtype: 'F8_E5M2'; data: Uint8Array }
  | { dtype: 'I32'; data: Int32Array }
  | { dtype: 'I64'; data: BigInt64Array }
  | { dtype: 'I8'; data: Int8Array }
  | { dtype: 'U8'; data: Uint8Array }
);

/**
 * Writes a file atomically, byte for byte as the reference does: tensors by type (wider first), then by name; the header
 * padded with spaces to a multiple of 8. Equal content gives equal bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: Record<string, SafetensorsTensor>,
  metadata?: Record<string, string>,
): Promise<void> {
  const types = Object.keys(ELEMENT_BITS);
  const inOrder = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) => types.indexOf(b.dtype) - types.indexOf(a.dtype) || (nameA < nameB ? -1 : 1),
  );
  for (const [name, { shape, data }] of inOrder) {
    if (elementCount(shape) !== data.length) {
      throw new UserError(
        `${path}: ${name} has ${quantity(data.length, 'values')}, where its shape [${shape}] has ${elementCount(shape)}`,
      );
    }
  }
  const header = safetensorsHeader(
    inOrder.map(([name, { dtype, shape, data }]) => ({ name, dtype, shape, bytes: data.byteLength })),
    metadata,
  );
  const data = inOrder.map(
    ([, tensor]) => new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength),
  );
  await writeFileAtomic(path, [header, ...data]);
}

/** All that stands before the values: their places, in the order given, padded with spaces to a multiple of 8. */
export function safetensorsHeader(
  tensors: readonly { name: string; dtype: SafetensorsType; shape: readonly number[]; bytes: number }[],
  metadata?: Record<string, string>,
): Buffer {
  const header = Object.create(null) as Record<string, unknown>;
  if (metadata) {
    header.__metadata__ = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    const begin = end;
    end += bytes;
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const file = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  file.writeBigUInt64LE(BigInt(file.length - 8));
  json.copy(file, 8);
  return file;
}
