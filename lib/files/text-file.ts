/** The texts of a file: one a line, or .jsonl with `text` and optionally `id`; either may be compressed (.gz, .zip). */
import { basename } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { textLines } from './text-lines.js';

export interface TextFile {
  texts: string[];
  /** Null where no line has an id; a line without one among others goes by its number, from 0. */
  ids: string[] | null;
}

interface TextWithId {
  text: string;
  id?: string | undefined;
}

/** @throws UserError for a missing or empty file, and naming the line that is not what it should be */
export async function readTextFile(path: string): Promise<TextFile> {
  if (/^[^.]*\.(gz|zip)$/i.test(basename(path))) {
    throw new UserError(`${path} does not tell what it holds: name it .txt or .jsonl before the .gz or .zip`);
  }
  const parse = /\.jsonl(\.gz|\.zip)?$/i.test(path) ? jsonLine : plainLine;
  const texts: string[] = [];
  const ids: (string | undefined)[] = [];
  for await (const { text: content, line } of textLines(path, { keepBlank: true })) {
    const { text, id } = parse(content, `${path}:${line}`);
    texts.push(text);
    ids.push(id);
  }
  if (texts.length === 0) throw new UserError(`${path} has no texts: expected one a line`);
  return { texts, ids: ids.some((id) => id !== undefined) ? ids.map((id, i) => id ?? String(i)) : null };
}

function plainLine(line: string, place: string): TextWithId {
  if (line.trim() === '') throw new UserError(`${place} is empty: expected a text on every line; remove the line`);
  return { text: line };
}

const lineSchema = z.looseObject({ text: z.string(), id: z.union([z.string(), z.number()]).optional() });

function jsonLine(line: string, place: string): TextWithId {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UserError(`${place} is not JSON: expected {"text": ..., "id": ...}`);
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success)
    throw new UserError(`${place}: expected an object with a string "text", and an "id" if you like`);
  const { text, id } = parsed.data;
  if (text.trim() === '') throw new UserError(`${place} has an empty "text": remove the line`);
  return { text, id: id === undefined ? undefined : String(id) };
}
