/** Writing to a cache: where it fails, as on a full disk, the work continues with what it has. */
import type { Reporting } from '../../core/events.js';

/** @param what is kept, and where: "token ids in data/cache/tokens" */
export async function keep(what: string, { onMessage }: Reporting, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onMessage?.({ level: 'warning', text: `could not keep ${what}, so they are made again next time: ${reason}` });
  }
}
