/**
 * The one way to write a file whole: its name only ever shows the complete content. The content goes to a temporary file
 * beside it, which is flushed to the disk and then renamed; a process that is killed leaves the older file untouched.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { open, realpath, rm, stat } from 'node:fs/promises';
import { replaceFile, replaceFileSync, syncFile, writeAll } from './lasting.js';
import { unwritable } from './writing.js';

/** A text, bytes, or either in pieces. */
export type FileContent =
  | string
  | Uint8Array
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>
  | AsyncIterable<string>;

export interface AtomicWriteOptions {
  /** Permissions of a new file, before the umask; an existing one keeps its own. */
  mode?: number;
  /** Whether the content is on the disk when the call returns; false where a loss of power may lose it. */
  flush?: boolean;
}

/**
 * Writes a file whole or not at all.
 *
 * @throws UserError (WorkError for a full disk) naming the file; an older file of that name is then untouched
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  { mode = 0o666, flush = true }: AtomicWriteOptions = {},
): Promise<void> {
  // A link stays a link: what it leads to is written anew.
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const before = await stat(target).catch(() => null);
    const handle = await open(temporary, 'wx', before ? before.mode & 0o777 : mode);
    try {
      for await (const piece of piecesOf(content)) {
        await writeAll(handle, typeof piece === 'string' ? Buffer.from(piece) : piece);
      }
      if (flush) await syncFile(handle);
    } finally {
      await handle.close();
    }
    await replaceFile(temporary, target);
  } catch (error) {
    // on a drive that is gone the file cannot be removed either, and the first error tells more
    await rm(temporary, { force: true }).catch(() => undefined);
    // Errors of whoever makes the pieces are not about the file.
    throw typeof (error as NodeJS.ErrnoException).syscall === 'string' ? unwritable(path, error) : error;
  }
}

/** The same at once, for small files of callers that cannot wait; not flushed. @throws UserError as above */
export function writeFileAtomicSync(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    replaceFileSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, error);
  }
}

function piecesOf(content: FileContent): Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string> {
  return typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
}
