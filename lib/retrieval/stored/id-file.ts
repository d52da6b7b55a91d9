/**
 * Ids of millions of rows in a file, each in as many bytes as the longest takes, so that one is read without the others.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';

/** Longer ones are no ids but texts. */
const LONGEST = 512;
const IDS_AT_ONCE = 65_536;

/** @returns bytes that each id takes */
export async function writeIds(file: string, ids: readonly string[]): Promise<number> {
  let width = 1;
  for (const id of ids) width = Math.max(width, Buffer.byteLength(id));
  if (width > LONGEST) throw new UserError(`an id has ${quantity(width, 'bytes')}: expected at most ${LONGEST}`);
  const handle = await open(file, 'w');
  try {
    for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
      const some = ids.slice(first, first + IDS_AT_ONCE);
      const bytes = Buffer.alloc(some.length * width);
      some.forEach((id, i) => {
        bytes.write(id, i * width);
      });
      await handle.write(bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return width;
}

/** Reads the id of a row. */
export async function readId(file: FileHandle, row: number, width: number): Promise<string> {
  const bytes = Buffer.alloc(width);
  await file.read(bytes, 0, width, row * width);
  return bytes.toString('utf8').replace(/\0+$/, '');
}
