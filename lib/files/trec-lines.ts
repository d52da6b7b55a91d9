/** What files of runs and judgements have in common: ids as fields, lines that are wrong, files without any. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.js';
import { writeFileAtomic } from './atomic-file.js';

/** Writes lines, each with its line feed, and makes the folder. */
export async function writeLines(file: string, lines: string[]): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, lines.join(''));
}

/**
 * Ids as the format can hold them. It separates by white space and has no way to quote it: white space is written as in
 * addresses ("%20"), and an id that then reads like another one is refused, so that no two become one.
 */
export function idWriter(): (id: string) => string {
  const escaped = new Map<string, string>();
  const plain = new Set<string>();
  return (id) => {
    if (id === '')
      throw new UserError('an empty id cannot be written to a TREC file: give every query and document one');
    const written = id.replace(/\s/g, (space) =>
      Array.from(Buffer.from(space), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
    if (written === id) plain.add(id);
    else escaped.set(written, id);
    if (plain.has(written) && escaped.has(written)) {
      throw new UserError(
        `the ids "${escaped.get(written)}" and "${written}" are the same in a TREC file, which holds no white space: rename one`,
      );
    }
    return written;
  };
}

/** @throws UserError for a file without a line of content */
export function notEmpty<T>(table: Map<string, T>, file: string): Map<string, T> {
  if (table.size === 0) throw new UserError(`"${file}" has no line to read: expected at least one`);
  return table;
}

/** The error for a line that is not of the format. */
export function badLine(file: string, line: number, text: string, expected: string): UserError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new UserError(`"${file}" line ${line}: expected ${expected}, got "${shown}"`);
}
