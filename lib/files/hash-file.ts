/** The content of a file into a hash, in pieces, so that a model of gigabytes takes no memory. */
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export async function hashFile(hash: Hash, path: string): Promise<void> {
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
}
