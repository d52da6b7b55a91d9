/**
 * Rows of a Parquet file (https://parquet.apache.org/docs/file-format), one row group at a time, so that a file of gigabytes
 * takes the memory of a group. Pages in Snappy, gzip and Brotli are read, and in Zstandard where Node.js can.
 */
import { open } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import {
  asyncBufferFromFile,
  type Compressors,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { UserError } from '../core/errors.js';

export interface ParquetFile {
  /** Names of the columns. */
  columns: string[];
  /** The rows in order; whole numbers of 64 bits are bigints, lists are arrays. */
  rows(): AsyncGenerator<Record<string, unknown>>;
}

const MAGIC = 'PAR1';

/** Whether a file begins as Parquet does; false where it cannot be read. */
export async function isParquet(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => null);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead) === MAGIC;
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/** @throws UserError if the file is damaged or cut off, or of a compression that is not read */
export async function openParquet(path: string): Promise<ParquetFile> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    return {
      columns: parquetSchema(metadata).children.map(({ element }) => element.name),
      async *rows() {
        let rowStart = 0;
        for (const group of metadata.row_groups) {
          const rowEnd = rowStart + Number(group.num_rows);
          const options = { file, metadata, rowStart, rowEnd, compressors: compressors(path) };
          let rows: Record<string, unknown>[];
          try {
            rows = (await parquetReadObjects(options)) as Record<string, unknown>[];
          } catch (error) {
            throw damaged(path, error);
          }
          yield* rows;
          rowStart = rowEnd;
        }
      },
    };
  } catch (error) {
    throw damaged(path, error);
  }
}

type Decompress = (bytes: Uint8Array) => Uint8Array;

/** Snappy is read without help. */
function compressors(path: string): Compressors {
  const zstd = (zlib as unknown as { zstdDecompressSync?: Decompress }).zstdDecompressSync;
  const refuse = (name: string) => (): never => {
    throw new UserError(
      `"${path}" is compressed with ${name}, which is not read here: write it again with compression="snappy"`,
    );
  };
  return {
    GZIP: (bytes) => zlib.gunzipSync(bytes),
    BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
    ZSTD: zstd ?? refuse('Zstandard'),
    LZ4: refuse('LZ4'),
    LZ4_RAW: refuse('LZ4'),
    LZO: refuse('LZO'),
  };
}

function damaged(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    `"${path}" cannot be read as Parquet (${(error as Error).message}): write it again, or download it again`,
  );
}
