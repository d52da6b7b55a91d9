/**
 * Answered pages on disk, each under the name of its request. A listing that runs again asks the store first, so that a
 * killed fetch continues at the first page it lacks, and one that was finished today needs no request at all: arXiv's
 * results change once a day.
 *
 * Layout: FOLDER/current.json names the generation in use; FOLDER/GENERATION/ holds its pages. A refresh, or a fetch on
 * a later day than the finished one, starts a new generation. An unfinished one is continued, unless a refresh finds
 * that it was begun on an earlier day.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { changeGuarded } from '../../files/guarded-file.js';
import { prepareFolder } from '../../files/writing.js';

/** A stored page: what the listing needs to continue, and the papers as lines of the snapshot. */
export interface StoredPage<Meta> {
  meta: Meta;
  lines: string[];
}

/** The first `rows` papers of a stored page. */
export interface PageSlice {
  name: string;
  rows: number;
}

interface CurrentState {
  generation: string;
  /** UTC day on which the fetch was begun. */
  begun: string;
  /** UTC day on which the fetch was finished; null while it is not. */
  finished: string | null;
}

export class PageStore {
  private constructor(
    private readonly folder: string,
    private readonly generation: string,
  ) {}

  /**
   * @param folder of this very query; made where it does not exist
   * @param today UTC day, YYYY-MM-DD
   * @param refresh asks again even if the fetch was finished today
   */
  static async open(folder: string, today: string, refresh: boolean): Promise<PageStore> {
    await prepareFolder(folder);
    const generation = await changeGuarded<CurrentState, string>(join(folder, 'current.json'), (state) => {
      if (state && canGoOn(state, today, refresh)) return { result: state.generation };
      // Counted, because a day can have several refreshes.
      const next = String(Number(state?.generation ?? 0) + 1);
      return { state: { generation: next, begun: today, finished: null }, result: next };
    });
    await mkdir(join(folder, generation), { recursive: true });
    return new PageStore(folder, generation);
  }

  /** The page of a request, or null if it was never answered; a damaged file counts as none. */
  async read<Meta>(request: string): Promise<StoredPage<Meta> | null> {
    try {
      const text = await readFile(this.path(request), 'utf8');
      const [head, ...lines] = text.split('\n').slice(0, -1);
      const { request: stored, meta, count } = JSON.parse(head ?? '') as { request: string; meta: Meta; count: number };
      return stored === request && count === lines.length ? { meta, lines } : null;
    } catch {
      return null;
    }
  }

  async write<Meta>(request: string, page: StoredPage<Meta>): Promise<void> {
    const head = JSON.stringify({ request, meta: page.meta, count: page.lines.length });
    // Not flushed to the disk: a file that a power failure cut off is noticed when it is read.
    const text = `${[head, ...page.lines].join('\n')}\n`;
    await writeFileAtomic(this.path(request), text, { flush: false });
  }

  /** Forgets the pages of this generation: its listing has to begin again. */
  async clear(): Promise<void> {
    const folder = join(this.folder, this.generation);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }

  /** Notes that all pages are there, and removes older generations. */
  async finish(today: string): Promise<void> {
    await changeGuarded<CurrentState, void>(join(this.folder, 'current.json'), (state) =>
      state?.generation === this.generation
        ? { state: { ...state, finished: state.finished ?? today }, result: undefined }
        : { result: undefined },
    );
    for (const name of await readdir(this.folder)) {
      if (/^\d+$/.test(name) && Number(name) < Number(this.generation)) {
        await rm(join(this.folder, name), { recursive: true, force: true });
      }
    }
  }

  private path(request: string): string {
    const name = createHash('sha256').update(request).digest('hex').slice(0, 32);
    return join(this.folder, this.generation, `${name}.jsonl`);
  }
}

/** Whether the generation serves a fetch of today. */
function canGoOn(state: CurrentState, today: string, refresh: boolean): boolean {
  if (state.finished === null) return !refresh || state.begun === today;
  return state.finished === today && !refresh;
}
