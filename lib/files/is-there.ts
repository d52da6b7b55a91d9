/** Whether there is something at a path. */
import { access } from 'node:fs/promises';

/** Follows links: one that leads nowhere counts as missing. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
