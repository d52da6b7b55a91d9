/**
 * The end of a fetch: its stored pages as one snapshot file, each paper once.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError, WorkError } from '../../core/errors.js';
import { replaceFile } from '../../files/lasting.js';
import { prepareFolder, unwritable } from '../../files/writing.js';
import { isWithdrawn } from '../cleaning/rules.js';
import { recordOfLine } from '../snapshot/record-of-line.js';
import type { FetchResult } from './options.js';
import type { PageSlice, PageStore } from './page-store.js';

type Counts = Omit<FetchResult, 'path' | 'requests'>;

/** Writes each paper of the pages once, in the order of the pages; the file appears when it is whole. */
export async function assemble(out: string, pages: readonly PageSlice[], store: PageStore): Promise<Counts> {
  const counts: Counts = { papers: 0, withdrawn: 0, repeated: 0, deleted: 0, malformed: 0 };
  const path = resolve(out);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  await prepareFolder(dirname(path));
  try {
    await pipeline(Readable.from(linesOf(pages, store, counts)), createWriteStream(temporary));
    await replaceFile(temporary, path);
  } catch (error) {
    throw error instanceof UserError ? error : unwritable(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
  return counts;
}

async function* linesOf(pages: readonly PageSlice[], store: PageStore, counts: Counts): AsyncGenerator<string> {
  const written = new Set<string>();
  for (const { name, rows } of pages) {
    const page = await store.read<{ malformed: string[]; deleted?: number }>(name);
    if (!page) throw new WorkError('a stored page has vanished; run the same command again, it asks for it anew');
    counts.malformed += page.meta.malformed.length;
    counts.deleted += page.meta.deleted ?? 0;
    let text = '';
    for (const line of page.lines.slice(0, rows)) {
      const record = recordOfLine(line);
      if (written.has(record.id)) {
        counts.repeated++;
        continue;
      }
      written.add(record.id);
      if (isWithdrawn(record)) {
        counts.withdrawn++;
        continue;
      }
      counts.papers++;
      text += `${line}\n`;
    }
    if (text !== '') yield text;
  }
}
