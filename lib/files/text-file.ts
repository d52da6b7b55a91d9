/**
 * The texts of a file: one a line; JSON lines with `text`, and optionally `title` and `id`; or a CSV or TSV with such
 * columns. Which of them, the content tells (see text-format.ts).
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { csvRows, isRoundedNumber } from './csv.js';
import { jsonObjectOf } from './json.js';
import { beginningOf, hasEnding, looksLikeTable, refuseWholeJson } from './text-format.js';
import { textLines } from './text-lines.js';

export interface TextFile {
  texts: string[];
  /** Null where no text has one. */
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
  for await (const { text, id } of checkedEntries(path)) {
    texts.push(text);
    ids.push(id);
  }
  return { texts, ids: ids.every((id) => id !== undefined) ? ids : null };
}

/** A file of texts as a whole, without its texts. */
export interface TextFileSummary {
  texts: number;
  /** Whether some line has an id. */
  hasIds: boolean;
  /** SHA-256 over all texts and ids: the same for the same content, whatever the format and compression. */
  digest: string;
}

/** Reads all of a file and keeps none of it. @throws UserError as {@link readTextFile} */
export async function summarizeTextFile(path: string): Promise<TextFileSummary> {
  const hash = createHash('sha256');
  let texts = 0;
  let hasIds = false;
  for await (const { text, id } of checkedEntries(path)) {
    hash.update(`${JSON.stringify(id === undefined ? [text] : [text, id])}\n`);
    hasIds ||= id !== undefined;
    texts++;
  }
  return { texts, hasIds, digest: hash.digest('hex') };
}

/** Some of the texts of a file that {@link summarizeTextFile} has read: those whose number, from 0, is wanted. */
export async function readSomeTexts(
  path: string,
  wants: (row: number) => boolean,
): Promise<TextFile & { ids: string[] }> {
  const texts: string[] = [];
  const ids: string[] = [];
  let row = 0;
  for await (const { text, id } of await entriesOf(path)) {
    if (wants(row)) {
      texts.push(text);
      ids.push(id ?? String(row));
    }
    row++;
  }
  return { texts, ids };
}

/** The entries of a file, of which there must be one: all with an id, each once, or none with one. */
async function* checkedEntries(path: string): AsyncGenerator<TextEntry> {
  const ids = new Set<string>();
  let row = 0;
  for await (const entry of await entriesOf(path)) {
    const { id, line } = entry;
    if (row > 0 && (id === undefined) !== (ids.size === 0)) {
      const [here, before] = id === undefined ? ['no id', 'have one'] : [`the id "${id}"`, 'have none'];
      throw new UserError(
        `${path}:${line} has ${here}, and the texts before it ${before}: give every text an id, or none`,
      );
    }
    if (id !== undefined) {
      if (ids.has(id)) {
        throw new UserError(`${path}:${line}: the id "${id}" occurs twice: ids must be unique; mend or remove one`);
      }
      ids.add(id);
    }
    yield entry;
    row++;
  }
  if (row === 0) throw new UserError(`${path} has no texts: expected one a line`);
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
