/**
 * A file of embeddings whose rows are read where they lie, some at a time: millions of them need no more memory than those
 * that are looked at. The operating system keeps what is read often.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
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
import { type EmbeddingMaker, makerIn } from './embedding-maker.js';
import {
  describedEmbeddings,
  descriptionFile,
  type EmbeddingDescription,
  idsOf,
  otherEncodings,
} from './embeddings.js';
import { NPY_HEAD_BYTES, npyLayout } from './npy.js';
import { openSafetensors } from './safetensors.js';

/** Embeddings in a file; n rows of d dimensions. */
export interface EmbeddingRows {
  readonly path: string;
  readonly precision: EmbeddingPrecision;
  readonly rows: number;
  readonly dimensions: number;
  /** Of the texts, where the file has them. */
  readonly ids: readonly string[] | null;
  /** Who made them, where the file says so. */
  readonly maker: EmbeddingMaker | null;
  /** Of the whole file. */
  readonly bytes: number;
  /**
   * Rows that lie together, as numbers [count, d]: codes become what they stand for.
   *
   * @throws UserError for a row that is no embedding: a number that is not finite, or zeros alone
   */
  read(from: number, count: number): Promise<Float32Array>;
  /** Rows that lie anywhere, in the order that is asked, as numbers [rows, d]. @throws UserError as `read` */
  pick(rows: ArrayLike<number>): Promise<Float32Array>;
  /** Reads all of it. @throws UserError where codes are not those that are described beside them */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/** Reads under way at once: enough for a drive to sort them. */
const READS_AT_ONCE = 64;
const ROWS_AT_ONCE = 8192;

interface Layout {
  dataStart: number;
  rows: number;
  dimensions: number;
  precision: EmbeddingPrecision;
  ranges: QuantizationRanges | null;
  ids: string[] | null;
  maker: EmbeddingMaker | null;
  /** SHA-256 of the values, where something beside the file says it. */
  digest: string | null;
  /** Whether nothing may follow the values. */
  isLast: boolean;
}

/** @throws UserError where the file is no embeddings, or is not as long as it says */
export async function openEmbeddingRows(path: string): Promise<EmbeddingRows> {
  const layout = await layoutOf(path);
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  const width = rowBytes(layout.precision, layout.dimensions);
  const expected = layout.dataStart + layout.rows * width;
  if (layout.isLast ? size !== expected : size < expected) {
    await handle.close();
    throw new UserError(`${path} has ${quantity(size, 'bytes')}, expected ${expected}: copy it again, or encode again`);
  }
  return rowsOf(path, handle, size, layout);
}

function rowsOf(path: string, handle: FileHandle, bytes: number, layout: Layout): EmbeddingRows {
  const { dataStart, rows, dimensions, precision, ranges, ids, maker, digest } = layout;
  const width = rowBytes(precision, dimensions);
  const readInto = async (target: Uint8Array, from: number): Promise<void> => {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await handle.read(target, done, target.length - done, dataStart + from * width + done);
      if (bytesRead === 0) throw new UserError(`${path} ended before row ${from}: it was changed while it was read`);
      done += bytesRead;
    }
  };
  const numbersOf = (raw: Uint8Array, rowAt: (place: number) => number): Float32Array => {
    const numbers = dequantizeRows(codesOf(raw, precision), dimensions, precision, ranges);
    if (precision === 'float32') checkRows(path, numbers, dimensions, rowAt);
    return numbers;
  };
  return {
    path,
    precision,
    rows,
    dimensions,
    ids,
    maker,
    bytes,
    async read(from, count) {
      const raw = new Uint8Array(count * width);
      await readInto(raw, from);
      return numbersOf(raw, (place) => from + place);
    },
    async pick(asked) {
      const raw = new Uint8Array(asked.length * width);
      for (let first = 0; first < asked.length; first += READS_AT_ONCE) {
        const some = Array.from({ length: Math.min(READS_AT_ONCE, asked.length - first) }, (_, i) => first + i);
        await Promise.all(
          some.map((place) => readInto(raw.subarray(place * width, (place + 1) * width), asked[place] as number)),
        );
      }
      return numbersOf(raw, (place) => asked[place] as number);
    },
    async verify() {
      if (digest === null) return;
      const hash = createHash('sha256');
      for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
        const raw = new Uint8Array(Math.min(ROWS_AT_ONCE, rows - from) * width);
        await readInto(raw, from);
        hash.update(raw);
      }
      if (hash.digest('hex') !== digest) throw otherEncodings(path);
    },
    close: () => handle.close(),
  };
}

