/**
 * Opens a file as a stream of its uncompressed bytes: plain, gzip or zip, told apart by the first bytes, not by the
 * name.
 */

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import crc from 'crc-32';
import { type Entry, openPromise as openZip, type ZipFile } from 'yauzl';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { asUtf8 } from './text-encoding.js';

/** Bytes read at a time; larger chunks do not make it faster. */
const CHUNK_BYTES = 2 ** 18;

/** First bytes of an archive, and of one without files; a text may begin with "PK". */
const ZIP_MAGICS = ['504b0304', '504b0506'];
/** First bytes of compressions that are not read, by name. */
const OTHER_MAGICS: Record<string, string> = {
  '425a68': 'bzip2',
  fd377a58: 'xz',
  '28b52ffd': 'zstd',
  '377abcaf': '7z',
};

export interface ByteStream {
  chunks: AsyncIterable<Buffer>;
  /** Bytes of the file as it lies on disk. */
  totalBytes: number;
  /** How many of those have been read so far. */
  bytesRead: () => number;
}

/** @throws UserError if the file is missing, unreadable, empty or a folder */
export async function openBytes(path: string): Promise<ByteStream> {
  const totalBytes = await sizeOf(path);
  const magic = await firstBytes(path, 4);
  const start = magic.toString('hex');
  if (ZIP_MAGICS.includes(start)) return openZipped(path);
  const other = Object.keys(OTHER_MAGICS).find((bytes) => start.startsWith(bytes));
  if (other !== undefined && (other !== '425a68' || /[1-9]/.test(magic.toString('latin1', 3, 4)))) {
    throw new UserError(
      `"${path}" is compressed with ${OTHER_MAGICS[other]}: expected plain text, gzip or zip; unpack it first`,
    );
  }
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const isGzip = magic[0] === 0x1f && magic[1] === 0x8b;
  const chunks = isGzip ? decompressed(path, file) : readable(path, file);
  return { chunks, totalBytes, bytesRead: () => file.bytesRead };
}

/** The same as UTF-8 text: see {@link asUtf8}. @throws UserError as {@link openBytes}, and for an encoding that is not read */
export async function openText(path: string): Promise<ByteStream> {
  const source = await openBytes(path);
  return { ...source, chunks: asUtf8(path, source.chunks) };
}

async function sizeOf(path: string): Promise<number> {
  let info: Awaited<ReturnType<typeof stat>>;
  try {
    info = await stat(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!info.isFile())
    throw new UserError(
      `"${path}" is not a file: expected a text file, plain or compressed (.gz, .zip); name a file in it`,
    );
  if (info.size === 0) throw new UserError(`"${path}" is empty: expected lines of text; write or download it again`);
  return info.size;
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* readable(path: string, file: Readable): AsyncGenerator<Buffer> {
  try {
    yield* file as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* decompressed(path: string, file: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The callback keeps a failure from being thrown outside the loop; the loop receives the same error.
  pipeline(file, gunzip, () => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
      throw damaged(path, error);
    }
    throw unreadable(path, error);
  } finally {
    gunzip.destroy();
    file.destroy();
  }
}

/** The one file of the archive. Counts uncompressed bytes. */
async function openZipped(path: string): Promise<ByteStream> {
  let archive: ZipFile;
  const entries: Entry[] = [];
  try {
    archive = await openZip(path, { autoClose: false });
    for await (const entry of archive.eachEntry()) if (isContent(entry)) entries.push(entry);
  } catch (error) {
    throw damaged(path, error);
  }
  const [entry, second] = entries;
  if (entry === undefined || second !== undefined) {
    archive.close();
    if (entry === undefined) {
      throw new UserError(`"${path}" holds no file: expected a zip archive with a file in it`);
    }
    throw new UserError(
      `"${path}" holds ${quantity(entries.length, 'files')}, "${entry.fileName}" and "${second?.fileName}" among them: expected one; unpack it and name the file`,
    );
  }
  const progress = { bytes: 0 };
  return {
    chunks: unzipped(path, archive, entry, progress),
    totalBytes: entry.uncompressedSize,
    bytesRead: () => progress.bytes,
  };
}

/** Empty files, folders, and what macOS puts beside files are no content. */
function isContent({ fileName, uncompressedSize }: Entry): boolean {
  return uncompressedSize > 0 && !/^__MACOSX\/|(^|\/)\.DS_Store$/.test(fileName);
}

async function* unzipped(
  path: string,
  archive: ZipFile,
  entry: Entry,
  progress: { bytes: number },
): AsyncGenerator<Buffer> {
  let checksum = 0;
  try {
    for await (const chunk of (await archive.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      progress.bytes += chunk.length;
      checksum = crc.buf(chunk, checksum);
      yield chunk;
    }
    if (checksum >>> 0 !== entry.crc32 >>> 0) throw new Error(`the checksum of ${entry.fileName} does not match`);
  } catch (error) {
    throw damaged(path, error);
  } finally {
    archive.close();
  }
}

function damaged(path: string, error: unknown): UserError {
  return new UserError(`"${path}" is damaged or cut off (${(error as Error).message}): download it again`);
}

function unreadable(path: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : message;
  return new UserError(`cannot read "${path}": ${reason}; check the path`);
}
