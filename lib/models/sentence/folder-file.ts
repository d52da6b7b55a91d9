/** Files of a sentence-transformers folder, most of which may be absent. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { readJsonFile } from '../../files/json-file.js';

/** A JSON file of the folder; null if it is not there. @throws UserError where it is something else */
export async function readOptional<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | null> {
  const path = join(folder, name);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? readJsonFile(path, schema, 'copy or download the model again') : null;
}

/** Says that a model asks for what nothing here computes. */
export function refuse(path: string, what: string, expected: string): never {
  throw new UserError(`${path}: ${what} is not supported: expected ${expected}`);
}
