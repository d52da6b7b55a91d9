/** A step of the set-up that failed: one message with what happened and what to do about it. */
export class SetupFailure extends Error {
  override name = 'SetupFailure';
}

/** Turns the errors of a full disk into a message; others pass. */
export function explainDiskErrors(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new SetupFailure(
      `cannot write to ${folder} (${code}): make it writable, or set LLM_EMBEDDING_TENSORFLOW to a folder that is`,
    );
  }
  return error;
}

export function diskFull(folder: string): SetupFailure {
  return new SetupFailure(
    `the disk of ${folder} is full: free some space and run it again (finished downloads are kept), or set LLM_EMBEDDING_TENSORFLOW to a folder on another disk`,
  );
}
