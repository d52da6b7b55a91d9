/**
 * Reads a metadata snapshot as a stream of records. Lines of papers of other categories are skipped before they are
 * parsed.
 */
import type { Reporting } from '../../core/events.js';
import { emptyCounts, type ReadCounts, readJsonLines } from '../json-lines.js';
import type { SourceRecord } from '../record.js';
import { CategoryFilter } from './category-filter.js';
import { recordOfLine } from './record-of-line.js';

export interface SnapshotOptions {
  /** Whether papers of this primary category are wanted. */
  isWanted: (primaryCategory: string) => boolean;
  /** A malformed line ends the reading with an error that names it. */
  strict: boolean;
}

/**
 * The wanted records of a snapshot (.json, .jsonl; plain, gzip or zip), in the order of the file.
 *
 * @param counts receives what was met on the way
 * @throws UserError if the file cannot be read, or under `strict` at the first malformed line
 */
export function readSnapshot(
  path: string,
  options: SnapshotOptions,
  counts: ReadCounts = emptyCounts(),
  reporting: Reporting = {},
): AsyncGenerator<SourceRecord> {
  const filter = new CategoryFilter(options.isWanted);
  return readJsonLines(
    path,
    { ...options, toRecord: recordOfLine, unwantedLine: (buffer, start, end) => filter.unwanted(buffer, start, end) },
    counts,
    reporting,
  );
}