/** @param rowAt the row of the file that lies at a place among these */
function checkRows(path: string, numbers: Float32Array, dimensions: number, rowAt: (place: number) => number): void {
  for (let start = 0; start < numbers.length; start += dimensions) {
    let isZero = true;
    for (let at = start; at < start + dimensions; at++) {
      const value = numbers[at] as number;
      if (!Number.isFinite(value)) {
        const row = rowAt(start / dimensions);
        throw new UserError(`row ${row} of ${path} holds ${value}: expected finite numbers only; encode again`);
      }
      if (value !== 0) isZero = false;
    }
    if (isZero) {
      const row = rowAt(start / dimensions);
      throw new UserError(
        `row ${row} of ${path} holds zeros alone, which is no embedding; leave it out, or encode again`,
      );
    }
  }
}

function codesOf(raw: Uint8Array, precision: EmbeddingPrecision): EmbeddingCodes {
  if (precision === 'float32') return new Float32Array(raw.buffer);
  return precision === 'int8' || precision === 'binary' ? new Int8Array(raw.buffer) : raw;
}

function layoutOf(path: string): Promise<Layout> {
  if (extname(path) === '.npy') return npyRows(path);
  if (extname(path) === '.safetensors') return safetensorsRows(path);
  throw new UserError(`${path}: expected embeddings in a file ending in .npy or .safetensors`);
}

async function npyRows(path: string): Promise<Layout> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`could not read ${path} (${error.code}): check the path`);
  });
  try {
    const head = Buffer.alloc(NPY_HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const { type, shape, dataStart } = npyLayout(head.subarray(0, bytesRead), path);
    const text = await readFile(descriptionFile(path), 'utf8').catch(() => null);
    const described: EmbeddingDescription | null = text === null ? null : describedEmbeddings(path, text);
    if (!described && type !== 'float32') {
      throw new UserError(
        `${path} holds ${type}, and ${descriptionFile(path)}, which says what that stands for, is missing`,
      );
    }
    const { precision = 'float32', dimensions = shape[1], ranges = null, ids = null } = described ?? {};
    const { sha256: digest = null, maker = null } = described ?? {};
    return checkedLayout(
      path,
      { dataStart, rows: shape[0], dimensions, precision, ranges, ids, maker, digest, isLast: true },
      type,
      shape[1],
    );
  } finally {
    await handle.close();
  }
}

const SAFETENSORS_TYPES: Readonly<Record<string, string>> = { F32: 'float32', I8: 'int8', U8: 'uint8' };

async function safetensorsRows(path: string): Promise<Layout> {
  const file = await openSafetensors(path);
  try {
    const entry = file.tensors.get('embeddings');
    const type = SAFETENSORS_TYPES[entry?.dtype ?? ''];
    if (entry?.shape.length !== 2 || type === undefined) {
      throw new UserError(`${path} has no tensor "embeddings" [n, d] in F32, I8 or U8: encode again`);
    }
    const [rows, columns] = entry.shape as [number, number];
    const precision =
      type === 'float32' ? 'float32' : EMBEDDING_PRECISIONS.find((one) => one === file.metadata.precision);
    if (!precision) throw new UserError(`${path} holds ${type} without the precision in its metadata: encode again`);
    const both = file.tensors.has('ranges') ? await file.readFloat32('ranges') : null;
    const ranges = both && { low: both.slice(0, both.length / 2), high: both.slice(both.length / 2) };
    const dimensions = precision === 'float32' ? columns : Number(file.metadata.dimensions);
    const layout = {
      dataStart: file.dataStart + entry.begin,
      rows,
      dimensions,
      precision,
      ranges,
      ids: idsOf(file.metadata),
      maker: makerIn(file.metadata),
      digest: null,
      isLast: false,
    };
    return checkedLayout(path, layout, type, columns);
  } finally {
    await file.close();
  }
}

const STORED_AS = { float32: 'float32', int8: 'int8', binary: 'int8', uint8: 'uint8', ubinary: 'uint8' } as const;

function checkedLayout(path: string, layout: Layout, type: string, columns: number): Layout {
  const { precision, dimensions, ranges, ids, rows } = layout;
  if (columns < 1) throw new UserError(`the embeddings of ${path} have no dimensions: encode again`);
  const width = precision === 'float32' ? dimensions : rowBytes(precision, dimensions);
  const lacksRanges = isScalar(precision) && (ranges?.low.length !== dimensions || ranges.high.length !== dimensions);
  if (type !== STORED_AS[precision] || columns !== width || lacksRanges || (ids && ids.length !== rows)) {
    throw otherEncodings(path);
  }
  return layout;
}
