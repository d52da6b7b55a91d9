/**
 * Step 1 with its result kept on disk, so that the steps after it need not read the source again: a snapshot of arXiv
 * takes minutes, its papers of a few topics a second. Kept as JSON lines, gzip: what cleaning found, then a paper a line.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Config } from '../../config/config.js';
import type { MessageEvent, Reporting } from '../../core/events.js';
import type { CleaningCounts } from '../../datasets/cleaning/counts.js';
import { type Dataset, loadDataset } from '../../datasets/dataset.js';
import type { Collection, PairDocument } from '../../datasets/pairs/pair.js';
import type { SplitPaper } from '../../datasets/paper.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { openBytes } from '../../files/open.js';
import { keep } from './keep.js';

const PAPERS_A_PIECE = 2000;

interface Header {
  cleaning: CleaningCounts;
  /** Remarks on the source, made again whenever its papers are taken from here. */
  messages: MessageEvent[];
  papers: number;
  /** Of pairs; their documents come behind the papers. */
  collection?: Omit<Collection, 'documents'> & { documents: number };
}

/** {@link loadDataset}, or what it gave before under the same key. */
export async function storedDataset(config: Config, key: string, reporting: Reporting = {}): Promise<Dataset> {
  const folder = join(config.cache, 'datasets');
  const path = join(folder, `${key}.jsonl.gz`);
  const stored = await read(path, reporting).catch(() => null);
  if (stored) return stored;
  const messages: MessageEvent[] = [];
  const dataset = await loadDataset(config, {
    ...reporting,
    onMessage(event) {
      if (event.level === 'warning') messages.push(event);
      reporting.onMessage?.(event);
    },
  });
  await keep(`papers in ${folder}`, reporting, async () => {
    // The texts may be private, on a machine that others use as well.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, pieces(dataset, messages), { mode: 0o600 });
  });
  return dataset;
}

function* pieces({ papers, cleaning, collection }: Dataset, messages: MessageEvent[]): Iterable<Uint8Array> {
  const documents = collection?.documents ?? [];
  const header: Header = {
    cleaning,
    messages,
    papers: papers.length,
    ...(collection && { collection: { ...collection, documents: documents.length } }),
  };
  yield gzipSync(`${JSON.stringify(header)}\n`);
  for (const items of [papers, documents]) {
    for (let start = 0; start < items.length; start += PAPERS_A_PIECE) {
      const lines = items.slice(start, start + PAPERS_A_PIECE).map((item) => JSON.stringify(item));
      yield gzipSync(`${lines.join('\n')}\n`);
    }
  }
}

/** @returns null for a file that does not hold all its papers; throws where there is none */
async function read(path: string, { onMessage }: Reporting): Promise<Dataset | null> {
  const { chunks } = await openBytes(path);
  const papers: SplitPaper[] = [];
  const documents: PairDocument[] = [];
  let header: Header | undefined;
  for await (const line of createInterface({ input: Readable.from(chunks), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (header && papers.length < header.papers) papers.push(JSON.parse(line) as SplitPaper);
    else if (header) documents.push(JSON.parse(line) as PairDocument);
    else header = JSON.parse(line) as Header;
  }
  const { collection } = header ?? {};
  if (!header || header.papers !== papers.length || (collection?.documents ?? 0) !== documents.length) return null;
  for (const message of header.messages) onMessage?.(message);
  return { papers, cleaning: header.cleaning, ...(collection && { collection: { ...collection, documents } }) };
}

/** Names papers by what later steps read of them. */
export function papersFingerprint(papers: readonly SplitPaper[]): string {
  const hash = createHash('sha256');
  for (const { id, title, abstract, topic, role, split } of papers) {
    hash.update(`${id}\0${title}\0${abstract}\0${topic}\0${role}\0${split}\n`);
  }
  return hash.digest('hex').slice(0, 24);
}
