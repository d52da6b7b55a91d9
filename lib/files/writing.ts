/**
 * Folders and files that cannot be written, as errors that say what to do.
 */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
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
  const { code, message } = error as NodeJS.ErrnoException;
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

/** Codes of a disk that fails, wherever it was touched. */
const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ESTALE', 'ENOTCONN'];

/** The error of a disk that is full, read-only or gone as one that says so; null for any other. */
export function diskError(error: unknown): UserError | null {
  const { code = '', syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall !== undefined && DISK_CODES.includes(code) ? unwritable(path ?? syscall, error) : null;
}
