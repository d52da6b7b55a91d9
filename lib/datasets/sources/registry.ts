/** The sources of papers that there are, and which of them `datasets.source` means. */
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { UserError } from '../../core/errors.js';
import { type Beginning, beginningOf, hasEnding, refuseWholeJson } from '../../files/text-format.js';
import { arxivSource } from './arxiv.js';
import { beirSource } from './beir.js';
import { csvSource } from './csv.js';
import { jsonLinesSource } from './json-lines.js';
import { sampleSource } from './sample.js';
import { snapshotSource } from './snapshot.js';
import type { Candidate, DataSource, LocateRequest } from './source.js';

/** In the order in which they are asked. */
const sources: DataSource[] = [sampleSource, arxivSource, snapshotSource, csvSource, jsonLinesSource, beirSource];

/** Those of this package. */
const BUILT_IN = new Set(sources);

/** The source from outside this package that knows the content; the others are asked where it is of papers. */
export function ownSourceOf(candidate: Candidate): DataSource | undefined {
  return sources.find((source) => !BUILT_IN.has(source) && source.recognizes?.(candidate));
}

/**
 * Adds a source, ahead of those that are there.
 *
 * @throws UserError for a name that is taken
 */
export function registerSource(source: DataSource): void {
  if (sources.some(({ name }) => name === source.name)) {
    throw new UserError(`the source "${source.name}" is registered already: give it another name`);
  }
  sources.unshift(source);
}

/** What `--data` takes, as one phrase. */
export function sourceHelp(): string {
  const named = sources.filter(({ locate }) => locate).map(({ name, help }) => `${name} (${help})`);
  return `${named.join(', ')}, or the path of ${sources
    .filter(({ locate }) => !locate)
    .map(({ help }) => help)
    .join(', ')}; or pairs of your own (CSV, TSV, JSON lines, Parquet, a folder of them; see docs/pairs.md)`;
}

/** A source, and the file or folder that it reads. */
export interface LocatedSource {
  source: DataSource;
  path: string;
}

/** Whether `datasets.source` means a source by its name, and not a path. */
export function isNamedSource(setting: string): boolean {
  return sources.some(({ name, locate }) => locate && name === setting);
}

/** @throws UserError if there is nothing to read at the path, or nothing that a source knows */
export async function locateSource(request: LocateRequest): Promise<LocatedSource> {
  const { source: setting, columns } = request.config.datasets;
  const named = sources.find(({ name, locate }) => locate && name === setting);
  if (named?.locate) return { source: named, path: await named.locate(request) };
  const info = await stat(setting).catch(() => null);
  if (!info) {
    const names = sources.filter(({ locate }) => locate).map(({ name }) => `"${name}"`);
    const moved = isAbsolute(setting) ? '; if the data of a run were moved, put a link in their place' : '';
    throw new UserError(`cannot read "${setting}": no such file; expected ${names.join(', ')}, or a path${moved}`);
  }
  const isFolder = info.isDirectory();
  const beginning: Beginning = isFolder ? { lines: [], objects: [] } : await beginningOf(setting);
  const candidate: Candidate = { path: setting, isFolder, beginning, columns };
  return { source: recognized(candidate), path: setting };
}

function recognized(candidate: Candidate): DataSource {
  const { path, isFolder, beginning } = candidate;
  const byContent = sources.find((source) => source.recognizes?.(candidate));
  if (byContent) return byContent;
  if (isFolder) throw new UserError(`"${path}" is a folder without corpus.jsonl: expected a BEIR folder, or a file`);
  const byName = sources.find(({ endings = [] }) => hasEnding(path, endings));
  if (byName !== csvSource) refuseWholeJson(path, beginning);
  // A file of something else is read as a snapshot, whose errors say what was expected.
  return byName ?? snapshotSource;
}
