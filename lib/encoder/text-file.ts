/**
 * The texts of a file: one a line, or .jsonl with `text` and optionally `id`. Read as a stream, for a file may be longer
 * than a string can be.
 */
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.js';

export interface TextFile {
  texts: string[];
  /** Null where no line has an id; a line without one among others goes by its number, from 0. */
  ids: string[] | null;
}

interface TextLine {
  text: string;
  id?: string | undefined;
}

/** @throws UserError for a missing or empty file, and naming the line that is not what it should be */
export async function readTextFile(path: string): Promise<TextFile> {
  const parse = extname(path) === '.jsonl' ? jsonLine : plainLine;
  const texts: string[] = [];
  const ids: (string | undefined)[] = [];
  for await (const line of linesOf(path)) {
    const { text, id } = parse(line, `${path}:${texts.length + 1}`);
    texts.push(text);
    ids.push(id);
  }
  if (texts.length === 0) throw new UserError(`${path} has no texts: expected one a line`);
  return { texts, ids: ids.some((id) => id !== undefined) ? ids.map((id, i) => id ?? String(i)) : null };
}

function plainLine(line: string, place: string): TextLine {
  if (line.trim() === '') throw new UserError(`${place} is empty: expected a text on every line; remove the line`);
  return { text: line };
}

const lineSchema = z.looseObject({ text: z.string(), id: z.union([z.string(), z.number()]).optional() });

function jsonLine(line: string, place: string): TextLine {
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

/** At line feeds alone: `readline` also breaks at U+2028, which texts hold. */
async function* linesOf(path: string): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
  let begun = '';
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      const lines = (begun + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      begun = lines.pop() as string;
      for (const line of lines) yield withoutReturn(line);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read ${path}: ${code ?? message}; give an existing file with --input`);
  }
  begun += decoder.decode();
  if (begun !== '') yield withoutReturn(begun);
}
