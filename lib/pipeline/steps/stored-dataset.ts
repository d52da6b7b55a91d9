/**
 * Step 1 with its result kept on disk, so that the steps after it need not read the source again: a snapshot of arXiv
 * takes minutes, its papers of a few topics a second. Kept as JSON lines, gzip: what cleaning found, then a paper a line.
 * Titles and abstracts of many papers are not in the lines, but in a file beside them (see paper-texts.ts).
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Config } from '../../config/config.js';
import type { MessageEvent, Reporting } from '../../core/events.js';
import type { TextStorage } from '../../datasets/cleaning/collect.js';
import type { CleaningCounts } from '../../datasets/cleaning/counts.js';
import { type Dataset, loadDataset } from '../../datasets/dataset.js';
import type { Collection, PairDocument } from '../../datasets/pairs/pair.js';
import type { SplitPaper } from '../../datasets/paper.js';
import { PaperTexts } from '../../datasets/paper-texts.js';
import { PAPERS_IN_MEMORY, PaperStore, StoredPaper } from '../../datasets/stored-paper.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { openBytes } from '../../files/open.js';
import { papersFingerprint } from '../papers-fingerprint.js';
import { keep } from './keep.js';

const PAPERS_A_PIECE = 2000;

interface Header {
  cleaning: CleaningCounts;
  /** Remarks on the source, made again whenever its papers are taken from here. */
  messages: MessageEvent[];
  papers: number;
  /** Where their texts lie in a file beside this one: the fingerprint of the papers with them. */
  fingerprint?: string;
  /** Of pairs; their documents come behind the papers. */
  collection?: Omit<Collection, 'documents'> & { documents: number };
}

/**
 * {@link loadDataset}, or what it gave before under the same key. The texts of many papers stay in a file beside what is kept, and
 * are read from there.
 *
 * @param papersInMemory how many may have theirs in memory
 */
export async function storedDataset(
  config: Config,
  key: string,
  reporting: Reporting = {},
  papersInMemory: number = PAPERS_IN_MEMORY,
): Promise<Dataset> {
  const folder = join(config.cache, 'datasets');
  const paths = { facts: join(folder, `${key}.jsonl.gz`), texts: join(folder, `${key}.texts`) };
  const stored = await read(paths, reporting).catch(() => null);
  if (stored) return stored;
  const messages: MessageEvent[] = [];
  const listening: Reporting = {
    ...reporting,
    onMessage(event) {
      if (event.level === 'warning') messages.push(event);
      reporting.onMessage?.(event);
    },
  };
  const storage = await newTextStorage(paths.texts, papersInMemory);
  let dataset: Dataset;
  try {
    dataset = await loadDataset(config, listening, {}, storage);
    storage.file()?.keepAs(paths.texts);
  } catch (error) {
    storage.file()?.remove();
    throw error;
  }
  await keep(`papers in ${folder}`, reporting, async () => {
    // The texts may be private, on a machine that others use as well.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(paths.facts, pieces(dataset, messages), { mode: 0o600 });
  });
  return dataset;
}

/** A file that is made once it is needed, under a name of its own until it is whole. */
async function newTextStorage(
  path: string,
  papersInMemory: number,
): Promise<TextStorage & { file(): PaperTexts | undefined }> {
  let file: PaperTexts | undefined;
  await removeAbandoned(path);
  return {
    papersInMemory,
    create() {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      file = PaperTexts.create(`${path}.${randomBytes(6).toString('hex')}.tmp`);
      return file;
    },
    file: () => file,
  };
}

/** A file that nobody has written to for this long is of a process that was killed: it may have gigabytes. */
const ABANDONED_MILLISECONDS = 3_600_000;

async function removeAbandoned(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(`${basename(path)}.`) && one.endsWith('.tmp'))) {
    const found = join(dirname(path), name);
    const { mtimeMs } = await stat(found).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_MILLISECONDS) await rm(found, { force: true });
  }
}

function* pieces({ papers, cleaning, collection }: Dataset, messages: MessageEvent[]): Iterable<Uint8Array> {
  const documents = collection?.documents ?? [];
  const header: Header = {
    cleaning,
    messages,
    papers: papers.length,
    ...(papers[0] instanceof StoredPaper && {
      fingerprint: papersFingerprint(papers),
    }),
    ...(collection && { collection: { ...collection, documents: documents.length } }),
  };
  yield gzipSync(`${JSON.stringify(header)}\n`);
  for (const items of [papers, documents]) {
    for (let start = 0; start < items.length; start += PAPERS_A_PIECE) {
      const lines = items
        .slice(start, start + PAPERS_A_PIECE)
        .map((item) => JSON.stringify(item instanceof StoredPaper ? lineOf(item) : item));
      yield gzipSync(`${lines.join('\n')}\n`);
    }
  }
}

/** A paper without its texts, of which it says where they are. */
function lineOf({ id, topic, role, categories, published, split, place }: StoredPaper): StoredLine {
  return { id, topic, role, categories, published, split, at: [place.start, place.titleBytes, place.abstractBytes] };
}

type StoredLine = Omit<SplitPaper, 'title' | 'abstract' | 'pair'> & {
  at: [start: number, titleBytes: number, abstractBytes: number];
};

/** @returns null for files that do not hold all their papers; throws where there are none */
async function read(path: { facts: string; texts: string }, { onMessage }: Reporting): Promise<Dataset | null> {
  const { chunks } = await openBytes(path.facts);
  const papers: SplitPaper[] = [];
  const documents: PairDocument[] = [];
  let header: Header | undefined;
  let store: PaperStore | undefined;
  for await (const line of createInterface({ input: Readable.from(chunks), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!header) {
      header = JSON.parse(line) as Header;
      if (header.fingerprint) store = new PaperStore(PaperTexts.open(path.texts));
    } else if (papers.length >= header.papers) documents.push(JSON.parse(line) as PairDocument);
    else if (store) papers.push(paperOf(store, JSON.parse(line) as StoredLine));
    else papers.push(JSON.parse(line) as SplitPaper);
  }
  const { collection } = header ?? {};
  if (!header || header.papers !== papers.length || (collection?.documents ?? 0) !== documents.length) return null;
  if (header.fingerprint && header.fingerprint !== papersFingerprint(papers)) return null;
  for (const message of header.messages) onMessage?.(message);
  return { papers, cleaning: header.cleaning, ...(collection && { collection: { ...collection, documents } }) };
}

function paperOf(store: PaperStore, { at: [start, titleBytes, abstractBytes], ...facts }: StoredLine): SplitPaper {
  return store.at({ start, titleBytes, abstractBytes }, facts);
}
