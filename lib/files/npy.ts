/**
 * NumPy's .npy format, version 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), for matrices
 * of float32, int8 and uint8: a magic string, the length of the header, the header as a Python dictionary padded to a
 * multiple of 64, and the values in row-major order, little-endian.
 */

import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { agreeing, quantity } from '../core/quantity.js';
import { writeFileAtomic } from './atomic-file.js';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');

/** Types of values, as NumPy writes them, and what holds them. */
const TYPES = {
  '<f4': { name: 'float32', array: Float32Array },
  '|i1': { name: 'int8', array: Int8Array },
  '|u1': { name: 'uint8', array: Uint8Array },
} as const;
type NpyType = keyof typeof TYPES;

/** Values that a matrix may have. */
export type NpyValues = Float32Array | Int8Array | Uint8Array;

/** A matrix [rows, columns]. */
export interface NpyMatrix<Values extends NpyValues = NpyValues> {
  data: Values;
  shape: [number, number];
}

/** The bytes before the values of a matrix [rows, columns]. */
export function npyHeader(shape: readonly [number, number], type: NpyType = '<f4'): Buffer {
  const [rows, columns] = shape;
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const start = MAGIC.length + 2;
  const end = Math.ceil((start + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(end, ' ');
  MAGIC.copy(header);
  header.writeUInt16LE(end - start, MAGIC.length);
  header.write(dictionary, start, 'latin1');
  header.write('\n', end - 1);
  return header;
}

/** @param data [rows, columns]  @throws UserError where the data has another size */
export async function writeNpy(path: string, data: NpyValues, shape: readonly [number, number]): Promise<void> {
  const [rows, columns] = shape;
  if (data.length !== rows * columns) {
    throw new UserError(
      `${path}: ${quantity(data.length, 'values')} ${agreeing(data.length, 'does', 'do')} not make a matrix [${rows}, ${columns}]`,
    );
  }
  const type = (Object.keys(TYPES) as NpyType[]).find((one) => data instanceof TYPES[one].array) as NpyType;
  await writeFileAtomic(path, [npyHeader(shape, type), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** Reads a float32 matrix that {@link writeNpy} or `numpy.save` wrote. @throws UserError for any other type, order or rank */
export async function readNpy(path: string): Promise<NpyMatrix<Float32Array>> {
  const { data, shape } = await readNpyMatrix(path);
  if (data instanceof Float32Array) return { data, shape };
  const type = data instanceof Int8Array ? 'int8' : 'uint8';
  throw new UserError(
    `${path} holds ${type}: expected a float32 matrix in row-major order; codes of embeddings are read with readEmbeddings`,
  );
}

/** Bytes of a file that hold the header of any matrix. */
export const NPY_HEAD_BYTES = 4096;

/** What a header says: type and shape of the values, and where they begin. */
interface NpyLayout {
  type: NpyType;
  shape: [number, number];
  dataStart: number;
}

/** @param head the beginning of the file  @throws UserError for any other type, order or rank */
export function npyLayout(
  head: Buffer,
  path: string,
): { type: 'float32' | 'int8' | 'uint8' } & Omit<NpyLayout, 'type'> {
  const { type, ...layout } = parseHeader(head, path);
  return { ...layout, type: TYPES[type].name };
}

function parseHeader(bytes: Buffer, path: string): NpyLayout {
  const start = MAGIC.length + 2;
  if (bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new UserError(`${path} is not a .npy file of version 1.0: write it again with numpy.save`);
  }
  const dataStart = start + bytes.readUInt16LE(MAGIC.length);
  const header = bytes.toString('latin1', start, dataStart);
  const match = /^\{'descr': '(<f4|\|i1|\|u1)', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \}\s*$/.exec(header);
  if (!match) {
    throw new UserError(
      `${path} holds ${JSON.stringify(header.trim().slice(0, 200))}: expected a float32 matrix in row-major order (NumPy: matrix.astype('<f4', order='C')), or codes in int8 or uint8`,
    );
  }
  return { type: match[1] as NpyType, shape: [Number(match[2]), Number(match[3])], dataStart };
}

/** Reads a matrix of any type that {@link writeNpy} writes. @throws UserError for any other type, order or rank */
export async function readNpyMatrix(path: string): Promise<NpyMatrix> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`could not read ${path} (${error.code}): check the path`);
  });
  const { type, shape, dataStart } = parseHeader(bytes, path);
  const { array: Values } = TYPES[type];
  const expected = shape[0] * shape[1] * Values.BYTES_PER_ELEMENT;
  if (bytes.length - dataStart !== expected) {
    throw new UserError(
      `${path} has ${quantity(bytes.length - dataStart, 'bytes')} of values, expected ${expected}: write it again`,
    );
  }
  return { data: new Values(new Uint8Array(bytes.subarray(dataStart)).buffer), shape };
}
