/** Reads a JSON file of known shape; every problem is one line that names the file and, where it has one, the field. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { UserError } from '../core/errors.js';

/**
 * @param fix what to do about a missing or broken file, as the end of a sentence: "download the model again"
 * @throws UserError where the file is missing, is not JSON, or does not fit the schema
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, fix: string): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`could not read ${path} (${(error as NodeJS.ErrnoException).code}): ${fix}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON (${(error as Error).message}): ${fix}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  let found = value;
  for (const key of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const where = issue.path.length > 0 ? `${issue.path.join('.')} = ${JSON.stringify(found)}` : 'the file';
  throw new UserError(`${path}: ${where}: ${issue.message.replace(/^Invalid input: /, '')}; ${fix}`);
}
