/**
 * Files of embeddings in any precision (core/quantization.ts), and what says how to read them: numbers of 8 bits mean
 * nothing without their precision, and int8 and uint8 nothing without the ranges that they were calibrated on.
 *
 *   NAME.npy           values; NAME.npy.json beside it where they are codes: precision, dimensions, ranges
 *   NAME.safetensors   tensor "embeddings"; "ranges" [2, d], least and greatest; precision and dimensions as metadata
 */

import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import {
  dequantizeRows,
  EMBEDDING_PRECISIONS,
  type EmbeddingCodes,
  type EmbeddingPrecision,
  isScalar,
  type QuantizationRanges,
  rowBytes,
} from '../core/quantization.js';
import { writeFileAtomic } from './atomic-file.js';
import { type EmbeddingMaker, makerIn } from './embedding-maker.js';
import { jsonObjectOf, parseJson } from './json.js';
import { readNpyMatrix, writeNpy } from './npy.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from './safetensors.js';

/** Embeddings as a file holds them. */
export interface StoredEmbeddings {
  precision: EmbeddingPrecision;
  rows: number;
  /** Of an embedding, whatever bytes it takes. */
  dimensions: number;
  /** [rows, dimensions], or [rows, dimensions / 8] bytes of bits. */
  codes: EmbeddingCodes;
  /** What int8 and uint8 were calibrated on; null for the others. */
  ranges: QuantizationRanges | null;
  /** Of the texts, where the file has them. */
  ids: string[] | null;
}

