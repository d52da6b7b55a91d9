/** Reads title, abstract and categories from a metadata snapshot. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../../lib/core/errors.js';

export const DEFAULT_SNAPSHOT = 'data/sample-corpus.jsonl.gz';

/** What the statistics need of a record. */
export interface TextRecord {
  title: string;
  abstract: string;
  categories: string;
}

/** Reads a snapshot, plain or gzip; blanks folded. @throws UserError where the file is absent or a line is not JSON */
export function readRecords(path: string): TextRecord[] {
  if (!existsSync(path)) throw new UserError(`no file ${path}; give a metadata snapshot with --data FILE`);
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const fold = (value: string): string => value.replace(/\s+/g, ' ').trim();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, index) => {
      try {
        const { title, abstract, categories } = JSON.parse(line) as TextRecord;
        return { title: fold(title), abstract: fold(abstract), categories };
      } catch {
        throw new UserError(`${path}: line ${index + 1} is not a record with title, abstract and categories`);
      }
    });
}
