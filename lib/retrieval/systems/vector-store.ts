/**
 * Vectors on disk, found again by key: the store below the embedding cache. One folder a model; in it segment files,
 * each written whole under its final name, so that parallel and interrupted writers leave nothing half done:
 *
 *   store.json      what the folder is for, for people
 *   <name>.vectors  magic "EMB1", d uint32, then records: key 16 bytes, d floats, CRC-32 of both; little-endian
 *
 * Everything here can be deleted at any time; what is gone is computed again.
 */

import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import crc32 from 'crc-32';
import { WorkError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';

const MAGIC = 'EMB1';
const HEADER_BYTES = 8;
const KEY_BYTES = 16;
const CRC_BYTES = 4;
// Segments are merged when a folder has this many, so that opening it stays quick.
const MOST_SEGMENTS = 24;
const HOUR = 3600 * 1000;
/** What was paid for, or made from private text, is for its owner alone. */
const PRIVATE = 0o600;

export interface VectorStore {
  /** Length of the vectors; null while there is none. */
  readonly dimensions: number | null;
  /** The vector of a key, or undefined. */
  get(key: string): Float32Array | undefined;
  /** Writes vectors to disk and remembers them. @param vectors [keys, d] */
  add(keys: readonly string[], vectors: Float32Array): void;
}

/** Key of a text: 128 bits of its hash, in hexadecimal. */
export function embeddingKey(...parts: string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}

/** Opens, or makes, the store in a folder; damaged records and files are left out. */
export function openVectorStore(
  folder: string,
  description: Record<string, unknown>,
  onProblem: (text: string) => void = () => {},
): VectorStore {
  let canWrite = true;
  /** Where the disk fails, vectors are known for as long as the process lives. */
  const attempt = (write: () => void): void => {
    if (!canWrite) return;
    try {
      write();
    } catch (error) {
      canWrite = false;
      onProblem(
        `could not keep embeddings in ${folder}, so they are made again next time: ${(error as Error).message}`,
      );
    }
  };
  attempt(() => {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeAbandoned(folder);
  });
  const known = new Map<string, Float32Array>();
  let dimensions: number | null = null;
  const segments = segmentFiles(folder);
  for (const file of segments) {
    const read = readSegment(file, dimensions);
    if (!read) continue;
    dimensions = read.dimensions;
    for (const [key, vector] of read.vectors) known.set(key, vector);
  }
  const label = path.join(folder, 'store.json');
  attempt(() => {
    if (!fs.existsSync(label)) fs.writeFileSync(label, `${JSON.stringify(description, null, 2)}\n`, { mode: PRIVATE });
    else fs.utimesSync(label, new Date(), new Date());
    if (segments.length <= MOST_SEGMENTS || dimensions === null) return;
    writeSegment(folder, dimensions, known);
    for (const file of segments) fs.rmSync(file, { force: true });
  });
  return {
    get dimensions() {
      return dimensions;
    },
    get: (key) => known.get(key),
    add(keys, vectors) {
      if (keys.length === 0) return;
      const d = vectors.length / keys.length;
      if (dimensions !== null && d !== dimensions) {
        throw new WorkError(
          `vectors of ${quantity(d, 'numbers')} do not belong to the ${dimensions}-dimensional ones in ${folder}`,
        );
      }
      dimensions = d;
      const added = new Map(keys.map((key, i) => [key, vectors.slice(i * d, (i + 1) * d)]));
      attempt(() => writeSegment(folder, d, added));
      for (const [key, vector] of added) known.set(key, vector);
    },
  };
}

/**
 * Deletes the least recently used stores below a folder until they take no more than a number of bytes.
 *
 * @param keep name of the store that is in use
 */
export function boundStores(parent: string, maxBytes: number, keep: string): void {
  if (!fs.existsSync(parent)) return;
  const stores = fs.readdirSync(parent, { withFileTypes: true }).flatMap((entry) => {
    const folder = path.join(parent, entry.name);
    const label = fs.statSync(path.join(folder, 'store.json'), { throwIfNoEntry: false });
    // Folders without the label are not ours to delete.
    if (!entry.isDirectory() || !label) return [];
    const bytes = segmentFiles(folder).reduce(
      (sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return [{ folder, bytes, used: entry.name === keep ? Number.POSITIVE_INFINITY : label.mtimeMs }];
  });
  let total = stores.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, bytes, used } of stores.sort((a, b) => a.used - b.used)) {
    if (total <= maxBytes || used === Number.POSITIVE_INFINITY) return;
    fs.rmSync(folder, { recursive: true, force: true });
    total -= bytes;
  }
}

/** What interrupted writers left; younger files may belong to one that is still writing. */
function removeAbandoned(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const written = name.endsWith('.tmp') ? fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (written !== undefined && Date.now() - written > HOUR) fs.rmSync(file, { force: true });
  }
}

function segmentFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.vectors'));
  return names.sort().map((name) => path.join(folder, name));
}

/**
 * Records whose checksum holds and whose numbers are finite. Null for a file without any, a file that is no
 * segment, or one of another vector length.
 */
function readSegment(
  file: string,
  expected: number | null,
): { dimensions: number; vectors: [string, Float32Array][] } | null {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch {
    return null; // merged away by another process in the meantime
  }
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) return null;
  const dimensions = bytes.readUInt32LE(4);
  if (dimensions === 0 || (expected !== null && expected !== dimensions)) return null;
  const size = recordBytes(dimensions);
  const vectors: [string, Float32Array][] = [];
  for (let at = HEADER_BYTES; at + size <= bytes.length; at += size) {
    const content = bytes.subarray(at, at + size - CRC_BYTES);
    if (crc32.buf(content) !== bytes.readInt32LE(at + size - CRC_BYTES)) continue;
    const start = content.byteOffset + KEY_BYTES;
    const floats = content.buffer.slice(start, start + 4 * dimensions);
    const vector = new Float32Array(floats as ArrayBuffer);
    if (vector.every(Number.isFinite)) vectors.push([content.toString('hex', 0, KEY_BYTES), vector]);
  }
  return vectors.length === 0 ? null : { dimensions, vectors };
}

function writeSegment(folder: string, dimensions: number, vectors: ReadonlyMap<string, Float32Array>): void {
  const size = recordBytes(dimensions);
  const bytes = Buffer.alloc(HEADER_BYTES + vectors.size * size);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(dimensions, 4);
  let at = HEADER_BYTES;
  for (const [key, vector] of vectors) {
    bytes.write(key, at, 'hex');
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at + KEY_BYTES);
    bytes.writeInt32LE(crc32.buf(bytes.subarray(at, at + size - CRC_BYTES)), at + size - CRC_BYTES);
    at += size;
  }
  const name = path.join(folder, randomUUID());
  try {
    fs.writeFileSync(`${name}.tmp`, bytes, { mode: PRIVATE });
    fs.renameSync(`${name}.tmp`, `${name}.vectors`);
  } catch (error) {
    fs.rmSync(`${name}.tmp`, { force: true });
    throw error;
  }
}

function recordBytes(dimensions: number): number {
  return KEY_BYTES + 4 * dimensions + CRC_BYTES;
}
