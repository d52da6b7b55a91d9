/**
 * The texts of a file: one a line; JSON lines with `text`, and optionally `title` and `id`; or a CSV or TSV with such
 * columns. Which of them, the content tells (see text-format.ts).
 */
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { csvRows, isRoundedNumber } from './csv.js';
import { jsonObjectOf } from './json.js';
import { beginningOf, hasEnding, looksLikeTable, refuseWholeJson } from './text-format.js';
import { textLines } from './text-lines.js';

export interface TextFile {
  texts: string[];
  /** Null where no line has an id; a line without one among others goes by its number, from 0. */
  ids: string[] | null;
}

/** A text as a line or row has it. */
interface TextEntry {
  text: string;
  id: string | undefined;
  line: number;
}

/** @throws UserError for a missing or empty file, an id twice, and naming the line that is not what it should be */
export async function readTextFile(path: string): Promise<TextFile> {
  const texts: string[] = [];
  const ids: (string | undefined)[] = [];
  const lineOfId = new Map<string, number>();
  for await (const { text, id, line } of await entriesOf(path)) {
    const name = id ?? String(texts.length);
    const earlier = lineOfId.get(name);
    if (earlier !== undefined && (id !== undefined || ids[earlier] !== undefined)) {
      throw new UserError(`${path}:${line}: the id "${name}" occurs twice: ids must be unique; mend or remove one`);
    }
    lineOfId.set(name, texts.length);
    texts.push(text);
    ids.push(id);
  }
  if (texts.length === 0) throw new UserError(`${path} has no texts: expected one a line`);
  return { texts, ids: ids.some((id) => id !== undefined) ? ids.map((id, i) => id ?? String(i)) : null };
}

async function entriesOf(path: string): Promise<AsyncGenerator<TextEntry>> {
  const beginning = await beginningOf(path);
  if (hasEnding(path, ['.csv', '.tsv'])) return tableEntries(path);
  refuseWholeJson(path, beginning);
  if (hasEnding(path, ['.jsonl', '.ndjson', '.json']) || beginning.objects.length > 0) return jsonEntries(path);
  return looksLikeTable(beginning) ? tableEntries(path) : plainEntries(path);
}

async function* plainEntries(path: string): AsyncGenerator<TextEntry> {
  for await (const { text, line } of textLines(path, { keepBlank: true })) {
    if (text.trim() === '') {
      throw new UserError(`${path}:${line} is empty: expected a text on every line; remove the line`);
    }
    yield { text, id: undefined, line };
  }
}

const idSchema = z.union([z.string().min(1), z.int()]).nullish();
const lineSchema = z.looseObject({ text: z.string(), title: z.string().nullish(), id: idSchema, _id: idSchema });

async function* jsonEntries(path: string): AsyncGenerator<TextEntry> {
  for await (const { text: content, line } of textLines(path)) {
    const object = jsonObjectOf(content);
    if (typeof object === 'string')
      throw new UserError(`${path}:${line}: ${object}; expected {"text": ..., "id": ...}`);
    const parsed = lineSchema.safeParse(object);
    if (!parsed.success) {
      const { path: [field] = [] } = parsed.error.issues[0] as z.core.$ZodIssue;
      if (field === 'id' || field === '_id') {
        throw new UserError(`${path}:${line}: expected an "${field}" that is a string or a whole number`);
      }
      throw new UserError(`${path}:${line}: expected an object with a string "text", and an "id" if you like`);
    }
    const { text, title, id, _id } = parsed.data;
    const name = id ?? _id;
    yield entry(path, line, '"text"', title, text, name == null ? undefined : String(name));
  }
}

async function* tableEntries(path: string): AsyncGenerator<TextEntry> {
  let column = 'text';
  const checkHeader = (header: string[]): void => {
    if (!header.includes(column)) column = 'abstract';
    if (header.includes(column)) return;
    const found = header.map((name) => `"${name}"`).join(', ');
    throw new UserError(`${path} has no column "text" or "abstract": it has ${found}; name one of them so`);
  };
  for await (const { values, line } of csvRows(path, { checkHeader })) {
    const id = values.id ?? values._id;
    if (id !== undefined && isRoundedNumber(id)) {
      throw new UserError(`${path}:${line}: the id ${id} was rounded by a spreadsheet: save that column as text`);
    }
    yield entry(path, line, column, values.title, values[column] as string, id);
  }
}

/** Title and text are one text, as in BEIR. */
function entry(
  path: string,
  line: number,
  field: string,
  title: string | null | undefined,
  text: string,
  id: string | undefined,
): TextEntry {
  const whole = title ? `${title} ${text}` : text;
  if (whole.trim() === '') throw new UserError(`${path}:${line} has an empty ${field}: remove the line`);
  return { text: whole, id: id === '' ? undefined : id, line };
}
