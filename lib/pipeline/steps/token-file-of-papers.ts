/**
 * Step 2 for papers whose texts lie in a file: their token ids go to one too, and a process that was stopped is continued
 * by the next. As in stored-tokens.ts the ids are whole, so that another limit costs nothing.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassingError, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { acquireLock, LockedError } from '../../files/lock.js';
import { TokenFile } from '../../tokens/token-file.js';
import type { TokenizedPaper } from '../../tokens/token-statistics.js';
import { tokenizeAhead, workersWorthStarting } from '../../tokens/tokenize.js';
import { tokenizerHash } from './stored-tokens.js';

/** Papers of a block: some MB. */
const PAPERS_A_BLOCK = 2048;
/** Papers from whose texts it is judged whether threads are worth starting. */
const JUDGED_PAPERS = 5000;

export interface TokenFileOptions extends Reporting {
  /** Names the papers and what is done to their texts. */
  key: string;
  /** The texts of a paper, as the tokenizer gets them. */
  textsOf(place: number): { title: string; abstract: string };
  /** Folder of the file; safe to delete. */
  cache: string;
  /** Worker threads; absent: as many as pay off. */
  workers?: number;
}

/** @param folder with tokenizer.json */
export async function tokenFileOfPapers(folder: string, papers: number, options: TokenFileOptions): Promise<TokenFile> {
  const { cache, key } = options;
  // tokens tell the texts as well as letters do
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const name = createHash('sha256')
    .update(`${await tokenizerHash(folder)} ${key}`)
    .digest('hex')
    .slice(0, 24);
  const path = join(cache, `${name}.tokens`);
  const release = await locked(path, options);
  try {
    const file = TokenFile.open(path, papers);
    if (file.done < papers) await fillUp(file, folder, options);
    return file;
  } finally {
    await release();
  }
}

async function fillUp(file: TokenFile, folder: string, options: TokenFileOptions): Promise<void> {
  const { textsOf, signal, onProgress } = options;
  const first = file.done;
  const bothOf = (place: number): string[] => {
    const { title, abstract } = textsOf(place);
    return [title, abstract];
  };
  // title, abstract, title, abstract: read from the file when their turn comes
  const texts = {
    length: 2 * (file.papers - first),
    slice: (from: number, to: number): string[] =>
      placesBetween(first + from / 2, Math.min(file.papers, first + to / 2)).flatMap(bothOf),
  };
  const judged = placesBetween(first, Math.min(file.papers, first + JUDGED_PAPERS)).flatMap(bothOf);
  const workers = options.workers ?? (await workersWorthStarting(folder, judged));
  let block: TokenizedPaper[] = [];
  try {
    for await (const { ids } of tokenizeAhead(folder, texts, undefined, { workers, ...(signal && { signal }) })) {
      for (let i = 0; i < ids.length; i += 2) {
        block.push({ title: ids[i] as Int32Array, abstract: ids[i + 1] as Int32Array });
      }
      if (block.length >= PAPERS_A_BLOCK) {
        file.append(block);
        block = [];
      }
      onProgress?.({ task: 'tokenizing', done: file.done + block.length, total: file.papers, unit: 'papers' });
    }
  } finally {
    // what was made before an interruption is kept
    if (block.length > 0) file.append(block);
    file.flush();
  }
}

function placesBetween(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Milliseconds: longer than anybody tokenizes. */
const LONGEST_WAIT = 24 * 3600 * 1000;

/** Two processes would write each other's blocks; the second waits, and finds the work done. */
async function locked(path: string, { signal, onMessage }: Reporting): Promise<() => Promise<void>> {
  try {
    return await acquireLock(path, {
      wait: LONGEST_WAIT,
      signal,
      onWait: (owner) =>
        onMessage?.({ level: 'info', text: `the same papers are tokenized by ${owner}: waiting for it` }),
    });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new UserError(`the same papers are tokenized by ${error.owner}: wait for it, or end it`, {
      cause: new PassingError(error.message),
    });
  }
}
