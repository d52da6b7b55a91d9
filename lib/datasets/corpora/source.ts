/**
 * Tells what kind of corpus a path is and reads it: a metadata snapshot, or the reader's own CSV, JSON lines, or
 * folder in the layout of the BEIR benchmark (corpus.jsonl with _id, title and text; Thakur et al., 2021,
 * arXiv:2104.08663).
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { openBytes } from '../../files/open.js';
import { objectOfLine, type ReadCounts, readJsonLines } from '../json-lines.js';
import type { SourceRecord } from '../record.js';
import { readSnapshot } from '../snapshot/read.js';
import type { Topic, TopicLookup } from '../topics.js';
import { type Columns, DEFAULT_COLUMNS, recordOfRow, WHOLE_CORPUS } from './columns.js';
import { readCsv } from './csv.js';

/** "snapshot" is arXiv's; the others are the reader's own. */
export type SourceKind = 'snapshot' | 'csv' | 'jsonl' | 'beir';

export interface Source {
  kind: SourceKind;
  /** The file that is read. */
  path: string;
}

/** @throws UserError if there is nothing to read at the path */
export async function openSource(path: string, columns: Columns): Promise<Source> {
  if (existsSync(path) && statSync(path).isDirectory()) return { kind: 'beir', path: corpusOfFolder(path) };
  if (/\.(csv|tsv)(\.gz|\.zip)?$/i.test(path)) return { kind: 'csv', path };
  const isOwn = Object.entries(columns).some(([name, value]) => value !== DEFAULT_COLUMNS[name as keyof Columns]);
  return { kind: isOwn || !(await looksLikeSnapshot(path)) ? 'jsonl' : 'snapshot', path };
}

function corpusOfFolder(folder: string): string {
  const found = ['corpus.jsonl', 'corpus.jsonl.gz'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found) return found;
  throw new UserError(`"${folder}" is a folder without corpus.jsonl: expected a BEIR folder, or the path of a file`);
}

/** The records of a source, and the topics that they can have. */
export function readSource(
  source: Source,
  options: { strict: boolean; columns: Columns; lookup: TopicLookup },
  counts: ReadCounts,
  reporting: Reporting,
): AsyncGenerator<SourceRecord> {
  const { strict, columns } = options;
  const isWanted = (topic: string): boolean => options.lookup(topic) !== null;
  if (source.kind === 'snapshot') return readSnapshot(source.path, { strict, isWanted }, counts, reporting);
  if (source.kind === 'csv') return readCsv(source.path, { strict, columns, isWanted }, counts, reporting);
  const toRecord = (text: string, line: number): SourceRecord => recordOfRow(objectOfLine(text), columns, line);
  return readJsonLines(source.path, { strict, toRecord, isWanted }, counts, reporting);
}

/** The only topic of a corpus whose rows name none. */
export function wholeCorpusTopics(source: Source, columns: Columns): Topic[] | null {
  return source.kind === 'snapshot' || columns.topic !== null ? null : [{ name: WHOLE_CORPUS, role: 'main' }];
}

/** Bytes looked at; the first lines of any snapshot are among them. */
const LOOK = 2 ** 18;

/** Whether one of the first lines is a record of a snapshot. A file of something else counts as one, for its errors. */
async function looksLikeSnapshot(path: string): Promise<boolean> {
  let text = '';
  for await (const chunk of (await openBytes(path)).chunks) {
    text += chunk.toString('utf8');
    if (text.length >= LOOK) break;
  }
  const objects = text.split('\n').slice(0, 20).flatMap(parsed);
  return objects.length === 0 || objects.some((object) => 'categories' in object);
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    return [objectOfLine(line.replace(/^\uFEFF/, ''))];
  } catch {
    return [];
  }
}
