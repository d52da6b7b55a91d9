/**
 * The few places of FAISS' index files that the addon has no function for: writing a flat index (the addon takes
 * vectors only as plain arrays, number by number), and setting efSearch and nprobe (it has no setter).
 * The layout is that of faiss/impl/index_write.cpp, the same from 1.5 to 1.12; all numbers are little-endian.
 *
 *   header  fourcc, d int32, n int64, 2 x int64 unused, is_trained byte, metric int32
 *   IxFI    header, count of floats int64, floats
 *   IHNf    header, vectors of the graph (probabilities, neighbours per level, levels, offsets, neighbours),
 *           entry point, levels, efConstruction, efSearch, beam: int32 each, then the IxFI of the vectors
 *   IwFl    header, nlist int64, nprobe int64, ...
 */
import { WorkError } from '../../core/errors.js';

const HEADER_BYTES = 37;
/** Bytes before the vectors of a flat index file. */
export const FLAT_HEADER_BYTES = HEADER_BYTES + 8;
const INNER_PRODUCT = 0;
const UNUSED = 1n << 20n;

/** What comes before the n x d floats in the file of a flat inner-product index. */
export function flatHeader(n: number, d: number): Buffer {
  const out = Buffer.alloc(FLAT_HEADER_BYTES);
  out.write('IxFI', 0, 'latin1');
  out.writeInt32LE(d, 4);
  out.writeBigInt64LE(BigInt(n), 8);
  out.writeBigInt64LE(UNUSED, 16);
  out.writeBigInt64LE(UNUSED, 24);
  out.writeUInt8(1, 32);
  out.writeInt32LE(INNER_PRODUCT, 33);
  out.writeBigUInt64LE(BigInt(n) * BigInt(d), HEADER_BYTES);
  return out;
}

/** Shape of the flat index in a file's first bytes, or null if that is not what the file holds. */
export function readFlatHeader(bytes: Buffer): { n: number; d: number } | null {
  if (bytes.length < FLAT_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'IxFI') return null;
  const d = bytes.readInt32LE(4);
  const n = Number(bytes.readBigInt64LE(8));
  return Number(bytes.readBigUInt64LE(HEADER_BYTES)) === n * d ? { n, d } : null;
}

/** Sets how many graph nodes an HNSW search keeps in view; FAISS' default of 16 misses near neighbours. */
export function setEfSearch(index: Buffer, efSearch: number): void {
  expectKind(index, 'IHNf');
  let at = HEADER_BYTES;
  for (const width of [8, 4, 4, 8, 4]) at += 8 + Number(index.readBigUInt64LE(at)) * width;
  // entry point, highest level, efConstruction: the last one's default says whether this is the right place
  at += 8;
  if (index.readInt32LE(at) !== 40 || index.readInt32LE(at + 4) !== 16) throw unknownLayout('efSearch');
  index.writeInt32LE(efSearch, at + 4);
}

/** Sets how many cells an IVF search looks into. */
export function setProbes(index: Buffer, probes: number): void {
  expectKind(index, 'IwFl');
  if (index.readBigUInt64LE(HEADER_BYTES + 8) !== 1n) throw unknownLayout('nprobe');
  index.writeBigUInt64LE(BigInt(probes), HEADER_BYTES + 8);
}

/** Where the file of an index of cells with product codes keeps how many cells a search looks into. @param head of the file */
export function probesPlace(head: Buffer, cells: number): number {
  expectKind(head, 'IwPQ');
  if (head.readBigUInt64LE(HEADER_BYTES) !== BigInt(cells)) throw unknownLayout('nprobe');
  return HEADER_BYTES + 8;
}

function expectKind(index: Buffer, fourcc: string): void {
  const found = index.toString('latin1', 0, 4);
  if (found !== fourcc) throw new WorkError(`FAISS wrote an index of kind "${found}": expected "${fourcc}"`);
}

function unknownLayout(what: string): WorkError {
  return new WorkError(`${what} is not where this FAISS version is known to keep it: use the index "flat"`);
}