/** The JSON beside a .npy file of codes. */
const descriptionSchema = z.object({
  formatVersion: z.literal(1),
  precision: z.enum(EMBEDDING_PRECISIONS),
  dimensions: z.number().int().min(1),
  ranges: z.object({ low: z.array(z.number()), high: z.array(z.number()) }).nullable(),
  /** SHA-256 of the values: another file of the same shape must not be read by these ranges. */
  sha256: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** The name of what says how to read a .npy file of codes. */
export const descriptionFile = (path: string): string => `${path}.json`;

/** Writes codes with what is needed to read them. @param metadata for people, and for safetensors files */
export async function writeEmbeddings(
  path: string,
  { precision, rows, dimensions, codes, ranges }: Omit<StoredEmbeddings, 'ids'>,
  metadata: Record<string, string> = {},
): Promise<void> {
  const shape: [number, number] = [rows, precision === 'float32' ? dimensions : rowBytes(precision, dimensions)];
  if (extname(path) === '.npy') {
    const described = ranges && { low: [...ranges.low], high: [...ranges.high] };
    const description = {
      formatVersion: 1,
      precision,
      dimensions,
      ranges: described,
      sha256: digestOf(codes),
      metadata,
    };
    // before the values: a file of codes is never without its description
    await writeFileAtomic(descriptionFile(path), `${JSON.stringify(description)}\n`);
    return writeNpy(path, codes, shape);
  }
  const stacked = ranges && new Float32Array([...ranges.low, ...ranges.high]);
  await writeSafetensors(
    path,
    {
      embeddings: codesTensor(codes, shape),
      ...(stacked && { ranges: { dtype: 'F32' as const, shape: [2, dimensions], data: stacked } }),
    },
    { ...metadata, precision, dimensions: String(dimensions) },
  );
}

function codesTensor(data: EmbeddingCodes, shape: [number, number]): SafetensorsTensor {
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  return data instanceof Int8Array ? { dtype: 'I8', shape, data } : { dtype: 'U8', shape, data };
}

/** Removes what an earlier file of codes has left beside a name that now takes float32. */
export async function removeDescription(path: string): Promise<void> {
  await rm(descriptionFile(path), { force: true });
}

/**
 * Reads a file of embeddings that `encode` or {@link writeEmbeddings} wrote; `numpy.save` for float32 too.
 *
 * @throws UserError for codes without the precision and ranges that they need, or that do not fit them
 */
export async function readEmbeddings(path: string): Promise<StoredEmbeddings> {
  if (extname(path) === '.npy') return readNpyEmbeddings(path);
  if (extname(path) === '.safetensors') return readSafetensorsEmbeddings(path);
  throw new UserError(`${path}: expected embeddings in a file ending in .npy or .safetensors`);
}

/** Embeddings as float32 [rows, dimensions], whatever they are stored in: codes become the numbers that they stand for. */
export function embeddingVectors({ codes, dimensions, precision, ranges }: StoredEmbeddings): Float32Array {
  return dequantizeRows(codes, dimensions, precision, ranges);
}

async function readNpyEmbeddings(path: string): Promise<StoredEmbeddings> {
  const { data, shape } = await readNpyMatrix(path);
  const text = await readFile(descriptionFile(path), 'utf8').catch(() => null);
  if (text === null) {
    if (data instanceof Float32Array) {
      return { precision: 'float32', rows: shape[0], dimensions: shape[1], codes: data, ranges: null, ids: null };
    }
    const type = data instanceof Int8Array ? 'int8' : 'uint8';
    throw new UserError(
      `${path} holds ${type}, and ${descriptionFile(path)}, which says what that stands for, is missing: copy it beside the file, or encode again`,
    );
  }
  const described = describedEmbeddings(path, text);
  const { precision, dimensions, ids, ranges } = described;
  if (described.sha256 !== digestOf(data)) throw otherEncodings(path);
  return checked(path, { precision, rows: shape[0], dimensions, codes: data, ranges, ids }, shape[1]);
}

/** What the JSON beside a .npy file of codes says. */
export type EmbeddingDescription = Pick<StoredEmbeddings, 'precision' | 'dimensions' | 'ranges' | 'ids'> & {
  sha256: string;
  maker: EmbeddingMaker | null;
};

/** @param text of the JSON beside the file  @throws UserError where it describes no embeddings */
export function describedEmbeddings(path: string, text: string): EmbeddingDescription {
  const parsed = descriptionSchema.safeParse(jsonObjectOf(text));
  if (!parsed.success) {
    throw new UserError(`${descriptionFile(path)} does not describe embeddings: encode again, or remove it`);
  }
  const { precision, dimensions, metadata, sha256, ranges } = parsed.data;
  const both = ranges && { low: Float32Array.from(ranges.low), high: Float32Array.from(ranges.high) };
  return { precision, dimensions, ranges: both, ids: idsOf(metadata), sha256, maker: makerIn(metadata) };
}

async function readSafetensorsEmbeddings(path: string): Promise<StoredEmbeddings> {
  const file = await openSafetensors(path);
  try {
    const entry = file.tensors.get('embeddings');
    if (entry?.shape.length !== 2) throw new UserError(`${path} has no tensor "embeddings" [n, d]`);
    const [rows, columns] = entry.shape as [number, number];
    const stored = { rows, ids: idsOf(file.metadata) };
    if (entry.dtype !== 'I8' && entry.dtype !== 'U8') {
      const codes = await file.readFloat32('embeddings');
      return checked(path, { ...stored, precision: 'float32', dimensions: columns, codes, ranges: null }, columns);
    }
    const named = EMBEDDING_PRECISIONS.find((one) => one === file.metadata.precision);
    if (!named) {
      throw new UserError(
        `${path} holds ${entry.dtype} without the precision in its metadata: expected ${EMBEDDING_PRECISIONS.join(', ')}; encode again`,
      );
    }
    const bytes = await file.readBytes('embeddings');
    const codes = entry.dtype === 'I8' ? new Int8Array(bytes.buffer) : bytes;
    const dimensions = Number(file.metadata.dimensions);
    const both = file.tensors.has('ranges') ? await file.readFloat32('ranges') : null;
    const ranges = both && { low: both.slice(0, both.length / 2), high: both.slice(both.length / 2) };
    return checked(path, { ...stored, precision: named, dimensions, codes, ranges }, columns);
  } finally {
    await file.close();
  }
}

/** @param columns of the stored matrix */
function checked(path: string, stored: StoredEmbeddings, columns: number): StoredEmbeddings {
  const { precision, dimensions, codes, ranges } = stored;
  const Values = { float32: Float32Array, int8: Int8Array, binary: Int8Array, uint8: Uint8Array, ubinary: Uint8Array };
  const width = precision === 'float32' ? dimensions : rowBytes(precision, dimensions);
  if (!(codes instanceof Values[precision]) || columns !== width) {
    throw otherEncodings(path);
  }
  if (isScalar(precision) && (ranges?.low.length !== dimensions || ranges.high.length !== dimensions)) {
    throw new UserError(
      `${path} holds ${precision} without the ranges of its ${quantity(dimensions, 'dimensions')}: encode again`,
    );
  }
  return stored;
}

/** The error for values and a description that do not belong together. */
export function otherEncodings(path: string): UserError {
  return new UserError(
    `${path} is not what is said of it: values and description are of different encodings; encode again`,
  );
}

function digestOf(codes: EmbeddingCodes): string {
  return createHash('sha256')
    .update(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength))
    .digest('hex');
}

/** Ids of the texts, where the metadata of a file have them. */
export function idsOf(metadata: Readonly<Record<string, string>>): string[] | null {
  return metadata.ids === undefined ? null : (parseJson(metadata.ids) as string[]);
}
