/**
 * Writes a file of any size piece by piece so that its final name only ever shows the complete file: the pieces go to a
 * temporary file beside it, which is flushed to the disk and then renamed.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { WorkError } from '../core/errors.js';

/** One `write` call takes at most 2 GiB on Linux. */
const PIECE_BYTES = 64 * 1024 * 1024;

/** @throws WorkError naming the file where it can't be written; an older file of that name is then untouched */
export async function writeFileInPieces(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const piece of pieces) {
        for (let start = 0; start < piece.length; ) {
          const { bytesWritten } = await handle.write(piece, start, Math.min(PIECE_BYTES, piece.length - start));
          start += bytesWritten;
        }
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new WorkError(`could not write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
