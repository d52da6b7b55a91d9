/**
 * Making bytes and names last, on drives that are no local disks as well: network and removable drives may know no fsync,
 * or refuse to rename over a file that is there.
 */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, type FileHandle, link, rename, rm, stat } from 'node:fs/promises';

const UNKNOWN_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];
const UNKNOWN_LINK = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
const REFUSED_RENAME = ['EEXIST', 'EPERM', 'EACCES'];

/** Waits until a file is on the disk. Where the drive knows no fsync, the file is as lasting as it can be. */
export async function syncFile(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    if (!UNKNOWN_SYNC.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** One `write` call takes at most 2 GiB on Linux. */
const PIECE_BYTES = 64 * 1024 * 1024;

/** Writes all bytes: a single `write` may take a part of them, as where a disk fills up. @param at place; absent: the current one */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, at?: number): Promise<void> {
  for (let start = 0; start < bytes.length; ) {
    const length = Math.min(PIECE_BYTES, bytes.length - start);
    const { bytesWritten } = await handle.write(bytes, start, length, at === undefined ? null : at + start);
    start += bytesWritten;
  }
}

/**
 * Gives a file a second name that nothing else has: of several that try, one succeeds. The first name stays.
 *
 * @returns whether it has the name now; false where another file has it
 */
export async function nameFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!UNKNOWN_LINK.includes(code)) throw error;
    // the drive knows no links: a copy beside, renamed, where nothing has the name yet
    if (await stat(to).catch(() => null)) return false;
    const copy = asideOf(to);
    await copyFile(from, copy);
    await rename(copy, to);
    return true;
  }
}

/**
 * Renames a file over one that may be there. Where the drive refuses that, the old one steps aside first: for a moment
 * there is then none under the name, and a failure brings the old one back.
 */
export async function replaceFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isRefused(error) || !(await stat(to).catch(() => null))?.isFile()) throw error;
    const aside = asideOf(to);
    await rename(to, aside);
    try {
      await rename(from, to);
    } catch (again) {
      await rename(aside, to);
      throw again;
    }
    await rm(aside, { force: true });
  }
}

/** The same at once, for callers that cannot wait. */
export function replaceFileSync(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isRefused(error) || !statSync(to, { throwIfNoEntry: false })?.isFile()) throw error;
    const aside = asideOf(to);
    renameSync(to, aside);
    try {
      renameSync(from, to);
    } catch (again) {
      renameSync(aside, to);
      throw again;
    }
    rmSync(aside, { force: true });
  }
}

function isRefused(error: unknown): boolean {
  return REFUSED_RENAME.includes((error as NodeJS.ErrnoException).code ?? '');
}

function asideOf(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.old`;
}
