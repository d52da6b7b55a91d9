/** Reads JSON files; every problem is one line that names the file and, where it has one, the field. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { z } from 'zod';
import { UserError } from '../core/errors.js';
import { jsonProblem, parseJson } from './json.js';
import { openText } from './open.js';
import { textProblem } from './text-lines.js';

/** Bytes of the longest text that is read as a whole; tokenizers have up to 30 MB. */
const MAX_TEXT_BYTES = 256 * 2 ** 20;

/**
 * The whole of a text file, whatever its compression and encoding, checked as UTF-8.
 *
 * @throws UserError if it is missing, empty, too large or, naming the line, no text
 */
export async function readText(path: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await openText(path)).chunks) {
    size += chunk.length;
    if (size > MAX_TEXT_BYTES) {
      throw new UserError(`"${path}" is over ${MAX_TEXT_BYTES / 2 ** 20} MiB: expected a smaller file; check the path`);
    }
    parts.push(chunk);
  }
  const bytes = Buffer.concat(parts);
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(10, start);
    const problem = textProblem(bytes.subarray(start, end < 0 ? bytes.length : end));
    if (problem !== null) {
      throw new UserError(`"${path}" line ${line}: ${problem}; save the file as UTF-8 text and try again`);
    }
    start = end + 1;
  }
}

/** The JSON value of a small file at once, for callers that cannot wait. @param fix as for {@link readJsonFile} */
export function readJsonValueSync(path: string, fix: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`could not read ${path} (${(error as NodeJS.ErrnoException).code}): ${fix}`);
  }
  const problem = textProblem(bytes);
  if (problem !== null) throw new UserError(`${path}: ${problem}; ${fix}`);
  return parsedFile(path, bytes.toString('utf8').replace(/^\uFEFF/, ''), fix);
}

function parsedFile(path: string, text: string, fix: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError(`${path} can't be read as JSON (${jsonProblem(error)}): ${fix}`);
  }
}

/** The JSON value of a file. @param fix as for {@link readJsonFile} */
export async function readJsonValue(path: string, fix: string): Promise<unknown> {
  await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`could not read ${path} (${error.code}): ${fix}`);
  });
  return parsedFile(path, await readText(path), fix);
}

/**
 * @param fix what to do about a missing or broken file, as the end of a sentence: "download the model again"
 * @throws UserError where the file is missing, is not JSON, or does not fit the schema
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, fix: string): Promise<T> {
  return checkJson(path, await readJsonValue(path, fix), schema, fix);
}

/** As {@link readJsonFile}, of what was read already. */
export function checkJson<T>(path: string, value: unknown, schema: z.ZodType<T>, fix: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  let found = value;
  for (const key of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const where = issue.path.length > 0 ? `${issue.path.join('.')} = ${JSON.stringify(found)}` : 'the file';
  throw new UserError(`${path}: ${where}: ${issue.message.replace(/^Invalid input: /, '')}; ${fix}`);
}
