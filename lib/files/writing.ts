/**
 * Folders and files that cannot be written, as errors that say what to do.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isFull, PassingError, UserError } from '../core/errors.js';

/**
 * Makes the folder where there is none.
 *
 * @throws UserError if it cannot be made or written to
 */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What a failed attempt to write comes to: {@link PassingError} for a full disk, else {@link UserError}. */
export function unwritable(path: string, error: unknown): UserError {
  const { code: told, message } = error as NodeJS.ErrnoException;
  const code = told === 'ENOENT' ? whyMissing(path) : told;
  if (isFull(error)) {
    return new PassingError(`cannot write "${path}": no space left; make room and run the same command again`);
  }
  const reasons: Record<string, string> = {
    ENOENT: 'no such folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a part of the path is a file, or a link that leads nowhere',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'the name is too long',
  };
  return new UserError(`cannot write "${path}": ${reasons[code ?? ''] ?? message}; give another place`);
}

/** Node.js says ENOENT where the folders above could not be made: what is wrong with the one that they were to be made in. */
function whyMissing(path: string): string {
  let there = dirname(resolve(path));
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return 'ENOENT';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'ENOENT';
  }
}

/** Codes of a disk that fails, wherever it was touched. */
const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ESTALE', 'ENOTCONN'];

/** The error of a disk that is full, read-only or gone as one that says so; null for any other. */
export function diskError(error: unknown): UserError | null {
  const { code = '', syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall !== undefined && DISK_CODES.includes(code) ? unwritable(path ?? syscall, error) : null;
}
